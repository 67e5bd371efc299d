#include <fmt/format.h>

#include <algorithm>

#include "cause/elsewhere.hpp"
#include "cause/rule.hpp"
#include "cause/services.hpp"

namespace fix502::causes {
namespace {

constexpr int kNoSuchFile = 2;  // ENOENT

void match_upstream_socket_missing(const Scene& scene, std::vector<CauseFinding>& found) {
  for (const auto& way : scene.ways) {
    if (way.server->socket.empty()) continue;
    const auto file = std::ranges::find(scene.seen.machine.sockets, way.server->socket, &SocketFile::path);
    const bool known = file != scene.seen.machine.sockets.end();
    const bool missing = way.own != nullptr && way.own->system_error == kNoSuchFile;
    if (!missing && !(known && !file->exists)) continue;
    CauseFinding finding = scene.about(way, "upstream.socket-missing", "connection_refused");
    if (known && !file->exists)
      finding.signs.push_back({.kind = SignKind::machine, .text = fmt::format("there is no {}", way.server->socket)});
    finding.certainty = certainty_of(finding.signs);
    finding.summary = fmt::format("The gateway sends to the socket {}, and it is not there ({}).", way.server->socket,
                                  where(finding.place));
    (void)add_elsewhere(scene, way, finding, MendingKind::set_address);
    add_services(scene, finding);
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule upstream_socket_missing{.fault = "upstream.socket-missing",
                                               .explains = {"upstream.connection-refused", "upstream.all-down"},
                                               .of_one_server = true,
                                               .match = match_upstream_socket_missing};

}  // namespace fix502::causes
