#include <fmt/format.h>

#include <algorithm>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

void match_gateway_config_invalid(const Scene& scene, std::vector<CauseFinding>& found) {
  const auto fatal = std::ranges::find_if(scene.seen.problems, &Problem::fatal);
  const bool refused = !scene.seen.check_said.empty();
  if (!refused && (fatal == scene.seen.problems.end() || scene.seen.running)) return;
  CauseFinding finding = scene.about_gateway("gateway.config-invalid", "proxy_configuration_error");
  if (refused) {
    finding.place = {.file = scene.seen.check_file.empty() ? scene.seen.main_file : scene.seen.check_file,
                     .line = scene.seen.check_line};
    finding.signs.push_back(
        {.kind = SignKind::machine, .text = fmt::format("the gateway's own check says: {}", scene.seen.check_said)});
  }
  if (fatal != scene.seen.problems.end()) {
    if (!refused || finding.place.line == 0) finding.place = fatal->place;
    finding.signs.push_back(
        {.kind = SignKind::configuration, .text = fatal->what, .file = fatal->place.file, .line = fatal->place.line});
  }
  scene.cite_answer(finding);
  finding.certainty = certainty_of(finding.signs);
  if (scene.seen.running && scene.bad_answer() == nullptr) finding.state = CauseState::latent;  // until its next start
  if (!scene.seen.running) finding.now = true;  // nothing is served at all
  finding.mends = false;
  finding.summary =
      fmt::format("The configuration does not load ({}): {}. {}", where(finding.place),
                  refused ? scene.seen.check_said : fatal->what,
                  scene.seen.running ? "The running gateway still has the last good one, and its next start will fail."
                                     : "The gateway cannot start.");
  found.push_back(std::move(finding));
}

}  // namespace

extern const CauseRule gateway_config_invalid{
    .fault = "gateway.config-invalid", .explains = {}, .of_one_server = false, .match = match_gateway_config_invalid};

}  // namespace fix502::causes
