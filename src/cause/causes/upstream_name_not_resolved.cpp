#include <fmt/format.h>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

void match_upstream_name_not_resolved(const Scene& scene, std::vector<CauseFinding>& found) {
  for (const auto& way : scene.ways) {
    if (!way.server->is_name()) continue;
    const bool fails = way.own != nullptr && way.own->failure == Failure::name_not_resolved;
    // The gateway may ask another resolver than this program, or none: then its log and its answer say so.
    const bool only_there = !scene.logged("upstream.name-not-resolved").empty() && !scene.answers_well();
    if (!fails && !only_there) continue;
    CauseFinding finding = scene.about(way, "upstream.name-not-resolved", "dns_error");
    if (scene.seen.check_said.contains(way.server->host))
      finding.signs.push_back(
          {.kind = SignKind::machine, .text = fmt::format("the gateway's own check says: {}", scene.seen.check_said)});
    finding.certainty = certainty_of(finding.signs);
    const bool asks_nobody =
        !way.server->resolved_once && !way.server->resolved_by_host_file && way.server->resolver.empty();
    finding.mends = asks_nobody && !scene.seen.resolver.empty();
    finding.summary = asks_nobody ? fmt::format("The gateway has no resolver to ask for the upstream's name {} ({}).",
                                                way.server->host, where(finding.place))
                                  : fmt::format("The upstream's name {} does not resolve on this machine ({}).",
                                                way.server->host, where(finding.place));
    if (finding.mends)
      finding.mendings.push_back(
          {.kind = MendingKind::resolve_again, .server = way.index, .text = scene.seen.resolver});
    finding.advice.push_back(
        {.say = "See what this machine's resolver says of the name, and mend the name or its record",
         .commands = {"getent ahosts " + way.server->host}});
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule upstream_name_not_resolved{.fault = "upstream.name-not-resolved",
                                                  .explains = {"gateway.config-invalid", "upstream.all-down"},
                                                  .of_one_server = true,
                                                  .match = match_upstream_name_not_resolved};

}  // namespace fix502::causes
