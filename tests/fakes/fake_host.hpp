#pragma once

// A machine that is a few values: one interface, one resolver, and whatever proxy the test sets.

#include <string>

#include "sys/host.hpp"

namespace fix502::fakes {

class FakeHost final : public Host {
 public:
  std::string proxy;

  [[nodiscard]] ResolverConfig resolver_config() const override {
    ResolverConfig config;
    config.nameservers = {"192.0.2.1:53"};
    config.sources = {"files", "dns"};
    return config;
  }
  [[nodiscard]] HostsEntry hosts_entry(const std::string& name) const override {
    HostsEntry entry;
    entry.name = name;
    return entry;
  }
  [[nodiscard]] Interfaces interfaces() const override {
    Interface interface;
    interface.name = "eth0";
    interface.up = true;
    interface.addresses = {"192.0.2.2"};
    Interfaces all;
    all.interfaces.push_back(std::move(interface));
    all.default_route_ipv4 = true;
    return all;
  }
  [[nodiscard]] ProxySettings proxy_settings(const Target&, std::string& proxy_url) const override {
    ProxySettings settings;
    settings.proxy = proxy;
    proxy_url = proxy;
    return settings;
  }
  [[nodiscard]] WallTime now() const override { return WallTime(std::chrono::seconds(1'800'000'000)); }
};

}  // namespace fix502::fakes
