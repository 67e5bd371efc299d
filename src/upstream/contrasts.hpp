#pragma once

// What the upstream does with one thing changed: this is how the cause is told from what only looks like it.

#include <string>
#include <vector>

#include "upstream/replay.hpp"

namespace fix502 {

/// What is known from elsewhere and worth trying.
struct Contrasting {
  std::string visitor_host;  ///< of the visitor's request, a candidate for names in TLS
  std::vector<std::string>
      endpoints;  ///< where programs of this machine listen: "127.0.0.1:8001", "unix:/run/app.sock"
  std::vector<std::string> trust_files;  ///< PEM files that may hold the upstream's authority
  std::vector<std::string> scripts;      ///< SCRIPT_FILENAMEs that exist
  HealthCheck check;                     ///< the gateway's own; asked for only where it is on and has a path
  bool upgrade = false;                  ///< ask for WebSocket, whether or not the own request failed
  std::size_t most = 8;                  ///< requests
};
inline constexpr std::size_t kMostAtOnce = 8;

/// Whether the own request went wrong, so that contrasts are worth their requests.
[[nodiscard]] bool went_wrong(const Replay& own);

/// The variations that can tell what is wrong, the most telling first; at most `with.most`. Pure. The words of
/// `varied`: family ("ipv4", "ipv6": the other loopback address), address (an endpoint), tls ("on", "off"), sni (name),
/// name (that the certificate is verified for), trust (PEM file), verify ("off"), tls_version ("TLSv1.2", "TLSv1.3",
/// "any": TLS 1.0 and weak ciphers as well), protocol (a word of protocols.def), http ("1.0", "1.1"), time (ms that are
/// waited), script (SCRIPT_FILENAME), check (path), upgrade ("websocket").
[[nodiscard]] std::vector<ReplayRequest> variations(const ReplayRequest& own, const Replay& seen,
                                                    const Contrasting& with);

/// Asks them, at most `kMostAtOnce` at once.
[[nodiscard]] Task<std::vector<Replay>> contrasts(ReplayRequest own, Replay seen, Contrasting with);

/// Everything about a route: each server's own request (a name's addresses each), and where one went wrong its
/// contrasts. At most twelve requests to one server, and `kMostServers` servers.
[[nodiscard]] Task<std::vector<Replay>> replay_route(Net& net, Route route, Contrasting with, Milliseconds whole);
inline constexpr std::size_t kMostServers = 16;

}  // namespace fix502
