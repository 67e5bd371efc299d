#pragma once

// What resolvers and the zone's own servers say about one name, side by side.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "observation/evidence.hpp"

namespace fix502 {

enum class NameAnswer {
  none,       ///< not asked
  addresses,  ///< at least one
  no_data,    ///< the name exists and has no address
  nxdomain,
  servfail,
  refused,      ///< REFUSED, NOTIMP, ... : the server is there and will not
  silent,       ///< nothing came
  unreachable,  ///< refused by the kernel, no route
};
[[nodiscard]] bool is_definite(NameAnswer answer);  ///< addresses, no_data, nxdomain

/// One resolver's word on A and AAAA together.
struct ResolverView {
  std::string server;
  DnsRole role = DnsRole::system;
  NameAnswer answer = NameAnswer::none;
  std::vector<std::string> addresses;
  std::vector<std::string> chain;          ///< of CNAMEs, the asked name first
  std::uint32_t ttl = 0;                   ///< smallest of the address records
  std::optional<std::uint32_t> later_ttl;  ///< of the same question, asked again later
  bool works_without_check = false;        ///< SERVFAIL, but an answer with CD: DNSSEC is bogus
  bool alive = false;                      ///< it answered something, if only about the root
  bool any_forged_mark = false;            ///< an address no public name has
  std::string extended_error;
  const Observation* stored = nullptr;  ///< the record was seen in its cache
  std::vector<const Observation*> seen;
};

/// The zone's own word.
struct ZoneWord {
  bool asked = false;
  NameAnswer answer = NameAnswer::none;  ///< what those that answer agree on
  std::vector<std::string> addresses;
  std::uint32_t ttl = 0;
  std::string missing_link;  ///< the name that does not exist, where it is not the asked one
  int servers = 0;
  int failing = 0;        ///< of them: silent, refusing, SERVFAIL, or not authoritative
  bool disagree = false;  ///< different addresses, and no single answer holds them all
  std::vector<const Observation*> seen;
};

struct Names {
  std::string host;
  const Observation* lookup = nullptr;  ///< what this machine resolves it to
  std::vector<ResolverView> system;
  std::vector<ResolverView> comparison;
  ZoneWord zone;
  std::vector<const Observation*> caches;  ///< ResolverCache of each that answers for this machine, the nearest first

  /// The comparison resolvers to believe: those that answered, and of them those asked over TLS, if there are any.
  [[nodiscard]] std::vector<const ResolverView*> witnesses() const;
  [[nodiscard]] bool resolves() const;  ///< for this machine
  [[nodiscard]] std::vector<std::string> system_addresses() const;
  /// What the name should give: the zone's word, else what the comparison resolvers agree on. NameAnswer::none:
  /// unknown.
  [[nodiscard]] NameAnswer truth() const;
  [[nodiscard]] std::vector<std::string> true_addresses() const;
  [[nodiscard]] std::vector<std::string> truth_cites() const;
};

/// Collects what the evidence has about `host`.
[[nodiscard]] Names read_names(const Evidence& evidence, const std::string& host);

}  // namespace fix502
