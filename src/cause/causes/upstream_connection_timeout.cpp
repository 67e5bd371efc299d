#include <fmt/format.h>

#include "cause/elsewhere.hpp"
#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

void match_upstream_connection_timeout(const Scene& scene, std::vector<CauseFinding>& found) {
  for (const auto& way : scene.ways) {
    const bool own = way.own != nullptr && way.own->failure == Failure::connect_timeout;
    const bool only_log = (way.own == nullptr || !way.failed()) &&
                          !scene.logged("upstream.connection-timeout", &way).empty() && !scene.answers_well();
    if (!own && !only_log) continue;
    CauseFinding finding = scene.about(way, "upstream.connection-timeout", "connection_timeout");
    finding.certainty = certainty_of(finding.signs);
    finding.mends = false;
    finding.summary = fmt::format("{} never answers a connection ({}): a firewall, a wrong address, or a full queue.",
                                  way.endpoint, where(finding.place));
    (void)add_elsewhere(scene, way, finding, MendingKind::set_address);
    finding.advice.push_back({.say = "Look for a rule that drops packets, and for the application's host",
                              .commands = {"nft list ruleset", fmt::format("ping -c 3 {}", way.server->host)}});
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule upstream_connection_timeout{.fault = "upstream.connection-timeout",
                                                   .explains = {"upstream.all-down", "upstream.read-timeout"},
                                                   .of_one_server = true,
                                                   .match = match_upstream_connection_timeout};

}  // namespace fix502::causes
