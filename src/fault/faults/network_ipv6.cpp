#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

bool has_own_ipv6(const Picture& picture) {
  if (picture.interfaces == nullptr) return false;
  const auto& facts = *picture.interfaces->as<Interfaces>();
  return facts.default_route_ipv6 || std::ranges::any_of(facts.interfaces, [](const Interface& interface) {
           return std::ranges::any_of(interface.addresses,
                                      [](const auto& own) { return is_ipv6(own) && own != "::1"; });
         });
}

/// Another site was reached over IPv6, so this machine's own IPv6 is in order.
bool ipv6_works_elsewhere(const Picture& picture) {
  return std::ranges::any_of(picture.seen.observations, [](const Observation& seen) {
    const auto* http = seen.as<HttpExchange>();
    const auto* dns = seen.as<DnsExchange>();
    return (http != nullptr && seen.experiment == "connectivity" && http->family == Family::ipv6 &&
            http->failure == Failure::none) ||
           (dns != nullptr && dns->failure == Failure::none && dns->server.starts_with("["));
  });
}

struct FamilyTally {
  int good = 0;
  int bad = 0;
  const Try* error = nullptr;
};

std::optional<Finding> match(const Picture& picture) {
  FamilyTally v4, v6;
  Cites cites;
  for (const auto& view : picture.site_addresses) {
    if (view.tries.mixed()) return std::nullopt;
    FamilyTally& tally = is_ipv6(view.address) ? v6 : v4;
    ++(view.tries.all_work() ? tally.good : tally.bad);
    if (tally.error == nullptr) tally.error = view.tries.first_failing();
    for (const auto& id : view.tries.cites(1)) cites.push_back(id);
  }
  const bool v6_fails = v6.bad > 0 && v6.good == 0 && v4.good > 0 && v4.bad == 0;
  const bool v4_fails = v4.bad > 0 && v4.good == 0 && v6.good > 0 && v6.bad == 0;
  if (!v6_fails && !v4_fails) return std::nullopt;
  const HttpExchange& error = *(v6_fails ? v6 : v4).error->http;
  // A machine without IPv6 misses nothing: no program tries it there (RFC 6724).
  if (v6_fails && error.failure == Failure::unreachable && !has_own_ipv6(picture)) return std::nullopt;
  const bool reached = !is_connect(error.failure) || error.failure == Failure::refused;
  Finding finding;
  finding.certainty = Certainty::strong;
  finding.side = reached || ipv6_works_elsewhere(picture) ? Side::owner : Side::unknown;
  finding.scope = Scope::some_visitors;
  finding.felt = !is_connect(error.failure);
  finding.cause = status_cause(error);
  finding.nel = nel_of(error);
  finding.cites = cites;
  finding.subject = v6_fails ? "IPv6" : "IPv4";
  finding.summary = fmt::format("Over {} the site fails ({}); over {} it works.", v6_fails ? "IPv6" : "IPv4",
                                story(error), v6_fails ? "IPv4" : "IPv6");
  return finding;
}

}  // namespace

extern const Fault network_ipv6{
    .info = {.id = "network.ipv6",
             .hop = Hop::network,
             .side = Side::unknown,
             .title = "One of the two IP families fails",
             .meaning = "The site works over one IP family and fails over the other."},
    .layer = Layer::site,
    .explains = {},
    .match = match,
};

}  // namespace fix502::faults
