#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

bool fails(const ResolverView& view) {
  return view.answer != NameAnswer::none && !is_definite(view.answer);
}

std::string_view words(NameAnswer answer) {
  switch (answer) {
    case NameAnswer::servfail:
      return "answers with an error (SERVFAIL)";
    case NameAnswer::refused:
      return "refuses to answer";
    case NameAnswer::unreachable:
      return "cannot be reached";
    default:
      return "does not answer";
  }
}

std::optional<Finding> match_dns_resolver_down(const Picture& picture) {
  const Names& names = picture.names;
  const auto failing = std::ranges::find_if(names.system, fails);
  if (failing == names.system.end()) return std::nullopt;
  const bool all_fail = std::ranges::all_of(names.system, fails);
  const bool others_know = is_definite(names.truth());
  const bool another_helps =
      std::ranges::any_of(names.system, [](const auto& view) { return is_definite(view.answer); });
  // Silence and refusal at the door are the resolver's own; SERVFAIL may be the zone's, and needs a comparison.
  const bool own_trouble = std::ranges::all_of(names.system, [](const auto& view) {
    return view.answer == NameAnswer::unreachable || (view.answer == NameAnswer::silent && !view.alive);
  });
  if (!others_know && !another_helps && !own_trouble) return std::nullopt;
  if (!all_fail && failing->answer == NameAnswer::servfail && !others_know && !another_helps) return std::nullopt;
  Finding finding;
  finding.certainty = others_know || another_helps ? Certainty::proven : Certainty::strong;
  finding.scope = Scope::only_you;
  finding.hidden = names.resolves();
  finding.cause = failing->answer == NameAnswer::silent ? "dns_timeout" : "dns_error";
  finding.nel = failing->answer == NameAnswer::silent || failing->answer == NameAnswer::unreachable ? "dns.unreachable"
                                                                                                    : "dns.failed";
  for (const Observation* seen : failing->seen) finding.cites.push_back(seen->id);
  for (const auto& id : names.truth_cites()) finding.cites.push_back(id);
  finding.subject = failing->server;
  finding.summary = fmt::format("The DNS resolver {} {}{}.", failing->server, words(failing->answer),
                                names.truth() == NameAnswer::addresses ? "; others give the site's address"
                                : all_fail                             ? ""
                                                                       : "; another one makes up for it");
  return finding;
}

}  // namespace

extern const Fault dns_resolver_down{
    .info = {.id = "dns.resolver-down",
             .hop = Hop::dns,
             .side = Side::visitor,
             .title = "Your DNS resolver does not work",
             .meaning = "The resolver that this machine uses does not answer, or fails, while others answer."},
    .layer = Layer::visitor,
    .explains = {},
    .match = match_dns_resolver_down,
};

}  // namespace fix502::faults
