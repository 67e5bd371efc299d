#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "target/target.hpp"

namespace fix502 {

/// Whether installed browsers are run as well.
enum class BrowserUse { if_open, always, never };

/// What the options of a diagnosis say (product.md "Options that every diagnosis knows").
/// Those listed in `fields` travel with a recorded run because reasoning looks at them.
struct Settings {
  // Travels with a recorded run.
  StatusSet expect_status;
  std::optional<Endpoint> origin;              ///< --origin
  std::vector<std::string> compare_resolvers;  ///< as typed: IP[:PORT], tls://IP, https://URL
  std::vector<std::string> connectivity_checks;
  bool authoritative = true;
  bool cookies_given = false;  ///< --cookie, or a Cookie header by -H
  std::string proxy;           ///< --proxy, credentials left out
  bool no_proxy = false;
  int family = 0;  ///< 4, 6, or 0 for both

  // Stays on this machine.
  std::string cookie;
  std::vector<std::pair<std::string, std::string>> headers;  ///< -H
  std::string method = "GET";
  std::string data;
  std::string proxy_url;  ///< with credentials
  std::string interface;  ///< name or address
  std::chrono::milliseconds timeout{15'000};
  int max_requests = 40;
  std::vector<std::string> browser_profiles;  ///< --browser-profile; empty: those found
  bool browser_cache = true;                  ///< --no-browser-cache
  BrowserUse browsers = BrowserUse::if_open;  ///< --browsers, --no-browsers
  bool with_my_profile = false;

  bool operator==(const Settings&) const = default;
  static constexpr void fields(auto&& field) {
    field("expect_status", &Settings::expect_status);
    field("origin", &Settings::origin);
    field("compare_resolvers", &Settings::compare_resolvers);
    field("connectivity_checks", &Settings::connectivity_checks);
    field("authoritative", &Settings::authoritative);
    field("cookies_given", &Settings::cookies_given);
    field("proxy", &Settings::proxy);
    field("no_proxy", &Settings::no_proxy);
    field("family", &Settings::family);
  }
};

}  // namespace fix502
