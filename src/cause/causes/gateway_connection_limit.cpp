#include <fmt/format.h>

#include <algorithm>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

constexpr std::int64_t kEnoughConnections = 1024;

void match_gateway_connection_limit(const Scene& scene, std::vector<CauseFinding>& found) {
  const auto logged = scene.logged("gateway.connection-limit");
  if (logged.empty()) return;
  CauseFinding finding = scene.about_gateway("gateway.connection-limit", "connection_limit_reached");
  scene.cite_log(finding, "gateway.connection-limit");
  const auto now = scene.limit(LimitKind::connections);
  finding.place = scene.place_of(LimitKind::connections);
  if (now) finding.signs.push_back(scene.limit_sign(LimitKind::connections));
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
