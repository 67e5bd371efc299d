#include <fmt/format.h>

#include <algorithm>

#include "fault/edge_side.hpp"
#include "fault/rule.hpp"
#include "fault/said.hpp"

namespace fix502::faults {
namespace {

constexpr std::size_t kNamed = 3;

/// "the port at which the CDN asks the origin; the origin's firewall, ...": the settings that fit best.
std::string what_differs(const EdgeComparison& comparison) {
  std::string text;
  for (std::size_t i = 0; i < std::min(comparison.settings.size(), kNamed); ++i)
    text += fmt::format("{}{}", text.empty() ? "" : ", or ", what_it_is(comparison.settings[i].kind));
  return text.empty() ? "port, Host, server name, or the origin's firewall" : text;
}

Finding about(const Picture& picture, const EdgeSides& sides, const EdgeComparison& comparison, std::string differs) {
  const bool shown = !comparison.settings.empty() && comparison.settings.front().suspicion == Suspicion::shown;
  Finding finding = about_error(picture, shown ? Certainty::proven : Certainty::strong, {});
  finding.scope = Scope::everyone;
  finding.cites.push_back(sides.edge->id);
  finding.cites.push_back(sides.direct->id);
  for (const auto& suspect : comparison.settings)
    for (const auto& id : suspect.cites) finding.cites.push_back(id);
  const bool direct = picture.works(*sides.direct->as<HttpExchange>());
  const Observation* works = direct || sides.plain == nullptr ? sides.direct : sides.plain;
  finding.subject = differs;
  finding.summary =
      fmt::format("Asked directly, the origin {} answers {}; through the edge it is {}. What differs: {}.",
                  to_text(sides.origin), story(*works->as<HttpExchange>()),
                  sides.edge_loops ? "an endless redirect" : story(*sides.edge->as<HttpExchange>()), differs);
  return finding;
}

/// The edge's answer would pass for one that the site means (404, 403), were it not that the origin gives it to another
/// Host only, or to the CDN only.
std::optional<Finding> other_page(const Picture& picture, const EdgeSides& sides, const EdgeComparison& comparison) {
  const auto& edge = *sides.edge->as<HttpExchange>();
  if (comparison.settings.empty() || !edge.status || *edge.status < 400) return std::nullopt;
  Finding finding = about(picture, sides, comparison, what_differs(comparison));
  if (comparison.settings.front().suspicion != Suspicion::shown) finding.certainty = Certainty::likely;
  finding.nel = nel_of(edge);
  finding.felt = true;
  return finding;
}

std::optional<Finding> match_cdn_origin_config(const Picture& picture) {
  const auto sides = edge_sides(picture);
  const auto comparison = sides ? compare_sides(*sides) : std::nullopt;
  if (!comparison) return as_the_answer_says(picture, "cdn.origin-config");
  const auto& direct = *sides->direct->as<HttpExchange>();
  if (picture.site.all_work()) return other_page(picture, *sides, *comparison);
  if (sides->edge_loops) {
    // Whose circle it is must be shown: the origin may send in one by itself.
    if (comparison->settings.empty()) return std::nullopt;
    Finding finding = about(picture, *sides, *comparison, what_differs(*comparison));
    finding.cause.clear();
    finding.nel = "http.response.redirect_loop";
    return finding;
  }
  const HttpExchange* error = steady_error(picture);
  // A broken certificate of the edge's own is no setting towards the origin.
  if (error == nullptr || is_tls(error->failure)) return std::nullopt;
  const bool plain_works = sides->plain != nullptr && picture.works(*sides->plain->as<HttpExchange>());
  // Every edge fails; where one works it is the edge, not the settings.
  if (!sides->edge_failed || !(picture.works(direct) || plain_works))
    return as_the_answer_says(picture, "cdn.origin-config");
  // The CDN says that it does not accept the origin's certificate, and it is not acceptable: then that is the fault.
  if (said_fault(*error) == "cdn.origin-tls" && direct.verify_error != 0) return std::nullopt;
  std::string differs = what_differs(*comparison);
  if (is_connect(error->failure)) differs = "the edge itself does not answer";
  return about(picture, *sides, *comparison, std::move(differs));
}

}  // namespace

extern const Fault cdn_origin_config{
    .info = {.id = "cdn.origin-config",
             .hop = Hop::cdn,
             .side = Side::owner,
             .title = "The origin works, but the CDN does not reach it rightly",
             .meaning = "The origin works when it is asked directly, and fails through the CDN or gateway: their "
                        "settings for it differ from what it needs."},
    .layer = Layer::site,
    .explains = {"origin.", "cdn.origin-unreachable", "cdn.origin-bad-response", "cdn.origin-tls"},
    .match = match_cdn_origin_config,
};

}  // namespace fix502::faults
