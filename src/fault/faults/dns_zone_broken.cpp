#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

void cite(Finding& finding, const std::vector<const Observation*>& seen) {
  for (const Observation* one : seen)
    if (finding.cites.size() < 6) finding.cites.push_back(one->id);
}

bool is_failure(NameAnswer answer) {
  return answer == NameAnswer::servfail || answer == NameAnswer::refused || answer == NameAnswer::silent;
}

/// SERVFAIL that an answer without checking turns into addresses: the signatures are wrong (RFC 4035 5.5).
std::optional<Finding> bogus(const Picture& picture) {
  const ResolverView* strict = nullptr;
  for (const auto* views : {&picture.names.system, &picture.names.comparison})
    for (const auto& view : *views) {
      const bool validated = std::ranges::any_of(
          view.seen, [](const Observation* seen) { return seen->as<DnsExchange>()->authenticated; });
      if (is_definite(view.answer) && validated) return std::nullopt;
      if (view.answer == NameAnswer::servfail && view.works_without_check && strict == nullptr) strict = &view;
    }
  if (strict == nullptr) return std::nullopt;
  Finding finding;
  finding.certainty = Certainty::strong;
  finding.summary = fmt::format(
      "The signatures (DNSSEC) on {} are wrong: checking resolvers refuse it, and without the check it has an address.",
      picture.names.host);
  cite(finding, strict->seen);
  finding.subject = strict->extended_error;
  return finding;
}

std::optional<Finding> match_dns_zone_broken(const Picture& picture) {
  const Names& names = picture.names;
  const bool felt = !names.resolves() || picture.visits.failed() > 0;
  std::optional<Finding> finding = bogus(picture);
  const bool zone_fails = names.zone.asked && names.zone.servers > 0 && names.zone.failing == names.zone.servers;
  const auto failing = [](const auto& views) {
    return !views.empty() &&
           std::ranges::all_of(views, [](const ResolverView& view) { return is_failure(view.answer) && view.alive; });
  };
  const bool everybody_fails = failing(names.system) && failing(names.comparison);
  const bool others_resolve =
      std::ranges::any_of(names.comparison, [](const auto& view) { return is_definite(view.answer); });
  if (!finding && ((zone_fails && !others_resolve) || everybody_fails) && !names.resolves()) {
    // Silent authoritative servers alone may be a network that lets no DNS out: resolvers must fail as well.
    const bool resolvers_say_so =
        std::ranges::any_of(names.system, [](const auto& view) { return view.answer == NameAnswer::servfail; }) ||
        everybody_fails;
    if (zone_fails && names.zone.answer == NameAnswer::silent && !resolvers_say_so) return std::nullopt;
    finding.emplace();
    finding->certainty = zone_fails && (resolvers_say_so || everybody_fails) ? Certainty::proven : Certainty::strong;
    finding->summary =
        zone_fails
            ? fmt::format("None of the {} name servers of {} gives a usable answer.", names.zone.servers, names.host)
            : fmt::format("No resolver can get an answer from the name servers of {}.", names.host);
    cite(*finding, names.zone.seen);
  }
  if (!finding && names.zone.disagree) {
    finding.emplace();
    finding->certainty = Certainty::strong;
    finding->summary = fmt::format("The name servers of {} contradict each other about its address.", names.host);
    cite(*finding, names.zone.seen);
  }
  if (!finding || (!felt && !names.zone.disagree && names.resolves())) return std::nullopt;
  for (const auto& view : names.system) cite(*finding, view.seen);
  finding->scope = names.resolves() ? Scope::some_visitors : Scope::everyone;
  finding->cause = "dns_error";
  finding->nel = "dns.failed";
  return finding;
}

}  // namespace

extern const Fault dns_zone_broken{
    .info = {.id = "dns.zone-broken",
             .hop = Hop::dns,
             .side = Side::owner,
             .title = "The site's own name servers are broken",
             .meaning =
                 "The zone's own name servers fail, contradict each other, or sign their answers wrongly (DNSSEC)."},
    .layer = Layer::visitor,
    .explains = {"dns.", "network.filtering", "gateway."},
    .match = match_dns_zone_broken,
};

}  // namespace fix502::faults
