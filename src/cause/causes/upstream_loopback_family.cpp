#include <fmt/format.h>

#include <algorithm>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

const ListenSocket* listener(const Scene& scene, std::string_view endpoint) {
  for (const auto& socket : scene.seen.machine.listening)
    if (endpoint.contains(socket.address) && endpoint.ends_with(fmt::format(":{}", socket.port))) return &socket;
  return nullptr;
}

void match_upstream_loopback_family(const Scene& scene, std::vector<CauseFinding>& found) {
  for (const auto& way : scene.ways) {
    const bool loopback =
        way.server->host == "localhost" || way.server->host == "127.0.0.1" || way.server->host == "::1";
    if (!loopback || way.own == nullptr) continue;
    const Replay* other = way.works_with("family");
    const bool refused = way.own->failure == Failure::refused || scene.bad_answer() != nullptr ||
                         !scene.logged("upstream.connection-refused", &way).empty();
    if (other == nullptr || !refused) continue;
    if (way.own->failure == Failure::none && scene.answers_well()) continue;
    CauseFinding finding = scene.about(way, "upstream.loopback-family", "connection_refused");
    scene.cite_log(finding, "upstream.connection-refused", &way);
    scene.cite_replay(finding, *other, fmt::format("at {} the application answers", other->endpoint));
    if (const ListenSocket* socket = listener(scene, other->endpoint))
      finding.signs.push_back(
          {.kind = SignKind::machine,
           .text = fmt::format("{} listens on {} port {} alone", socket->program, socket->address, socket->port)});
    finding.certainty = certainty_of(finding.signs);
    finding.summary = fmt::format("The gateway takes {} for {}, and the application listens at {} only.",
                                  way.server->host, way.own->endpoint, other->endpoint);
    finding.mendings.push_back({.kind = MendingKind::ipv4_only, .server = way.index, .text = other->endpoint});
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule upstream_loopback_family{.fault = "upstream.loopback-family",
                                                .explains = {"upstream.connection-refused", "upstream.all-down"},
                                                .of_one_server = true,
                                                .match = match_upstream_loopback_family};

}  // namespace fix502::causes
