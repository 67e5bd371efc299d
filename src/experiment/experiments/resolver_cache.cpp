// Where a wrong answer about the site's name is kept: which of those that answer for this machine has it stored.

#include <algorithm>

#include "experiment/run.hpp"

namespace fix502 {
namespace {

/// What the look may take, and what it leaves of the time.
constexpr Milliseconds kLongest{4'000};
constexpr Milliseconds kSpare{500};

Task<void> resolver_cache(Run& run) {
  if (!run.look_into_caches || run.target.host_is_address) co_return;
  co_await run.others_named.wait();
  // Everybody says what this machine says: there is no answer to look for.
  if (run.other_addresses.empty()) co_return;
  const Milliseconds time = std::min(kLongest, run.left() - kSpare);
  if (time <= Milliseconds(0)) {
    run.not_tried("resolver_cache", "the time is used up");
    co_return;
  }
  std::vector<ResolverCache> found = co_await run.look_into_caches(run.target.host, run.resolver, time);
  for (auto& cache : found) run.note("resolver_cache", std::move(cache));
}

}  // namespace

extern const Experiment resolver_cache_experiment{"resolver_cache", Stage::failing,
                                                  "looking into this machine's DNS caches", resolver_cache};

}  // namespace fix502
