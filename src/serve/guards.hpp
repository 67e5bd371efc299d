#pragma once

// Who may ask: what a request must show before any route sees it. Pure.

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "serve/problem.hpp"

namespace fix502 {

/// What the server is: decided at its start.
struct Guards {
  bool serves_others = false;  ///< it listens on more than loopback
  bool tls = false;
  std::uint16_t port = 0;
  std::string token{};
  std::string name{};  ///< --name: what the server is called by those others; empty: any Host, since it has a token
};

/// Whether the Host names this server. On loopback only the ways to write loopback do: a name that somebody else's DNS
/// points here would make another site's page one of ours (DNS rebinding).
[[nodiscard]] bool is_own_host(const Guards& guards, std::string_view host);

/// Another site's page is behind it (Origin, RFC 6454; Sec-Fetch-Site, W3C Fetch Metadata).
[[nodiscard]] bool is_cross_site(const Guards& guards, const Request& request);

/// Equal, in a time that does not tell how much of it was right.
[[nodiscard]] bool same_secret(std::string_view given, std::string_view expected);
/// Authorization: Bearer, or ?access_token= where `in_query`.
[[nodiscard]] bool has_token(const Guards& guards, const Request& request, bool in_query);
/// 256 bits from the system, as text that fits into an address. Empty: the system has none.
[[nodiscard]] std::string new_secret();

/// Whom a rate is for: an IPv4 address, or an IPv6 network of 64 bits, all of which one client has.
[[nodiscard]] std::string client_of(const std::string& address);

/// So many at once, and so many more a second, for each client.
class RateLimit {
 public:
  using Clock = std::chrono::steady_clock;
  RateLimit(double burst, double per_second) : burst_(burst), per_second_(per_second) {}
  /// nullopt: go on; else how long to wait.
  [[nodiscard]] std::optional<std::chrono::seconds> take(const std::string& client, Clock::time_point now);
  [[nodiscard]] std::size_t clients() const { return clients_.size(); }

 private:
  struct Bucket {
    double left = 0;
    Clock::time_point when;
  };
  void forget(Clock::time_point now);

  double burst_, per_second_;
  std::map<std::string, Bucket> clients_;
};

}  // namespace fix502
