#pragma once

#include "net/net.hpp"
#include "sys/host.hpp"

namespace fix502 {

/// The real network stack, but for names: those are looked up as `host`'s settings say and not as the machine's do.
/// Every exchange is real, on loopback.
class DemoNet final : public Net {
 public:
  DemoNet(Net& real, const Host& host) : real_(real), host_(host) {}

  Task<HttpExchange> http(HttpRequest request) override { return real_.http(std::move(request)); }
  Task<DnsExchange> dns(DnsQuery query) override { return real_.dns(std::move(query)); }
  Task<TcpConnect> tcp(std::string address, std::uint16_t port, std::string interface, Milliseconds timeout) override {
    return real_.tcp(std::move(address), port, std::move(interface), timeout);
  }
  Task<SystemLookup> lookup(std::string name, Milliseconds timeout) override;
  Task<void> sleep(Milliseconds time) override { return real_.sleep(time); }

 private:
  Net& real_;
  const Host& host_;
};

}  // namespace fix502
