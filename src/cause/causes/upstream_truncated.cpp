#include <fmt/format.h>

#include <algorithm>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

void match_upstream_truncated(const Scene& scene, std::vector<CauseFinding>& found) {
  for (const auto& way : scene.ways) {
    const BodyEnd end = way.own == nullptr ? BodyEnd::none : way.own->body_end;
    const bool own = end == BodyEnd::short_of_length || end == BodyEnd::no_last_chunk ||
                     (way.own != nullptr && way.own->failure == Failure::truncated);
    if (!own && !scene.only_logged(way, "upstream.truncated")) continue;
    CauseFinding finding = scene.about(way, "upstream.truncated", "http_response_incomplete");
    if (own && std::ranges::none_of(finding.signs, [](const Sign& sign) { return sign.kind == SignKind::replay; }))
      scene.cite_replay(finding, *way.own, "the response ends too early");
    finding.certainty = certainty_of(finding.signs);
    finding.mends = false;
    finding.summary = own && way.own->announced ? fmt::format("{} announces {} bytes and closes after {}.",
                                                              way.endpoint, *way.own->announced, way.own->body_bytes)
                                                : fmt::format("The response of {} ends before its end.", way.endpoint);
    finding.advice.push_back({.say = "Look into the application's own log at that time: it broke off while it wrote"});
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule upstream_truncated{.fault = "upstream.truncated",
                                          .explains = {"upstream.closed-early", "upstream.keepalive-race"},
                                          .of_one_server = false,
                                          .match = match_upstream_truncated};

}  // namespace fix502::causes
