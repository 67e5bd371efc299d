#include "fault/caches.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"

namespace fix502 {
namespace {

/// It says what the zone does not say: another address, or that there is none.
bool is_bad(const ResolverCache& cache, const std::vector<std::string>& truth) {
  if (truth.empty()) return false;
  if (cache.addresses.empty()) return cache.cached == Cached::yes;
  return std::ranges::none_of(cache.addresses,
                              [&](const auto& address) { return std::ranges::find(truth, address) != truth.end(); });
}

std::string called(const ResolverCache& cache) {
  if (cache.program.empty()) return cache.where;
  return fmt::format("{} ({})", cache.program, cache.where);
}

std::string time_left(const ResolverCache& cache) {
  return cache.ttl ? fmt::format(", {} left", span_of(static_cast<long>(*cache.ttl))) : std::string();
}

}  // namespace

std::vector<const Observation*> bad_caches(const Names& names) {
  const auto truth = names.true_addresses();
  std::vector<const Observation*> bad;
  for (const Observation* seen : names.caches) {
    const auto& cache = *seen->as<ResolverCache>();
    if (cache.ours && cache.cached == Cached::yes && is_bad(cache, truth)) bad.push_back(seen);
  }
  std::ranges::reverse(bad);
  return bad;
}

CacheWord where_it_is_stored(const Names& names) {
  const auto truth = names.true_addresses();
  CacheWord word;
  const ResolverCache* ours = nullptr;    // stored here
  const ResolverCache* theirs = nullptr;  // a resolver elsewhere gives it
  const ResolverCache* unseen = nullptr;  // here, and its cache may not be looked into
  for (const Observation* seen : names.caches) {
    const auto& cache = *seen->as<ResolverCache>();
    word.cites.push_back(seen->id);
    if (!is_bad(cache, truth)) continue;
    if (!cache.ours && theirs == nullptr) theirs = &cache;
    if (cache.ours && cache.cached == Cached::yes && ours == nullptr) ours = &cache;
    if (cache.ours && cache.cached == Cached::unknown && unseen == nullptr) unseen = &cache;
  }
  word.outlook = Outlook::no_effect;
  if (theirs != nullptr) {
    word.finding = fmt::format(
        "flushing would not help: the old answer lives in {}, a resolver that is not yours (a router or provider){}; "
        "use "
        "another DNS",
        called(*theirs), time_left(*theirs));
  } else if (ours != nullptr && ours->flush.empty()) {
    word.outlook = Outlook::may_help;
    word.finding = fmt::format("the old answer is stored in {} on this machine{}; how to flush that is not known",
                               called(*ours), time_left(*ours));
  } else if (ours != nullptr && !ours->looked && ours->asks.empty()) {
    // Its TTL runs down; whom it asks could not be seen, and may be the one that stores it.
    word.outlook = Outlook::may_help;
    word.finding = fmt::format("{} on this machine gives the old answer from a cache, its own or one behind it{}",
                               called(*ours), time_left(*ours));
  } else if (ours != nullptr) {
    word.outlook = Outlook::fixes;
    word.finding =
        fmt::format("the old answer is stored in {} on this machine{}: flush it", called(*ours), time_left(*ours));
  } else if (unseen != nullptr) {
    word.outlook = Outlook::may_help;
    word.finding = fmt::format("{} on this machine gives the old answer; whether it is stored there cannot be seen{}",
                               called(*unseen), unseen->problem.empty() ? "" : " (" + unseen->problem + ")");
  } else {
    word.finding = "flushing would not help: the answer is in no cache of this machine";
  }
  return word;
}

}  // namespace fix502
