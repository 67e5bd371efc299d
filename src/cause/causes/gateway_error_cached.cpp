#include <fmt/format.h>

#include <algorithm>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

void match_gateway_error_cached(const Scene& scene, std::vector<CauseFinding>& found) {
  if (!scene.route.cached) return;
  const bool good_behind =
      std::ranges::any_of(scene.ways, [](const Way& way) { return way.own != nullptr && answered_well(*way.own); });
  const HttpExchange* bad = scene.bad_answer();
  const bool fails_now = bad != nullptr && good_behind && (scene.seen.stored || scene.route.stores_errors);
  if (!fails_now && !scene.route.stores_errors) return;
  CauseFinding finding = scene.about_gateway("gateway.error-cached", "");
  finding.state = fails_now ? CauseState::present : CauseState::latent;
  finding.signs.push_back({.kind = SignKind::configuration,
                           .text = "its cache is set to keep error answers",
                           .file = finding.place.file,
                           .line = finding.place.line});
  if (scene.seen.stored)
    finding.signs.push_back({.kind = SignKind::machine,
                             .text = fmt::format("the cache holds a {} for this page: {}", scene.seen.stored->status,
                                                 scene.seen.stored->file)});
  if (fails_now) {
    scene.cite_answer(finding);
    for (const auto& way : scene.ways)
      if (way.own != nullptr && answered_well(*way.own)) scene.cite_replay(finding, *way.own);
  }
  for (const auto& setting : scene.route.settings)
    if (setting.directive.ends_with("cache_valid")) finding.place = setting.place;
  finding.certainty = fails_now ? certainty_of(finding.signs) : Certainty::likely;
  finding.mendings.push_back({.kind = MendingKind::cache_no_errors});
  finding.summary =
      fails_now
          ? fmt::format("The gateway serves an error out of its cache although the application answers well ({}).",
                        scene.seen.stored ? scene.seen.stored->file : where(finding.place))
          : std::string(
                "The gateway's cache keeps error answers: one failure would be shown to everybody for as long as it is "
                "kept.");
  found.push_back(std::move(finding));
}

}  // namespace

extern const CauseRule gateway_error_cached{.fault = "gateway.error-cached",
                                            .explains = {"upstream.all-down"},
                                            .of_one_server = false,
                                            .match = match_gateway_error_cached};

}  // namespace fix502::causes
