#include "net/dns_referral.hpp"

#include <algorithm>

#include "net/dns_names.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMaxServers = 13;

/// `owner` is a zone strictly below `zone`, and the asked name stands in it.
bool is_step_down(const std::string& owner, const std::string& name, const std::string& zone) {
  return owner != zone && is_within(owner, zone) && is_within(name, owner);
}

bool is_usable(const ZoneServer& server, const WalkOptions& options) {
  return is_ipv4(server.address) ? options.ipv4 : options.ipv6;
}

}  // namespace

bool leads_on(const DnsExchange& exchange) {
  if (exchange.failure != Failure::none) return false;
  if (exchange.rcode != "NOERROR" && exchange.rcode != "NXDOMAIN") return false;
  const auto is_ns = [](const DnsRecord& record) { return record.type == "NS"; };
  return exchange.authoritative || (exchange.answer.empty() && std::ranges::any_of(exchange.authority, is_ns));
}

Delegation referral_in(const DnsExchange& exchange, const std::string& zone) {
  Delegation found;
  found.zone.clear();
  for (const auto& record : exchange.authority) {
    if (record.type != "NS" || !is_step_down(record.name, exchange.name, zone)) continue;
    if (!found.zone.empty() && record.name != found.zone) continue;
    found.zone = record.name;
    if (found.unresolved.size() < kMaxServers) found.unresolved.push_back(record.data);
  }
  for (const auto& record : exchange.additional) {
    const bool is_address = record.type == "A" || record.type == "AAAA";
    if (!is_address || !is_within(record.name, zone) || found.servers.size() >= 2 * kMaxServers) continue;
    if (std::ranges::find(found.unresolved, record.name) != found.unresolved.end())
      found.servers.push_back({record.name, record.data});
  }
  std::erase_if(found.unresolved, [&found](const std::string& name) {
    return std::ranges::find(found.servers, name, &ZoneServer::name) != found.servers.end();
  });
  return found;
}

std::string apex_in(const DnsExchange& exchange, const std::string& zone) {
  for (const auto& record : exchange.authority)
    if (record.type == "SOA" && is_step_down(record.name, exchange.name, zone)) return record.name;
  return {};
}

std::vector<ZoneServer> chosen_servers(const std::vector<ZoneServer>& servers, const WalkOptions& options,
                                       std::size_t most) {
  std::vector<ZoneServer> chosen;
  const auto add = [&](bool want_ipv4, bool new_names_only) {
    for (const auto& server : servers) {
      if (chosen.size() >= most || !is_usable(server, options) || is_ipv4(server.address) != want_ipv4) continue;
      if (std::ranges::find(chosen, server.address, &ZoneServer::address) != chosen.end()) continue;
      const bool known = std::ranges::find(chosen, server.name, &ZoneServer::name) != chosen.end();
      if (!known || !new_names_only) chosen.push_back(server);
    }
  };
  add(true, true);
  add(false, true);
  add(true, false);
  add(false, false);
  return chosen;
}

std::string alias_out_of(const std::string& zone, const std::vector<DnsExchange>& answers) {
  for (const auto& exchange : answers) {
    if (exchange.failure != Failure::none || !exchange.authoritative) continue;
    const std::string end = exchange.chain().back();
    if (end == exchange.name) continue;
    if (!is_within(end, zone)) return end;
    // The same zone's server may refer to a zone of its own for what stands below.
    for (const auto& record : exchange.authority)
      if (record.type == "NS" && is_step_down(record.name, end, zone)) return end;
  }
  return {};
}

}  // namespace fix502
