#pragma once

// What the words and conditions of the remedies need to know about a case.

#include <optional>
#include <string>
#include <string_view>

#include "fault/fault.hpp"
#include "observation/evidence.hpp"

namespace fix502 {

/// Whether a row of remedies.def fits the case.
enum class When {
  always,
  visitor_side,
  not_visitor_side,
  owner_side,
  ipv4_works,
  owner_and_ipv4,  ///< the owner's side, and IPv4 works
  owner_not_ipv4,  ///< the owner's side, and IPv4 is not seen to work
  retry_known,
  retry_unknown,
  ttl_known,
  ttl_unknown,
  worker_serves,  ///< it was seen to be what serves the stored error
  cache_serves,   ///< it was not
  worker_seen,    ///< a service worker of the site is registered in a browser
  browser_open,   ///< a browser that was looked into is running
};

/// What a plan looks up in the evidence, once.
struct RemedyFacts {
  std::string url, host;
  std::string resolver;       ///< for --resolver: one that answers otherwise than the one in use; may be empty
  std::string resolver_file;  ///< the file with this machine's resolver settings
  std::string origin;         ///< for --origin
  Side side = Side::unknown;
  bool ipv4_works = false;
  bool worker_seen = false;  ///< in a profile that the finding cites
  bool worker_serves = false;
  bool browser_open = false;        ///< of such a profile
  std::optional<long> retry_after;  ///< seconds, from the answers that the finding cites
  std::optional<long> ttl;          ///< seconds until the address in question runs out
};

[[nodiscard]] RemedyFacts gather_facts(const Evidence& evidence, const Finding* finding);
[[nodiscard]] bool holds(When when, const RemedyFacts& facts);
/// The template with its {placeholders} filled; for commands each value is quoted for the shell.
[[nodiscard]] std::string fill(std::string_view text, const RemedyFacts& facts, bool is_command);

}  // namespace fix502
