#include <fmt/format.h>

#include <algorithm>

#include "cause/elsewhere.hpp"
#include "cause/rule.hpp"
#include "cause/services.hpp"

namespace fix502::causes {
namespace {

/// The upstream's address is one of this machine's: then its sockets can be seen.
bool is_here(const Scene& scene, const UpstreamServer& server) {
  const auto& own = scene.seen.machine.own_addresses;
  return server.host == "localhost" || server.host.starts_with("127.") || server.host == "::1" ||
         !server.socket.empty() || std::ranges::find(own, server.host) != own.end();
}

void match_upstream_connection_refused(const Scene& scene, std::vector<CauseFinding>& found) {
  for (const auto& way : scene.ways) {
    const bool own = way.own != nullptr && way.own->failure == Failure::refused;
    const bool only_log = way.own == nullptr && !scene.logged("upstream.connection-refused", &way).empty();
    if (!own && !only_log) continue;
    CauseFinding finding = scene.about(way, "upstream.connection-refused", "connection_refused");
    if (own && scene.listener_at(*way.server) == nullptr && !scene.seen.machine.listening.empty() &&
        is_here(scene, *way.server))
      finding.signs.push_back(
          {.kind = SignKind::machine, .text = fmt::format("no program of this machine listens at {}", way.endpoint)});
    finding.certainty = certainty_of(finding.signs);
    finding.summary =
        fmt::format("Nothing listens at {}, where {} sends requests.", way.endpoint, where(finding.place));
    if (!add_elsewhere(scene, way, finding, MendingKind::set_address))
      finding.advice.push_back(
          {.say = "Start the application, or give its address to the gateway",
           .commands = {way.server->socket.empty() ? fmt::format("ss -ltnp 'sport = :{}'", way.server->port)
                                                   : "ss -lxp"}});
    add_services(scene, finding);
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule upstream_connection_refused{.fault = "upstream.connection-refused",
                                                   .explains = {"upstream.all-down"},
                                                   .of_one_server = true,
                                                   .match = match_upstream_connection_refused};

}  // namespace fix502::causes
