#pragma once

#include <filesystem>
#include <memory>

#include "sys/host.hpp"
#include "sys/proxy_rules.hpp"

namespace fix502 {

/// Where this machine's settings stand; a test puts others in their place.
struct LinuxPlaces {
  std::filesystem::path resolv_conf = "/etc/resolv.conf";
  std::filesystem::path nsswitch = "/etc/nsswitch.conf";
  std::filesystem::path hosts = "/etc/hosts";
  std::filesystem::path route = "/proc/net/route";
  std::filesystem::path ipv6_route = "/proc/net/ipv6_route";
  std::filesystem::path settings;  ///< $XDG_CONFIG_HOME; empty: no desktop's settings are read
  std::string gsettings = "gsettings";
};

[[nodiscard]] std::unique_ptr<Host> linux_host(LinuxPlaces places, Environment environment);

}  // namespace fix502
