#pragma once

#include <optional>
#include <string>
#include <vector>

#include "net/dns_referral.hpp"
#include "net/dns_walk.hpp"

namespace fix502 {

/// What a walk asks, within its budget of questions.
class WalkQuestions {
 public:
  WalkQuestions(AskDns ask, WalkOptions options);

  [[nodiscard]] const WalkOptions& options() const { return options_; }

  /// The first answer that leads on, of three of the zone's servers at once and then of three others.
  Task<std::optional<DnsExchange>> ask_zone(Delegation zone, std::string name, std::string type);
  /// Each name and type, to the first two resolvers; one that has an answer is enough, but "no such name" is only
  /// believed after both.
  Task<std::vector<DnsExchange>> ask_resolvers(std::vector<std::string> names, std::vector<std::string> types);
  /// A and AAAA, to each of the servers, which have the last word.
  Task<std::vector<DnsExchange>> ask_authorities(std::vector<ZoneServer> servers, std::string zone, std::string name);

 private:
  [[nodiscard]] DnsQuery query_to(const ZoneServer& server, DnsRole role, const std::string& zone,
                                  const std::string& name, const std::string& type) const;
  /// As many of the queries as leave `reserve` for later.
  std::vector<DnsQuery> within_budget(std::vector<DnsQuery> queries, int reserve);

  AskDns ask_;
  WalkOptions options_;
  int left_;
};

}  // namespace fix502
