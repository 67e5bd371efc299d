#pragma once

#include <map>
#include <string>

#include "sys/host.hpp"

namespace fix502 {

/// What a demo's visitor has set on their machine.
struct DemoMachine {
  std::string resolver;                      ///< "127.0.0.53:41000"; empty: none is set
  std::map<std::string, std::string> hosts;  ///< name to address
  std::string proxy;                         ///< URL; empty: none
};

/// The machine of a demo's visitor: connected, its clock right, its settings those of the demo and not the real ones.
class DemoHost final : public Host {
 public:
  explicit DemoHost(DemoMachine machine) : machine_(std::move(machine)) {}

  [[nodiscard]] ResolverConfig resolver_config() const override;
  [[nodiscard]] HostsEntry hosts_entry(const std::string& name) const override;
  [[nodiscard]] Interfaces interfaces() const override;
  [[nodiscard]] ProxySettings proxy_settings(const Target& target, std::string& proxy_url) const override;
  [[nodiscard]] WallTime now() const override;

 private:
  DemoMachine machine_;
};

}  // namespace fix502
