#include <fmt/format.h>

#include "cause/rule.hpp"
#include "cause/services.hpp"

namespace fix502::causes {
namespace {

void match_upstream_closed_early(const Scene& scene, std::vector<CauseFinding>& found) {
  for (const auto& way : scene.ways) {
    const Failure failure = way.own == nullptr ? Failure::none : way.own->failure;
    const bool own = failure == Failure::closed_early || failure == Failure::reset ||
                     (failure == Failure::truncated && !way.own->status);
    if (!own && !scene.only_logged(way, "upstream.closed-early")) continue;
    CauseFinding finding = scene.about(way, "upstream.closed-early", "connection_terminated");
    finding.certainty = certainty_of(finding.signs);
    finding.mends = false;
    finding.summary = fmt::format("{} takes the connection and {} without an answer.", way.endpoint,
                                  failure == Failure::reset ? "resets it" : "closes it");
    finding.advice.push_back(
        {.say =
             "Look into the application's own log at that time: it crashed, was killed, or turned the request down"});
    if (const ListenSocket* socket = scene.listener_at(*way.server); socket != nullptr && !socket->program.empty())
      finding.signs.push_back({.kind = SignKind::machine,
                               .text = fmt::format("{} (process {}{}) listens there", socket->program, socket->pid,
                                                   socket->unit.empty() ? std::string() : ", " + socket->unit)});
    add_services(scene, finding);
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule upstream_closed_early{.fault = "upstream.closed-early",
                                             .explains = {"upstream.all-down"},
                                             .of_one_server = true,
                                             .match = match_upstream_closed_early};

}  // namespace fix502::causes
