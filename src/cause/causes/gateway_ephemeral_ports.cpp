#include <fmt/format.h>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

void match_gateway_ephemeral_ports(const Scene& scene, std::vector<CauseFinding>& found) {
  const auto& machine = scene.seen.machine;
  const bool full =
      machine.ports_used && machine.ports_allowed && *machine.ports_used * 20 >= *machine.ports_allowed * 19;
  if (scene.logged("gateway.ephemeral-ports").empty() && !full) return;
  CauseFinding finding = scene.about_gateway("gateway.ephemeral-ports", "proxy_internal_error");
  scene.cite_log(finding, "gateway.ephemeral-ports");
  if (machine.ports_used && machine.ports_allowed)
    finding.signs.push_back({.kind = SignKind::machine,
                             .text = fmt::format("{} of {} ports towards {} are in use", *machine.ports_used,
                                                 *machine.ports_allowed, machine.ports_to)});
  scene.cite_answer(finding);
  finding.certainty = certainty_of(finding.signs);
  finding.summary = fmt::format("Every local port towards {} is in use or waits to be used again.",
                                machine.ports_to.empty() ? "the upstream" : machine.ports_to);
  if (!scene.route.pool) finding.mendings.push_back({.kind = MendingKind::use_pool, .amount = 32});
  finding.advice.push_back(
      {.say = "Widen the range of ports, and let those of closed connections be used again",
       .commands = {"sysctl -w net.ipv4.ip_local_port_range='1024 65535'", "sysctl -w net.ipv4.tcp_tw_reuse=1"}});
  found.push_back(std::move(finding));
}

}  // namespace

extern const CauseRule gateway_ephemeral_ports{
    .fault = "gateway.ephemeral-ports", .explains = {}, .of_one_server = false, .match = match_gateway_ephemeral_ports};

}  // namespace fix502::causes
