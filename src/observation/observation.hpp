#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "observation/browser_profile.hpp"
#include "observation/browser_visit.hpp"
#include "observation/dns_exchange.hpp"
#include "observation/host_facts.hpp"
#include "observation/http_exchange.hpp"
#include "observation/resolver_cache.hpp"

namespace fix502 {

/// The variables that an experiment may vary against the baseline, and their values: {"address": "203.0.113.10"}.
using Varied = std::map<std::string, std::string>;

/// What one probe saw. Immutable once it is in the evidence.
struct Observation {
  std::string id;          ///< "o1", in the order in which they were finished
  std::string experiment;  ///< id of the experiment that asked, "baseline" among them
  Varied varied;           ///< empty: the baseline itself
  Duration started{};      ///< since the run's start
  Duration duration{};
  std::string reproduce;  ///< a command that does the same, secrets left out; empty where there is none
  std::variant<HttpExchange, DnsExchange, TcpConnect, SystemLookup, ResolverConfig, HostsEntry, Interfaces,
               ProxySettings, BrowserProfile, BrowserVisit, ResolverCache>
      data;

  bool operator==(const Observation&) const = default;

  template <typename T>
  [[nodiscard]] const T* as() const {
    return std::get_if<T>(&data);
  }
  /// The value that was varied, empty where that variable was not.
  [[nodiscard]] std::string_view varied_in(const std::string& variable) const {
    const auto found = varied.find(variable);
    return found == varied.end() ? std::string_view{} : std::string_view(found->second);
  }
};

/// "http", "dns", ...: the word that JSON has for the kind of probe.
[[nodiscard]] std::string_view probe_kind(const Observation& observation);
/// One short phrase: "502 Bad Gateway", "connection refused", "203.0.113.10 (TTL 300)".
[[nodiscard]] std::string outcome(const Observation& observation);

[[nodiscard]] Json to_json(const Observation& observation);
[[nodiscard]] Result<void> from_json(const Json& json, Observation& observation);

}  // namespace fix502
