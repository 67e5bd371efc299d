#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

/// Four fifths of what was measured, and a second less where that is possible.
std::int64_t below(std::int64_t idle_ms) {
  const std::int64_t part = idle_ms * 4 / 5;
  return idle_ms > 5'000 ? std::min(part, idle_ms - 1'000) : part;
}

/// A promise comes from the upstream's configuration, a measurement has its slack in it: the shorter one counts.
std::optional<std::int64_t> shorter(const std::optional<Duration>& a, const std::optional<Duration>& b) {
  if (!a && !b) return std::nullopt;
  const Duration least = !a ? *b : !b ? *a : std::min(*a, *b);
  return least.count() / 1000;
}

void match_upstream_keepalive_race(const Scene& scene, std::vector<CauseFinding>& found) {
  if (!scene.route.pool) return;
  for (const auto& way : scene.ways) {
    const auto watch = std::ranges::find(scene.seen.idle, way.index, &IdleWatch::server);
    if (watch == scene.seen.idle.end() || !watch->kept) continue;
    const auto idle = shorter(watch->limit, watch->promised);
    const auto pool = scene.limit(LimitKind::pool_idle);
    if (!idle || (pool && *idle >= *pool)) continue;
    const auto early = scene.logged("upstream.closed-early", &way);
    const auto race = scene.logged("upstream.keepalive-race", &way);
    const bool present = !way.failed() && (!early.empty() || !race.empty());
    CauseFinding finding = scene.about(way, "upstream.keepalive-race", "connection_terminated");
    finding.state = present ? CauseState::present : CauseState::latent;
    scene.cite_log(finding, "upstream.closed-early", &way);
    finding.place = scene.place_of(LimitKind::pool_idle);
    finding.signs.push_back({.kind = SignKind::replay,
                             .text = fmt::format("the upstream closes an idle connection after {}", time_text(*idle))});
    finding.signs.push_back(scene.limit_sign(LimitKind::pool_idle));
    finding.certainty = present ? certainty_of(finding.signs) : Certainty::likely;
    finding.summary = fmt::format(
        "{} drops idle connections after {}, and the gateway keeps them for {} ({}): a request that meets the end "
        "fails.",
        way.endpoint, time_text(*idle), pool ? time_text(*pool) : std::string("as long as it can"),
        where(finding.place));
    finding.mendings.push_back({.kind = MendingKind::keep_shorter, .server = way.index, .amount = below(*idle)});
    finding.mendings.push_back({.kind = MendingKind::no_pool, .server = way.index});
    finding.advice.push_back(
        {.say = fmt::format("Better at the application: let it keep idle connections longer than the gateway does "
                            "({}): Node server.keepAliveTimeout, gunicorn --keep-alive, Apache KeepAliveTimeout",
                            pool ? time_text(*pool) : std::string("which has no limit"))});
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule upstream_keepalive_race{.fault = "upstream.keepalive-race",
                                               .explains = {"upstream.closed-early"},
                                               .of_one_server = false,
                                               .match = match_upstream_keepalive_race};

}  // namespace fix502::causes
