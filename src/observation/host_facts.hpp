#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.hpp"
#include "observation/words.hpp"

namespace fix502 {

/// One TCP connection attempt by itself.
struct TcpConnect {
  std::string address;
  std::uint16_t port = 0;
  Family family = Family::unknown;
  Failure failure = Failure::none;
  std::string detail;  ///< strerror's words

  static constexpr std::string_view kind = "tcp";
  bool operator==(const TcpConnect&) const = default;
  static constexpr void fields(auto&& field) {
    field("address", &TcpConnect::address);
    field("port", &TcpConnect::port);
    field("family", &TcpConnect::family);
    field("failure", &TcpConnect::failure);
    field("detail", &TcpConnect::detail);
  }
};

/// What this machine's own resolution (getaddrinfo: nsswitch, hosts file, DNS) says for a name.
struct SystemLookup {
  std::string name;
  std::vector<std::string> addresses;  ///< in the order of RFC 6724, as programs try them
  Failure failure = Failure::none;     ///< name_not_resolved or out_of_time
  std::string error;                   ///< "EAI_NONAME", "EAI_AGAIN", ...

  static constexpr std::string_view kind = "lookup";
  bool operator==(const SystemLookup&) const = default;
  static constexpr void fields(auto&& field) {
    field("name", &SystemLookup::name);
    field("addresses", &SystemLookup::addresses);
    field("failure", &SystemLookup::failure);
    field("error", &SystemLookup::error);
  }
};

/// This machine's settings for resolving names.
struct ResolverConfig {
  std::vector<std::string> nameservers;  ///< "192.0.2.1:53"
  std::vector<std::string> search;
  std::vector<std::string> sources;  ///< nsswitch "hosts:", in order: "files", "dns", "resolve", ...
  std::string path;                  ///< the file that says so

  static constexpr std::string_view kind = "resolver_config";
  bool operator==(const ResolverConfig&) const = default;
  static constexpr void fields(auto&& field) {
    field("nameservers", &ResolverConfig::nameservers);
    field("search", &ResolverConfig::search);
    field("sources", &ResolverConfig::sources);
    field("path", &ResolverConfig::path);
  }
};

/// What the hosts file says for a name.
struct HostsEntry {
  std::string name;
  std::vector<std::string> addresses;
  std::string path;
  int line = 0;  ///< of the first match, from 1

  static constexpr std::string_view kind = "hosts_file";
  bool operator==(const HostsEntry&) const = default;
  static constexpr void fields(auto&& field) {
    field("name", &HostsEntry::name);
    field("addresses", &HostsEntry::addresses);
    field("path", &HostsEntry::path);
    field("line", &HostsEntry::line);
  }
};

struct Interface {
  std::string name;
  bool up = false;
  bool loopback = false;
  std::vector<std::string> addresses;  ///< without prefix length; link-local ones left out

  bool operator==(const Interface&) const = default;
  static constexpr void fields(auto&& field) {
    field("name", &Interface::name);
    field("up", &Interface::up);
    field("loopback", &Interface::loopback);
    field("addresses", &Interface::addresses);
  }
};

/// The interfaces and whether packets for the internet have a way out.
struct Interfaces {
  std::vector<Interface> interfaces;
  bool default_route_ipv4 = false;
  bool default_route_ipv6 = false;

  static constexpr std::string_view kind = "interfaces";
  bool operator==(const Interfaces&) const = default;
  static constexpr void fields(auto&& field) {
    field("interfaces", &Interfaces::interfaces);
    field("default_route_ipv4", &Interfaces::default_route_ipv4);
    field("default_route_ipv6", &Interfaces::default_route_ipv6);
  }
};

/// The proxy that a browser on this machine would use for the target.
struct ProxySettings {
  std::string proxy;        ///< URL without credentials; empty: direct
  std::string source;       ///< "environment https_proxy", "GNOME", "option --proxy"
  std::string pac;          ///< URL of a proxy auto-configuration script, where one is set
  std::string bypassed_by;  ///< the no_proxy entry that excepts the target

  static constexpr std::string_view kind = "proxy_settings";
  bool operator==(const ProxySettings&) const = default;
  static constexpr void fields(auto&& field) {
    field("proxy", &ProxySettings::proxy);
    field("source", &ProxySettings::source);
    field("pac", &ProxySettings::pac);
    field("bypassed_by", &ProxySettings::bypassed_by);
  }
};

}  // namespace fix502
