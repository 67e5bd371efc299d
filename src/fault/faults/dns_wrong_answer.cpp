#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"
#include "fault/wrong_address.hpp"

namespace fix502::faults {
namespace {

/// "No such name" from this resolver alone.
std::optional<Finding> denied(const Picture& picture) {
  const Names& names = picture.names;
  if (names.resolves() || names.truth() != NameAnswer::addresses) return std::nullopt;
  const auto liar = std::ranges::find_if(names.system, [](const ResolverView& view) {
    return view.answer == NameAnswer::nxdomain || view.answer == NameAnswer::no_data;
  });
  if (liar == names.system.end()) return std::nullopt;
  Finding finding;
  finding.certainty = Certainty::proven;
  finding.scope = Scope::only_you;
  finding.cause = "dns_error";
  finding.nel = "dns.name_not_resolved";
  finding.subject = liar->server;
  for (const Observation* seen : liar->seen) finding.cites.push_back(seen->id);
  for (const auto& id : names.truth_cites()) finding.cites.push_back(id);
  finding.summary = fmt::format("The resolver {} says that {} {}, but it has: {}.", liar->server, names.host,
                                liar->answer == NameAnswer::nxdomain ? "does not exist" : "has no address",
                                names.true_addresses().front());
  return finding;
}

std::optional<Finding> match_dns_wrong_answer(const Picture& picture) {
  if (auto finding = denied(picture)) return finding;
  const auto wrong = find_wrong_address(picture);
  if (!wrong || wrong->counts_down) return std::nullopt;
  Finding finding = about_wrong_address(picture, *wrong);
  finding.subject = wrong->resolver->server;
  finding.summary = fmt::format("The resolver {} alone gives {}, {}; {} {}{}.", wrong->resolver->server,
                                wrong->resolver->addresses.front(),
                                finding.felt ? "where another page stands in the site's place" : "which fails",
                                picture.names.zone.asked ? "the zone says" : "others say", wrong->truth.front(),
                                wrong->truth_works ? ", which works" : "");
  return finding;
}

}  // namespace

extern const Fault dns_wrong_answer{
    .info = {.id = "dns.wrong-answer",
             .hop = Hop::dns,
             .side = Side::visitor,
             .title = "Your resolver gives a wrong answer",
             .meaning =
                 "The resolver in use says something that the zone never said, while others agree with the zone."},
    .layer = Layer::visitor,
    .explains = {},
    .match = match_dns_wrong_answer,
};

}  // namespace fix502::faults
