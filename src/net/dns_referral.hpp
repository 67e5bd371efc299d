#pragma once

// What an answer on the way down from the root means. Pure.

#include <string>
#include <vector>

#include "net/dns_walk.hpp"

namespace fix502 {

/// A zone and its name servers as its parent (or a resolver) names them.
struct Delegation {
  std::string zone = ".";
  std::vector<ZoneServer> servers;      ///< with addresses
  std::vector<std::string> unresolved;  ///< servers' names without an address yet
};

/// A usable step: an answer by a server that says it has authority, or a referral.
[[nodiscard]] bool leads_on(const DnsExchange& exchange);

/// The zone below `zone` that the answer refers the name to, with the addresses that came along; empty zone: none.
/// Addresses of servers outside `zone` are not the answering server's to give, and are left out.
[[nodiscard]] Delegation referral_in(const DnsExchange& exchange, const std::string& zone);

/// The apex of the zone that the answer's authority section speaks for, if that is below `zone`.
[[nodiscard]] std::string apex_in(const DnsExchange& exchange, const std::string& zone);

/// At most `most` servers: one address of each name first, IPv4 before IPv6, only of usable families.
[[nodiscard]] std::vector<ZoneServer> chosen_servers(const std::vector<ZoneServer>& servers, const WalkOptions& options,
                                                     std::size_t most);

/// Where the answers' aliases lead out of `zone`; empty where they do not.
[[nodiscard]] std::string alias_out_of(const std::string& zone, const std::vector<DnsExchange>& answers);

}  // namespace fix502
