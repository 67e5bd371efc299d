#pragma once

// Which proxy a browser on this machine would take, out of the texts that say so. Pure.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "observation/host_facts.hpp"
#include "target/target.hpp"

namespace fix502 {

using Environment = std::map<std::string, std::string>;

/// What one place (the environment, a desktop) says about one target, before exceptions are looked at.
struct ProxyChoice {
  std::string proxy;   ///< as configured, perhaps with credentials; empty: direct
  std::string source;  ///< "environment https_proxy", "GNOME", "KDE"
  std::string pac;
  std::string no_proxy;  ///< hosts that are excepted, separated by commas or blanks
};

/// `https_proxy`, `http_proxy`, `all_proxy`, `no_proxy` in lower case, then in capitals; `auto_proxy`.
[[nodiscard]] ProxyChoice proxy_of_environment(const Environment& environment, std::string_view scheme);
/// What `gsettings list-recursively org.gnome.system.proxy` prints.
[[nodiscard]] ProxyChoice proxy_of_gnome(std::string_view text, std::string_view scheme);
/// KDE's kioslaverc.
[[nodiscard]] ProxyChoice proxy_of_kde(std::string_view text, std::string_view scheme);

/// The entry of `no_proxy` that excepts the host; empty where none does. Entries are names (which except what is below
/// them as well, with or without a leading dot or "*."), addresses, networks ("10.0.0.0/8"), each perhaps with a port,
/// or "*". Loopback is excepted only where an entry says so, as curl has it.
[[nodiscard]] std::string proxy_bypassed(std::string_view no_proxy, std::string_view host, std::uint16_t port);

/// The choice applied to the target; `proxy_url` gets the proxy with its credentials, or nothing.
[[nodiscard]] ProxySettings settle_proxy(const ProxyChoice& choice, const Target& target, std::string& proxy_url);

}  // namespace fix502
