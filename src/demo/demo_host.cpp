#include "demo/demo_host.hpp"

#include <chrono>

namespace fix502 {

ResolverConfig DemoHost::resolver_config() const {
  ResolverConfig config;
  if (!machine_.resolver.empty()) config.nameservers.push_back(machine_.resolver);
  config.sources = {"files", "dns"};
  config.path = "the demo's resolv.conf";
  return config;
}

HostsEntry DemoHost::hosts_entry(const std::string& name) const {
  HostsEntry entry;
  entry.name = name;
  entry.path = "the demo's hosts file";
  if (const auto found = machine_.hosts.find(name); found != machine_.hosts.end()) {
    entry.addresses = {found->second};
    entry.line = 1;
  }
  return entry;
}

Interfaces DemoHost::interfaces() const {
  // Loopback is this small internet, so what leads there counts as a way out.
  Interface interface;
  interface.name = "demo";
  interface.up = true;
  interface.addresses = {"127.0.0.1"};
  Interfaces all;
  all.interfaces.push_back(std::move(interface));
  all.default_route_ipv4 = true;
  return all;
}

ProxySettings DemoHost::proxy_settings(const Target&, std::string& proxy_url) const {
  ProxySettings settings;
  if (machine_.proxy.empty()) return settings;
  settings.proxy = machine_.proxy;
  settings.source = "environment http_proxy";
  proxy_url = machine_.proxy;
  return settings;
}

WallTime DemoHost::now() const {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace fix502
