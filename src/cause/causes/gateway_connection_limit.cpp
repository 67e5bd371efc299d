#include <fmt/format.h>

#include <algorithm>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

constexpr std::int64_t kEnoughConnections = 1024;

/// Connections that the gateway has not taken yet, at its own door.
std::uint32_t waiting_at_door(const Scene& scene) {
  std::uint32_t waiting = 0;
  for (const auto& socket : scene.seen.machine.listening)
    if (socket.path.empty() && socket.port == scene.seen.incoming.port) waiting = std::max(waiting, socket.waiting);
  return waiting;
}

/// HAProxy takes no more and writes nothing: it holds as many as it may, others wait at its door, and so did we.
bool is_full(const Scene& scene) {
  const auto allowed = scene.limit(LimitKind::connections);
  const auto& held = scene.seen.machine.visitors;
  return allowed && held && static_cast<std::int64_t>(*held) >= *allowed && waiting_at_door(scene) > 0 &&
         scene.bad_answer() != nullptr;
}

void match_gateway_connection_limit(const Scene& scene, std::vector<CauseFinding>& found) {
  const auto logged = scene.logged("gateway.connection-limit");
  if (logged.empty() && !is_full(scene)) return;
  CauseFinding finding = scene.about_gateway("gateway.connection-limit", "connection_limit_reached");
  scene.cite_log(finding, "gateway.connection-limit");
  const auto now = scene.limit(LimitKind::connections);
  finding.place = scene.place_of(LimitKind::connections);
  if (now) finding.signs.push_back(scene.limit_sign(LimitKind::connections));
  if (is_full(scene))
    finding.signs.push_back({.kind = SignKind::machine,
                             .text = fmt::format("it holds {} connections of visitors, and {} wait to be taken",
                                                 *scene.seen.machine.visitors, waiting_at_door(scene))});
  scene.cite_answer(finding);
  finding.certainty = certainty_of(finding.signs);
  finding.summary =
      now ? fmt::format("The gateway has no connections left: it may have {} ({}).", *now, where(finding.place))
          : std::string("The gateway has no connections left.");
  finding.mendings.push_back({.kind = MendingKind::set_limit,
                              .limit = LimitKind::connections,
                              .amount = std::max<std::int64_t>(kEnoughConnections, 4 * now.value_or(0))});
  found.push_back(std::move(finding));
}

}  // namespace

extern const CauseRule gateway_connection_limit{.fault = "gateway.connection-limit",
                                                .explains = {"upstream.closed-early"},
                                                .of_one_server = false,
                                                .match = match_gateway_connection_limit};

}  // namespace fix502::causes
