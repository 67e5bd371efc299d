#pragma once

// Which addresses this server may be made to connect to.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "net/net.hpp"
#include "signature/address.hpp"

namespace fix502 {

/// "10.0.0.0/8", "2001:db8::/32", "192.0.2.7".
[[nodiscard]] Result<Prefix> parse_network(std::string_view text);

/// Link-local addresses are refused everywhere (a cloud's own services answer at 169.254.169.254, and nobody's page
/// does); as a server for others, private, loopback and other special ones as well. What --allow names is allowed.
class AllowedTargets {
 public:
  AllowedTargets(bool serves_others, std::vector<Prefix> allowed)
      : serves_others_(serves_others), allowed_(std::move(allowed)) {}
  /// `address`: an IP address as text; anything else is not allowed.
  [[nodiscard]] bool allows(std::string_view address) const;

 private:
  bool serves_others_;
  std::vector<Prefix> allowed_;
};

/// Nothing was sent: AllowedTargets refused the address.
[[nodiscard]] bool is_refusal(const HttpExchange& exchange);

/// The network, but for what is not allowed: that fails as `local_denied` and nothing is sent. Every probe passes here,
/// after its name was resolved, redirects and name servers among them.
class GuardedNet final : public Net {
 public:
  GuardedNet(Net& real, const AllowedTargets& allowed) : real_(real), allowed_(allowed) {}

  Task<HttpExchange> http(HttpRequest request) override;
  Task<DnsExchange> dns(DnsQuery query) override;
  Task<TcpConnect> tcp(std::string address, std::uint16_t port, std::string interface, Milliseconds timeout) override;
  Task<SystemLookup> lookup(std::string name, Milliseconds timeout) override {
    return real_.lookup(std::move(name), timeout);
  }
  Task<void> sleep(Milliseconds time) override { return real_.sleep(time); }

 private:
  Net& real_;
  const AllowedTargets& allowed_;
};

}  // namespace fix502
