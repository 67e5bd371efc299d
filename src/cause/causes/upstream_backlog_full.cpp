#include <fmt/format.h>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

void match_upstream_backlog_full(const Scene& scene, std::vector<CauseFinding>& found) {
  for (const auto& way : scene.ways) {
    const ListenSocket* socket = scene.listener_at(*way.server);
    const bool full = socket != nullptr && (socket->waiting > socket->backlog ||
                                            (socket->backlog > 0 && socket->waiting == socket->backlog));
    const bool again = way.own != nullptr && way.own->system_error == kAgain;
    const bool logged = !scene.logged("upstream.backlog-full", &way).empty();
    if (!full && !again && !logged) continue;
    // A queue that fills because every worker is busy is the workers' finding; one line alone says which it is.
    CauseFinding finding = scene.about(way, "upstream.backlog-full", "connection_limit_reached");
    if (full) {
      scene.cite_log(finding, "upstream.connection-timeout", &way);
      finding.signs.push_back({.kind = SignKind::machine,
                               .text = fmt::format("{} connections wait at {}, whose queue takes {}", socket->waiting,
                                                   way.endpoint, socket->backlog)});
    }
    finding.certainty = certainty_of(finding.signs);
    finding.mends = false;
    const std::string who =
        socket != nullptr && !socket->program.empty() ? socket->program : std::string("The application");
    finding.summary = socket != nullptr ? fmt::format("{}'s listen queue at {} is full: it takes {} connections.", who,
                                                      way.endpoint, socket->backlog)
                                        : fmt::format("The listen queue at {} is full.", way.endpoint);
    finding.advice.push_back({.say = "Give the application a longer queue (PHP-FPM: listen.backlog, gunicorn: "
                                     "--backlog, uwsgi: listen) and more workers, and start it again",
                              .commands = {"sysctl net.core.somaxconn"}});
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule upstream_backlog_full{.fault = "upstream.backlog-full",
                                             .explains = {"upstream.connection-timeout", "upstream.connection-refused",
                                                          "upstream.all-down", "upstream.read-timeout"},
                                             .of_one_server = true,
                                             .match = match_upstream_backlog_full};

}  // namespace fix502::causes
