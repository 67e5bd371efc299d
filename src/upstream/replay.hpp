#pragma once

// Asks an upstream exactly as the gateway does: same bytes, same TLS, same patience. No library's client stands
// between, since a client corrects what it sends and judges what it gets, and here both matter as they are.

#include <map>
#include <string>
#include <vector>

#include "gateway/replay_facts.hpp"
#include "net/net.hpp"

namespace fix502 {

/// How long the gateway waits, and how long we do.
struct ReplayLimits {
  Milliseconds connect{60'000}, send{60'000}, read{60'000};  ///< the gateway's; `read` between two reads
  Milliseconds whole{10'000};                                ///< ours, for the whole exchange (--replay-timeout)
  Milliseconds greet = Milliseconds::max();                  ///< ours, for the TLS greeting
};

/// One exchange that is wanted.
struct ReplayRequest {
  std::size_t index = 0;  ///< of `server` in Route::servers
  UpstreamServer server;
  std::string address;                 ///< chosen among those of the server's name; empty: its host, or its socket
  std::vector<std::string> addresses;  ///< all that the name has
  UpstreamRequest request;
  UpstreamTls tls;
  ReplayLimits limits;
  std::map<std::string, std::string> varied;  ///< what differs from the gateway's own request
  std::uint64_t max_body = 1024 * 1024;       ///< bytes of body that are read; behind that it is `not_read`

  [[nodiscard]] std::string endpoint() const;  ///< "127.0.0.1:8000", "unix:/run/app.sock"
};

/// The gateway's own request to one of the route's servers. One whose method is not safe (RFC 9110 9.2.1) becomes the
/// GET of the same target, and `varied` says so ("method").
[[nodiscard]] ReplayRequest own_request(const Route& route, std::size_t server, Milliseconds whole);

/// Never fails in itself: what went wrong stands in the Replay. `failure` is `out_of_time` where our own limit ended it
/// and the gateway would have waited on; `connect_timeout`, `tls_timeout`, `response_timeout`, `stalled` where the
/// gateway itself would have given up.
[[nodiscard]] Task<Replay> replay(ReplayRequest request);

/// Looks the server's name up as the gateway does and sends its request to every address that it has (at most
/// `kMostAddresses`), side by side. A name that is not resolved gives one Replay that says so.
[[nodiscard]] Task<std::vector<Replay>> replay_server(Net& net, ReplayRequest own);
inline constexpr std::size_t kMostAddresses = 4;

/// One harmless request, then silence until the upstream closes or `longest` has passed.
[[nodiscard]] Task<IdleWatch> watch_idle(ReplayRequest request, Milliseconds longest);

}  // namespace fix502
