#include "remedy/facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "signature/signature.hpp"
#include "signature/works.hpp"

namespace fix502 {
namespace {

/// "in 40 seconds", "in 12 minutes", "in 3 hours": never sooner than the moment itself.
std::string in_time(long seconds) {
  const auto [amount, unit] = seconds < 120    ? std::pair{std::max(seconds, 1L), "second"}
                              : seconds < 7200 ? std::pair{(seconds + 59) / 60, "minute"}
                                               : std::pair{(seconds + 3599) / 3600, "hour"};
  return fmt::format("in {} {}{}", amount, unit, amount == 1 ? "" : "s");
}

std::vector<std::string> sorted(std::vector<std::string> addresses) {
  std::ranges::sort(addresses);
  return addresses;
}

/// As --resolver takes it: the port only where it is not the usual one.
std::string resolver_option(const DnsExchange& seen) {
  const bool usual =
      seen.server.ends_with(":53") && (seen.transport == Transport::udp || seen.transport == Transport::tcp);
  std::string server = usual ? seen.server.substr(0, seen.server.size() - 3) : seen.server;
  if (usual && server.starts_with('[') && server.ends_with(']')) server = server.substr(1, server.size() - 2);
  return server;
}

/// A resolver that was asked for the same and is seen to answer otherwise than the one in use; encrypted ones first.
std::string better_resolver(const Evidence& evidence) {
  std::vector<std::string> in_use;
  for (const auto& observation : evidence.observations)
    if (const auto* seen = observation.as<DnsExchange>(); seen && seen->role == DnsRole::system)
      std::ranges::copy(seen->addresses(), std::back_inserter(in_use));
  in_use = sorted(std::move(in_use));
  std::string best;
  Transport transport = Transport::udp;
  for (const auto& observation : evidence.observations) {
    const auto* seen = observation.as<DnsExchange>();
    if (!seen || seen->role != DnsRole::comparison || seen->failure != Failure::none) continue;
    const auto addresses = sorted(seen->addresses());
    if (addresses.empty() || std::ranges::includes(in_use, addresses)) continue;
    if (!best.empty() && seen->transport <= transport) continue;
    best = resolver_option(*seen);
    transport = seen->transport;
  }
  return best;
}

/// The longest lifetime that is left in what the resolver in use says (RFC 2181 8: seconds).
std::optional<long> longest_ttl(const Evidence& evidence, const Finding& finding) {
  std::optional<long> longest;
  for (const auto& id : finding.cites) {
    const auto* observation = evidence.find(id);
    const auto* seen = observation ? observation->as<DnsExchange>() : nullptr;
    if (!seen || seen->role != DnsRole::system) continue;
    for (const auto& record : seen->answer)
      if (record.type == "A" || record.type == "AAAA")
        longest = std::max(longest.value_or(0), static_cast<long>(record.ttl));
  }
  return longest;
}

std::optional<long> longest_retry(const Evidence& evidence, const Finding& finding) {
  std::optional<long> longest;
  for (const auto& id : finding.cites) {
    const auto* observation = evidence.find(id);
    const auto* seen = observation ? observation->as<HttpExchange>() : nullptr;
    if (!seen) continue;
    if (const auto seconds = retry_after(*seen)) longest = std::max(longest.value_or(0), *seconds);
  }
  return longest;
}

bool works_over_ipv4(const Evidence& evidence) {
  return std::ranges::any_of(evidence.observations, [&](const Observation& observation) {
    const auto* seen = observation.as<HttpExchange>();
    // A page that is known to work says nothing about this site.
    return seen && observation.experiment != "connectivity" && seen->family == Family::ipv4 &&
           works(*seen, evidence.settings.expect_status);
  });
}

std::string resolver_file(const Evidence& evidence) {
  for (const auto& observation : evidence.observations)
    if (const auto* seen = observation.as<ResolverConfig>(); seen && !seen->path.empty()) return seen->path;
  return "/etc/resolv.conf";
}

struct Placeholder {
  std::string_view name;
  std::string value;
};

}  // namespace

RemedyFacts gather_facts(const Evidence& evidence, const Finding* finding) {
  RemedyFacts facts;
  facts.url = evidence.target.url;
  facts.host = evidence.target.host;
  facts.resolver = better_resolver(evidence);
  facts.resolver_file = resolver_file(evidence);
  facts.origin = evidence.settings.origin ? to_text(*evidence.settings.origin) : "ORIGIN";
  facts.ipv4_works = works_over_ipv4(evidence);
  if (!finding) return facts;
  facts.side = finding->side;
  facts.worker_serves = finding->fault == "browser.cached-error" && finding->subject == "service worker";
  if (finding->subject == "nsswitch") facts.resolver_file = "/etc/nsswitch.conf";
  facts.retry_after = longest_retry(evidence, *finding);
  facts.ttl = longest_ttl(evidence, *finding);
  for (const auto& id : finding->cites) {
    const auto* observation = evidence.find(id);
    const auto* seen = observation ? observation->as<BrowserProfile>() : nullptr;
    facts.worker_seen = facts.worker_seen || (seen && !seen->workers.empty());
    facts.browser_open = facts.browser_open || (seen && seen->running);
  }
  return facts;
}

bool holds(When when, const RemedyFacts& facts) {
  const bool owner = facts.side == Side::owner;
  switch (when) {
    case When::always:
      return true;
    case When::visitor_side:
      return facts.side == Side::visitor;
    case When::not_visitor_side:
      return facts.side != Side::visitor;
    case When::owner_side:
      return owner;
    case When::ipv4_works:
      return facts.ipv4_works;
    case When::owner_and_ipv4:
      return owner && facts.ipv4_works;
    case When::owner_not_ipv4:
      return owner && !facts.ipv4_works;
    case When::retry_known:
      return facts.retry_after.has_value();
    case When::retry_unknown:
      return !facts.retry_after;
    case When::ttl_known:
      return facts.ttl.has_value();
    case When::ttl_unknown:
      return !facts.ttl;
    case When::worker_serves:
      return facts.worker_serves;
    case When::cache_serves:
      return !facts.worker_serves;
    case When::worker_seen:
      return facts.worker_seen && !facts.worker_serves;
    case When::browser_open:
      return facts.browser_open;
  }
  return false;
}

std::string fill(std::string_view text, const RemedyFacts& facts, bool is_command) {
  const auto quoted = [&](const std::string& value) { return is_command ? shell_quoted(value) : value; };
  const Placeholder placeholders[] = {
      {"{url}", quoted(facts.url)},
      {"{host}", facts.host},
      {"{resolver}", facts.resolver.empty() ? "" : " --resolver " + quoted(facts.resolver)},
      {"{resolver_file}", quoted(facts.resolver_file)},
      {"{origin}", quoted(facts.origin)},
      {"{retry}", in_time(facts.retry_after.value_or(0))},
      {"{ttl}", in_time(facts.ttl.value_or(0))},
  };
  std::string filled;
  // Left to right, so that a value which looks like a placeholder is not filled again.
  while (!text.empty()) {
    const auto open = std::min(text.find('{'), text.size());
    filled += text.substr(0, open);
    text.remove_prefix(open);
    const auto known = std::ranges::find_if(placeholders, [&](const auto& one) { return text.starts_with(one.name); });
    if (known != std::end(placeholders)) {
      filled += known->value;
      text.remove_prefix(known->name.size());
    } else if (!text.empty()) {
      filled += text.front();
      text.remove_prefix(1);
    }
  }
  return filled;
}

}  // namespace fix502
