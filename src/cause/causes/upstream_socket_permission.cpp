#include <fmt/format.h>

#include <algorithm>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

void match_upstream_socket_permission(const Scene& scene, std::vector<CauseFinding>& found) {
  for (const auto& way : scene.ways) {
    if (way.server->socket.empty()) continue;
    const auto file = std::ranges::find(scene.seen.machine.sockets, way.server->socket, &SocketFile::path);
    const bool known = file != scene.seen.machine.sockets.end() && file->exists;
    if (!known || file->allowed) {
      // The replay runs as root, so the machine's facts decide; where they could not be seen, the log does.
      if (known || scene.logged("upstream.socket-permission", &way).empty()) continue;
    }
    CauseFinding finding = scene.about(way, "upstream.socket-permission", "proxy_configuration_error");
    std::string by = way.server->socket;
    if (known) {
      by = file->forbidden_by;
      finding.signs.push_back(
          {.kind = SignKind::machine, .text = fmt::format("the gateway's workers may not pass {}", by)});
    }
    finding.certainty = certainty_of(finding.signs);
    finding.summary =
        fmt::format("The gateway's workers may not open {}: {} does not let them.", way.server->socket, by);
    if (known && file->owner != "root")
      finding.mendings.push_back(
          {.kind = MendingKind::run_as, .server = way.index, .text = file->owner, .name = file->group});
    if (known && !scene.seen.machine.workers.empty())
      finding.advice.push_back({.say = fmt::format("Better at the application: let it give the socket to {} (PHP-FPM: "
                                                   "listen.owner, listen.group, listen.mode), and start it again",
                                                   scene.seen.machine.workers.front().user)});
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule upstream_socket_permission{
    .fault = "upstream.socket-permission",
    .explains = {"gateway.access-denied", "upstream.all-down", "upstream.connection-refused"},
    .of_one_server = true,
    .match = match_upstream_socket_permission};

}  // namespace fix502::causes
