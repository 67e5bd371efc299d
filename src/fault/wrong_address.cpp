#include "fault/wrong_address.hpp"

#include <algorithm>

#include "fault/impostor.hpp"

namespace fix502 {
namespace {

/// The tries at the resolver's addresses: the visits, where those are what was visited.
const Try* failing_there(const Picture& picture, const ResolverView& view) {
  if (behind_impostor(picture) != nullptr) return &picture.visits.all.front();
  for (const auto& seen : picture.addresses)
    if (lists(view.addresses, seen.address) && seen.tries.none_works()) return seen.tries.first_failing();
  return picture.visits.none_works() && !share_any(picture.names.true_addresses(), picture.names.system_addresses())
             ? picture.visits.first_failing()
             : nullptr;
}

/// A cache counts the TTL down from what the zone gave (RFC 2181 8); who makes answers up gives the same one each time.
/// The zone may have given longer ones before than it does now.
bool counts_down(const ResolverView& view) {
  if (view.stored != nullptr) return true;  // seen in the cache itself
  return view.later_ttl && *view.later_ttl < view.ttl;
}

}  // namespace

std::optional<WrongAddress> find_wrong_address(const Picture& picture) {
  const Names& names = picture.names;
  const auto truth = names.true_addresses();
  if (truth.empty() || picture.hosts_entry != nullptr || picture.proxy != nullptr) return std::nullopt;
  for (const auto& view : names.system) {
    if (view.answer != NameAnswer::addresses || share_any(view.addresses, truth)) continue;
    const Try* error = failing_there(picture, view);
    if (error == nullptr) continue;
    WrongAddress wrong;
    wrong.resolver = &view;
    wrong.truth = truth;
    wrong.counts_down = counts_down(view);
    wrong.ttl = view.later_ttl.value_or(view.ttl);
    const Try* there = nullptr;
    for (const auto& seen : picture.addresses)
      if (lists(truth, seen.address)) {
        wrong.truth_works = wrong.truth_works || seen.tries.first_working() != nullptr;
        if (there == nullptr) there = seen.tries.first_failing();
        for (const auto& id : seen.tries.cites(1)) wrong.truth_tries.push_back(id);
      }
    // The same trouble at both addresses: they may both be the site's, and the name is not what is wrong.
    const bool same = !wrong.truth_works && there != nullptr && same_story(*error->http, *there->http);
    if (same && (wrong.counts_down || !is_connect(error->http->failure) || names.zone.answer != NameAnswer::addresses))
      continue;
    // One resolver's word against another's: ours leads to something that answers, theirs to nothing.
    const bool theirs_dead = there != nullptr && is_connect(there->http->failure);
    if (names.zone.answer != NameAnswer::addresses && !wrong.truth_works && theirs_dead &&
        !is_connect(error->http->failure))
      continue;
    return wrong;
  }
  return std::nullopt;
}

Finding about_wrong_address(const Picture& picture, const WrongAddress& wrong) {
  Finding finding;
  // A resolver elsewhere may have been given other addresses on purpose; the zone's own word is not in doubt.
  const bool shown = wrong.truth_works && (picture.names.zone.answer == NameAnswer::addresses || wrong.counts_down ||
                                           picture.names.witnesses().size() > 1);
  finding.certainty = shown ? Certainty::proven : Certainty::likely;
  finding.scope = Scope::some_visitors;
  if (wrong.resolver->stored != nullptr) finding.cites.push_back(wrong.resolver->stored->id);
  for (const Observation* seen : wrong.resolver->seen)
    if (finding.cites.size() < 3) finding.cites.push_back(seen->id);
  for (const auto& id : picture.names.truth_cites()) finding.cites.push_back(id);
  for (const auto& id : wrong.truth_tries) finding.cites.push_back(id);
  finding.felt = picture.visits.all_work();
  if (finding.felt) finding.cites.push_back(picture.visits.all.front().seen->id);
  if (const Try* error = picture.visits.first_failing()) {
    finding.cites.push_back(error->seen->id);
    finding.cause = status_cause(*error->http);
    finding.nel = "dns.address_changed";
  }
  return finding;
}

}  // namespace fix502
