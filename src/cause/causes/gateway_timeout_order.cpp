#include <fmt/format.h>

#include <optional>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

constexpr std::int64_t kMargin = 5'000;  // the inner one gives up first, and its answer arrives

struct Inner {
  std::int64_t ms = 0;
  std::string said;
};

/// The application's own limit, where this machine shows it.
std::optional<Inner> inner_limit(const Scene& scene, const Way& way) {
  const PoolFacts* pool = scene.pool_at(*way.server);
  if (pool != nullptr && pool->request_timeout_ms && *pool->request_timeout_ms > 0) {
    const auto ms = static_cast<std::int64_t>(*pool->request_timeout_ms);
    return Inner{ms, fmt::format("request_terminate_timeout of the pool {} is {}", pool->name, time_text(ms))};
  }
  for (const auto& limit : scene.seen.machine.inner_limits)
    if (limit.endpoint == way.endpoint) return Inner{static_cast<std::int64_t>(limit.read_timeout_ms), limit.said};
  return std::nullopt;
}

void match_gateway_timeout_order(const Scene& scene, std::vector<CauseFinding>& found) {
  const auto outer = scene.limit(LimitKind::read_timeout);
  if (!outer) return;
  for (const auto& way : scene.ways) {
    const auto inner = inner_limit(scene, way);
    if (!inner || inner->ms <= *outer) continue;
    const Replay* longer = way.works_with("time");
    const bool gave_up = way.own != nullptr && way.own->failure == Failure::response_timeout;
    const bool present = gave_up && longer != nullptr;
    CauseFinding finding = present ? scene.about(way, "gateway.timeout-order", "connection_read_timeout")
                                   : scene.about_gateway("gateway.timeout-order", "connection_read_timeout");
    finding.upstream = way.endpoint;
    finding.state = present ? CauseState::present : CauseState::latent;
    finding.place = scene.place_of(LimitKind::read_timeout);
    finding.signs.push_back(scene.limit_sign(LimitKind::read_timeout));
    finding.signs.push_back({.kind = SignKind::machine, .text = inner->said});
    if (present) {
      scene.cite_log(finding, "upstream.read-timeout", &way);
      scene.cite_replay(finding, *longer,
                        fmt::format("given more time, it answers {} after {}", outcome_of(*longer),
                                    time_text(longer->first_byte.count() / 1000)));
    }
    finding.certainty = present ? certainty_of(finding.signs) : Certainty::likely;
    finding.summary = fmt::format("The gateway waits {} ({}), and the application may take {} by its own limit.",
                                  time_text(*outer), where(finding.place), time_text(inner->ms));
    finding.mendings.push_back({.kind = MendingKind::set_limit,
                                .server = way.index,
                                .limit = LimitKind::read_timeout,
                                .amount = inner->ms + kMargin});
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule gateway_timeout_order{.fault = "gateway.timeout-order",
                                             .explains = {"upstream.read-timeout"},
                                             .of_one_server = false,
                                             .match = match_gateway_timeout_order};

}  // namespace fix502::causes
