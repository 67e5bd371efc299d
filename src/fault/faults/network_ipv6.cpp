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
  int good = 0;     ///< addresses where the page works
  int reached = 0;  ///< addresses where anything answers
  int all = 0;
  const Try* error = nullptr;
};

FamilyTally tally(const Picture& picture, bool v6, Cites& cites) {
  FamilyTally tally;
  for (const auto& view : picture.site_addresses) {
    if (is_ipv6(view.address) != v6 || view.tries.empty()) continue;
    ++tally.all;
    tally.good += view.tries.all_work() ? 1 : 0;
    const Try* error = view.tries.first_failing();
    tally.reached += error == nullptr || !is_connect(error->http->failure) ? 1 : 0;
    if (tally.error == nullptr) tally.error = error;
    for (const auto& id : view.tries.cites(1)) cites.push_back(id);
  }
  return tally;
}

/// All addresses of `bad` fail where those of `good` do not: they answer wrongly where the others work, or are dead
/// where the others at least answer.
bool fails_beside(const FamilyTally& bad, const FamilyTally& good) {
  if (bad.all == 0 || good.all == 0 || bad.good > 0 || bad.error == nullptr) return false;
  return good.good == good.all || (bad.reached == 0 && good.reached == good.all);
}

std::optional<Finding> match_network_ipv6(const Picture& picture) {
  if (picture.proxy != nullptr) return std::nullopt;
  Cites cites;
  const FamilyTally v4 = tally(picture, false, cites);
  const FamilyTally v6 = tally(picture, true, cites);
  const bool v6_fails = fails_beside(v6, v4);
  if (!v6_fails && !fails_beside(v4, v6)) return std::nullopt;
  const HttpExchange& error = *(v6_fails ? v6 : v4).error->http;
  // A machine without IPv6 misses nothing: no program tries it there (RFC 6724).
  if (v6_fails && error.failure == Failure::unreachable && !has_own_ipv6(picture)) return std::nullopt;
  const bool connects = !is_connect(error.failure);
  Finding finding;
  finding.certainty = Certainty::strong;
  finding.side =
      connects || error.failure == Failure::refused || ipv6_works_elsewhere(picture) ? Side::owner : Side::unknown;
  finding.scope = Scope::some_visitors;
  finding.felt = connects;
  // Racing the families (RFC 8305) gets round what does not connect, unless one alone was asked for.
  finding.hidden = !connects && picture.seen.settings.family == 0;
  finding.cause = status_cause(error);
  finding.nel = nel_of(error);
  finding.cites = cites;
  finding.subject = v6_fails ? "IPv6" : "IPv4";
  finding.summary = fmt::format("Over {} the site fails ({}); over {} it answers.", v6_fails ? "IPv6" : "IPv4",
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
    .layer = Layer::visitor,
    .explains = {"gateway.partly-down", "cdn.edge"},
    .match = match_network_ipv6,
};

}  // namespace fix502::faults
