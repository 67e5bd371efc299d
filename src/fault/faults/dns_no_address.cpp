#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

std::optional<Finding> match_dns_no_address(const Picture& picture) {
  const Names& names = picture.names;
  if (names.resolves() || names.truth() != NameAnswer::no_data) return std::nullopt;
  Finding finding;
  finding.certainty = is_definite(names.zone.answer) ? Certainty::proven : Certainty::strong;
  finding.scope = Scope::everyone;
  finding.cause = "dns_error";
  finding.nel = "dns.name_not_resolved";
  finding.cites = names.truth_cites();
  finding.summary = fmt::format("The name {} exists, but has no address.", names.host);
  return finding;
}

}  // namespace

extern const Fault dns_no_address{
    .info = {.id = "dns.no-address",
             .hop = Hop::dns,
             .side = Side::owner,
             .title = "The name has no address",
             .meaning = "The name exists, but nobody has given it an address."},
    .layer = Layer::visitor,
    .explains = {"dns.resolver-down"},
    .match = match_dns_no_address,
};

}  // namespace fix502::faults
