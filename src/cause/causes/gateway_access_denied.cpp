#include <fmt/format.h>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

void match_gateway_access_denied(const Scene& scene, std::vector<CauseFinding>& found) {
  for (const auto& way : scene.ways) {
    const bool own = way.own != nullptr && way.own->failure == Failure::local_denied;
    const bool logged = !scene.logged("gateway.access-denied", &way).empty();
    if (!own && !(logged && !scene.answers_well())) continue;
    CauseFinding finding = scene.about(way, "gateway.access-denied", "destination_ip_prohibited");
    if (scene.seen.machine.selinux_forbids_connect)
      finding.signs.push_back(
          {.kind = SignKind::machine, .text = "SELinux is enforced, and httpd_can_network_connect is off"});
    if (!scene.seen.machine.denials.empty())
      finding.signs.push_back({.kind = SignKind::machine, .text = scene.seen.machine.denials.front()});
    finding.certainty = certainty_of(finding.signs);
    finding.mends = false;
    finding.summary = fmt::format("The kernel denies the gateway's connection to {} (EACCES).", finding.upstream);
    if (scene.seen.machine.selinux == "enforcing")
      finding.advice.push_back(
          {.say = "Let web servers connect to the network", .commands = {"setsebool -P httpd_can_network_connect 1"}});
    else
      finding.advice.push_back(
          {.say = "Find the rule that denies it: a route of type prohibit, a packet filter, AppArmor",
           .commands = {"ip route get " + way.server->host, "nft list ruleset"}});
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule gateway_access_denied{.fault = "gateway.access-denied",
                                             .explains = {"upstream.all-down", "upstream.unreachable"},
                                             .of_one_server = false,
                                             .match = match_gateway_access_denied};

}  // namespace fix502::causes
