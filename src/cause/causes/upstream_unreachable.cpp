#include <fmt/format.h>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

void match_upstream_unreachable(const Scene& scene, std::vector<CauseFinding>& found) {
  for (const auto& way : scene.ways) {
    const bool own = way.own != nullptr && way.own->failure == Failure::unreachable;
    const bool only_log = way.own == nullptr && !scene.logged("upstream.unreachable", &way).empty();
    if (!own && !only_log) continue;
    CauseFinding finding = scene.about(way, "upstream.unreachable", "destination_ip_unroutable");
    finding.certainty = certainty_of(finding.signs);
    finding.mends = false;
    finding.summary = fmt::format("There is no way from this machine to {} ({}).", way.endpoint, where(finding.place));
    finding.advice.push_back(
        {.say = "See which route this machine takes", .commands = {"ip route get " + way.server->host}});
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule upstream_unreachable{.fault = "upstream.unreachable",
                                            .explains = {"upstream.all-down", "upstream.connection-timeout"},
                                            .of_one_server = true,
                                            .match = match_upstream_unreachable};

}  // namespace fix502::causes
