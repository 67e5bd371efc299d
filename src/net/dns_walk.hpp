#pragma once

// From a name to the servers that have the last word on it, and to what each of them says. Two ways are gone at once:
// down from the root by referrals, which no resolver can falsify, and through resolvers, which works where the root
// cannot be reached. The root's way counts where both arrive.

#include <string>
#include <vector>

#include "net/dns_ask.hpp"

namespace fix502 {

/// One name server of a zone, at one of its addresses.
struct ZoneServer {
  std::string name;
  std::string address;

  bool operator==(const ZoneServer&) const = default;
};

/// A resolver to ask for name servers and their addresses; the role is that of its observations.
struct WalkResolver {
  std::string server;
  DnsRole role = DnsRole::system;
  std::vector<std::string> server_addresses;
};

struct WalkOptions {
  std::vector<WalkResolver> resolvers;  ///< those that are known to work; the first two are asked
  std::vector<ZoneServer> roots;        ///< empty: the internet's own
  bool ipv4 = true;                     ///< families in which this machine can send
  bool ipv6 = false;
  std::string interface;
  int max_questions = 60;
  Milliseconds question_timeout{1'500};
  // Once the resolvers' way has arrived, how long the root's may still take: no root having answered yet, and one
  // having.
  Milliseconds silent_grace{400};
  Milliseconds moving_grace{1'500};
};

/// One zone on the way of the name's aliases: the first has the name itself.
struct ZoneView {
  std::string zone;                  ///< its apex
  std::string name;                  ///< the name that was asked for in it
  bool from_root = false;            ///< found by referrals; otherwise by what resolvers said
  std::vector<ZoneServer> servers;   ///< those that were asked, at most four
  std::vector<DnsExchange> answers;  ///< A and AAAA of each, as far as its question was asked
};

/// Follows at most eight aliases into other zones. Empty where no way led to any zone. Questions on the way down have
/// role delegation and the zone that the server was asked for; those to the name's own servers are authoritative; those
/// to resolvers have the resolver's role. A question that was given up because another was quicker comes to its end
/// with Failure::out_of_time and is no finding.
Task<std::vector<ZoneView>> walk_zones(AskDns ask, std::string name, WalkOptions options);

}  // namespace fix502
