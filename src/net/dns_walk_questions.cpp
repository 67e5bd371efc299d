#include "net/dns_walk_questions.hpp"

#include <algorithm>
#include <set>

namespace fix502 {
namespace {

constexpr std::size_t kAtOnce = 3;
constexpr std::size_t kMaxResolvers = 2;
// Finding the servers must not use up what asking them takes: four servers, two types.
constexpr int kForAuthorities = 8;

}  // namespace

WalkQuestions::WalkQuestions(AskDns ask, WalkOptions options)
    : ask_(std::move(ask)), options_(std::move(options)), left_(options_.max_questions) {}

DnsQuery WalkQuestions::query_to(const ZoneServer& server, DnsRole role, const std::string& zone,
                                 const std::string& name, const std::string& type) const {
  DnsQuery query;
  query.server = server.address;
  query.server_name = server.name;
  query.role = role;
  query.zone = zone;
  query.name = name;
  query.type = type;
  query.recursion_desired = false;
  query.interface = options_.interface;
  query.timeout = options_.question_timeout;
  return query;
}

std::vector<DnsQuery> WalkQuestions::within_budget(std::vector<DnsQuery> queries, int reserve) {
  const auto most = static_cast<std::size_t>(std::max(left_ - reserve, 0));
  queries.resize(std::min(queries.size(), most));
  left_ -= static_cast<int>(queries.size());
  return queries;
}

Task<std::optional<DnsExchange>> WalkQuestions::ask_zone(Delegation zone, std::string name, std::string type) {
  const auto servers = chosen_servers(zone.servers, options_, 2 * kAtOnce);
  for (std::size_t begin = 0; begin < servers.size(); begin += kAtOnce) {
    std::vector<DnsQuery> queries;
    for (std::size_t i = begin; i < std::min(begin + kAtOnce, servers.size()); ++i)
      queries.push_back(query_to(servers[i], DnsRole::delegation, zone.zone, name, type));
    queries = within_budget(std::move(queries), kForAuthorities);
    std::function<bool(const DnsExchange&)> enough = leads_on;
    const auto answers = co_await ask_until(ask_, std::move(queries), std::move(enough));
    const auto found = std::ranges::find_if(answers, leads_on);
    if (found != answers.end()) co_return *found;
  }
  co_return std::nullopt;
}

Task<std::vector<DnsExchange>> WalkQuestions::ask_resolvers(std::vector<std::string> names,
                                                            std::vector<std::string> types) {
  std::vector<DnsQuery> queries;
  for (const auto& name : names) {
    for (const auto& type : types) {
      for (std::size_t i = 0; i < std::min(options_.resolvers.size(), kMaxResolvers); ++i) {
        const WalkResolver& resolver = options_.resolvers[i];
        DnsQuery query = query_to({{}, resolver.server}, resolver.role, {}, name, type);
        query.recursion_desired = true;
        query.server_addresses = resolver.server_addresses;
        queries.push_back(std::move(query));
      }
    }
  }
  queries = within_budget(std::move(queries), kForAuthorities);
  std::set<std::pair<std::string, std::string>> open;
  for (const auto& query : queries) open.emplace(query.name, query.type);
  std::function<bool(const DnsExchange&)> enough = [&open](const DnsExchange& exchange) {
    if (exchange.failure == Failure::none && exchange.rcode == "NOERROR") open.erase({exchange.name, exchange.type});
    return open.empty();
  };
  co_return co_await ask_until(ask_, std::move(queries), std::move(enough));
}

Task<std::vector<DnsExchange>> WalkQuestions::ask_authorities(std::vector<ZoneServer> servers, std::string zone,
                                                              std::string name) {
  std::vector<DnsQuery> queries;
  for (const auto& server : servers)
    for (const auto* type : {"A", "AAAA"})
      queries.push_back(query_to(server, DnsRole::authoritative, zone, name, type));
  queries = within_budget(std::move(queries), 0);
  return ask_all(ask_, std::move(queries));
}

}  // namespace fix502
