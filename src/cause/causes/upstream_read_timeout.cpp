#include <fmt/format.h>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

/// Half as much again as was measured, in steps of five seconds.
std::int64_t enough_for(std::int64_t ms) {
  constexpr std::int64_t kStep = 5'000;
  return (ms * 3 / 2 + kStep - 1) / kStep * kStep;
}

void match_upstream_read_timeout(const Scene& scene, std::vector<CauseFinding>& found) {
  for (const auto& way : scene.ways) {
    const bool own =
        way.own != nullptr && (way.own->failure == Failure::response_timeout || way.own->failure == Failure::stalled);
    if (!own && !scene.only_logged(way, "upstream.read-timeout")) continue;
    CauseFinding finding = scene.about(way, "upstream.read-timeout", "connection_read_timeout");
    finding.place = scene.place_of(LimitKind::read_timeout);
    if (scene.route.limit(LimitKind::read_timeout) != nullptr)
      finding.signs.push_back(scene.limit_sign(LimitKind::read_timeout));
    const auto limit = scene.limit(LimitKind::read_timeout);
    const std::string limit_text =
        limit ? fmt::format("{} ({})", time_text(*limit), where(finding.place)) : std::string("its limit");
    if (const Replay* longer = way.works_with("time")) {
      const std::int64_t needed = longer->first_byte.count() / 1000;
      scene.cite_replay(finding, *longer,
                        fmt::format("given more time, it answers {} after {}", outcome_of(*longer), time_text(needed)));
      finding.summary = fmt::format("{} needs {} for its answer, and the gateway waits {}.", way.endpoint,
                                    time_text(needed), limit_text);
      finding.mendings.push_back({.kind = MendingKind::set_limit,
                                  .server = way.index,
                                  .limit = LimitKind::read_timeout,
                                  .amount = enough_for(needed)});
      finding.advice.push_back({.say = "Better at the application, where it can be: answer sooner"});
    } else {
      finding.summary = fmt::format("{} does not answer within the gateway's {}{}.", way.endpoint, limit_text,
                                    own ? ", nor in the time that was left to wait" : "");
      finding.mends = false;
      finding.advice.push_back(
          {.say = "Look at what the application does meanwhile: a lock, a database, a call to somebody else"});
    }
    finding.certainty = certainty_of(finding.signs);
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule upstream_read_timeout{.fault = "upstream.read-timeout",
                                             .explains = {"upstream.all-down"},
                                             .of_one_server = false,
                                             .match = match_upstream_read_timeout};

}  // namespace fix502::causes
