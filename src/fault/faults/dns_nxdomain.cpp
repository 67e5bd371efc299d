#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

std::optional<Finding> match_dns_nxdomain(const Picture& picture) {
  const Names& names = picture.names;
  if (names.resolves() || names.truth() != NameAnswer::nxdomain) return std::nullopt;
  std::string missing = names.zone.missing_link;
  // A resolver that says NXDOMAIN behind an alias means the alias's target (RFC 2308 2.1).
  for (const auto* views : {&names.system, &names.comparison})
    for (const auto& view : *views)
      if (missing.empty() && view.answer == NameAnswer::nxdomain && view.chain.size() > 1) missing = view.chain.back();
  Finding finding;
  finding.certainty = is_definite(names.zone.answer) ? Certainty::proven : Certainty::strong;
  finding.scope = Scope::everyone;
  finding.cause = "dns_error";
  finding.nel = "dns.name_not_resolved";
  finding.cites = names.truth_cites();
  for (const auto& view : names.system)
    for (const Observation* seen : view.seen)
      if (finding.cites.size() < 6) finding.cites.push_back(seen->id);
  finding.subject = missing.empty() ? names.host : missing;
  finding.summary =
      missing.empty() || missing == names.host
          ? fmt::format("The name {} does not exist: a typing error, or the domain has expired.", names.host)
          : fmt::format("{} points to {}, a name that does not exist.", names.host, missing);
  return finding;
}

}  // namespace

extern const Fault dns_nxdomain{
    .info = {.id = "dns.nxdomain",
             .hop = Hop::dns,
             .side = Side::owner,
             .title = "The name does not exist",
             .meaning = "The name does not exist anywhere: a typing error, an expired domain, or a record that points "
                        "to nothing."},
    .layer = Layer::visitor,
    .explains = {"dns.resolver-down"},
    .match = match_dns_nxdomain,
};

}  // namespace fix502::faults
