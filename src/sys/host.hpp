#pragma once

// The port to this machine: everything that depends on the operating system and is only read. A folder per system
// (linux/) fills it; macOS and Windows are one more folder each.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "observation/host_facts.hpp"
#include "target/target.hpp"

namespace fix502 {

class Host {
 public:
  Host() = default;
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  virtual ~Host() = default;

  [[nodiscard]] virtual ResolverConfig resolver_config() const = 0;
  /// The hosts file's lines for `name`; no addresses where it has none.
  [[nodiscard]] virtual HostsEntry hosts_entry(const std::string& name) const = 0;
  [[nodiscard]] virtual Interfaces interfaces() const = 0;
  /// What a browser would use for the target: environment, desktop settings; `proxy_url` gets the URL with credentials.
  [[nodiscard]] virtual ProxySettings proxy_settings(const Target& target, std::string& proxy_url) const = 0;
  [[nodiscard]] virtual WallTime now() const = 0;
};

/// The machine that this program runs on.
[[nodiscard]] std::unique_ptr<Host> this_host();

}  // namespace fix502
