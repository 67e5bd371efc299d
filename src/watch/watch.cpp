#include "watch/watch.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "experiment/run.hpp"

namespace fix502 {
namespace {

/// Who saw it fail this long ago knows the cause still.
constexpr std::chrono::hours kCauseKnown{1};

constexpr std::string_view kHappenings[] = {
#define HAPPENING(id, word) word,
#include "watch/happenings.def"
#undef HAPPENING
};

}  // namespace

std::string_view to_word(Happening happening) {
  return kHappenings[static_cast<std::size_t>(happening)];
}

Watch::Watch(WatchOrder order, WatchWorld world)
    : order_(std::move(order)), world_(std::move(world)), spacing_(world_.net, world_.now), start_(world_.now()) {
  for (const Target& target : order_.targets) {
    pages_.emplace_back();
    pages_.back().target = target;
  }
}

Task<void> Watch::run() {
  std::vector<Task<void>> tasks;
  for (Watched& page : pages_) tasks.push_back(watch(page));
  co_await all(std::move(tasks));
}

Task<void> Watch::watch(Watched& page) {
  Site site{page, SiteVisits(world_.net, world_.host, spacing_, page.target, order_.settings), {}, {}, false};
  co_await begin(site);
  while (order_.forever && !page.gave_up) {
    co_await until_it_fails(site);
    if (!page.gave_up) co_await until_it_works(site, false);
  }
}

/// The history is a convenience: what goes wrong with it is said once, and the watch goes on.
template <typename T>
std::optional<T> Watch::from_history(Result<T> result) {
  if (result) return std::move(*result);
  if (!std::exchange(history_failed_, true)) world_.complain("the history: " + result.error().message());
  return std::nullopt;
}

void Watch::tell(const Watched& page, Happening happening, std::optional<Wait> next) {
  world_.tell({happening, world_.host.now(), next, &page});
}

bool Watch::time_is_up(Wait ahead) const {
  return order_.give_up && world_.now() + ahead > start_ + *order_.give_up;
}

void Watch::about_cause(Watched& page) {
  page.typical = {};
  if (world_.history == nullptr || page.cause.fault.empty()) return;
  page.typical = from_history(world_.history->typical(page.cause.fault)).value_or(Typical{});
}

/// Takes up what an earlier run has seen, or looks for the first time.
Task<void> Watch::begin(Site& site) {
  Watched& page = site.page;
  const WallTime now = world_.host.now();
  std::optional<Outage> open;
  if (world_.history != nullptr)
    open = from_history(world_.history->open_outage(url_for_history(page.target), now)).value_or(std::nullopt);
  const bool cause_known = open && !open->cause.fault.empty() && now - open->last_failed <= kCauseKnown;
  if (!cause_known) co_await look(site, Depth::quick);
  page.looked = true;
  if (!cause_known && !page.failing) {
    Round good;
    good.good = true;
    const Round round = co_await confirmed(site, std::move(good), 0);
    if (round.good) {
      // Whoever saw it fail wants to know how that ended.
      if (open) page.began = open->began;
      worked(page, true);
      tell(page, open ? Happening::recovered : Happening::works);
      co_return;
    }
    failed(page, round);
  }
  page.failing = true;
  if (open) {
    page.began = open->began;
    page.tries = std::max(page.tries, open->tries);
    if (cause_known) {
      page.cause = open->cause;
      page.thorough = !open->cause.side.empty();
    }
  }
  about_cause(page);
  tell(page, open ? Happening::taken_up : Happening::outage);
  co_await until_it_works(site, cause_known);
}

/// A diagnosis: what is wrong, and whether anything is.
Task<void> Watch::look(Site& site, Depth depth) {
  Watched& page = site.page;
  while (looking_ >= kLooksAtOnce) co_await world_.net.sleep(kHostSpacing);
  ++looking_;
  const Look seen = co_await world_.diagnose(page.target, depth);
  --looking_;
  page.requests += seen.requests;
  page.failing = !seen.works;
  page.cause = seen.run.cause;
  page.thorough = depth == Depth::thorough;
  site.visits.expect(seen.status, seen.in_the_body);
  site.rest = seen.rest;
  site.record_ends.reset();
  if (seen.record_left) site.record_ends = world_.now() + *seen.record_left;
  page.what = seen.what;
  if (page.failing && depth == Depth::quick) {
    page.began = seen.run.started;
    page.tries = 1;
  }
  if (world_.history == nullptr) co_return;
  if (const auto kept = world_.history->keep(seen.run); !kept) (void)from_history<bool>(std::unexpected(kept.error()));
}

/// Once per outage, and for one page of each host: a struggling site is not asked the same by all of them.
Task<void> Watch::look_thoroughly(Site& site) {
  Watched& page = site.page;
  const auto first = std::ranges::find(pages_, page.target.host,
                                       [](const Watched& one) -> const std::string& { return one.target.host; });
  if (page.thorough || site.looked_thoroughly || &*first != &page) co_return;
  site.looked_thoroughly = true;
  const auto before = page.cause;
  co_await look(site, Depth::thorough);
  if (!page.failing || page.cause.fault.empty()) {
    // It works just now, or nothing can be told: the next tries decide, and what was known stands.
    page.failing = true;
    page.thorough = false;
    page.cause = before;
    co_return;
  }
  about_cause(page);
  tell(page, Happening::diagnosed);
}

/// Good answers in a row until there are enough of them, `good` of which are there already.
Task<Round> Watch::confirmed(Site& site, Round first, int good) {
  Round round = std::move(first);
  for (; round.good && good < kConfirmations; ++good) {
    if (good > 0) co_await world_.net.sleep(kConfirmationGap);
    Round next = co_await site.visits.at_every_address();
    site.page.requests += next.requests;
    if (next.what.empty()) next.what = std::move(round.what);
    round = std::move(next);
  }
  co_return round;
}

/// True when the page works again, as far as can be told.
Task<bool> Watch::one_try(Site& site) {
  Watched& page = site.page;
  Round round = co_await site.visits.glance();
  page.requests += round.requests;
  if (round.good) {
    // The other addresses, and then all of them as often as it takes.
    Round others = co_await site.visits.at_every_address();
    page.requests += others.requests;
    if (others.what.empty()) others.what = std::move(round.what);
    round = co_await confirmed(site, std::move(others), 1);
  }
  page.what = round.what;
  site.rest = round.rest;
  if (round.good) {
    page.passed_over = std::move(round.passed_over);
    worked(page, true);
  } else {
    failed(page, round);
  }
  co_return round.good;
}

Task<void> Watch::until_it_works(Site& site, bool at_once) {
  Watched& page = site.page;
  const auto since = world_.now();
  site.looked_thoroughly = false;
  bool tried = at_once;
  bool works = false;
  if (at_once) works = co_await one_try(site);
  while (!works) {
    if (world_.now() - since >= kThoroughAfter) co_await look_thoroughly(site);
    const auto now = world_.now();
    Hints hints;
    hints.rest = site.rest;
    if (site.record_ends) hints.record_left = std::chrono::duration_cast<Wait>(*site.record_ends - now);
    const Wait wait = next_try(std::chrono::duration_cast<Wait>(now - since), hints, world_.chance());
    page.next_try = now + wait;
    if (tried) tell(page, Happening::tried, wait);
    if (time_is_up(wait)) {
      co_await give_up(page);
      tell(page, Happening::gave_up);
      co_return;
    }
    co_await world_.net.sleep(wait);
    works = co_await one_try(site);
    tried = true;
  }
  tell(page, Happening::recovered);
}

/// Up to the last moment: what is asked for is a time, not a number of tries.
Task<void> Watch::give_up(Watched& page) {
  page.gave_up = true;
  const auto left = std::chrono::ceil<Wait>(start_ + *order_.give_up - world_.now());
  co_await world_.net.sleep(std::max(Wait(0), left));
}

Task<void> Watch::until_it_fails(Site& site) {
  Watched& page = site.page;
  while (true) {
    const Wait wait = next_visit(world_.chance());
    page.next_try = world_.now() + wait;
    if (time_is_up(wait)) {
      co_await give_up(page);
      co_return;
    }
    co_await world_.net.sleep(wait);
    const Round round = co_await site.visits.glance();
    page.requests += round.requests;
    page.what = round.what;
    if (round.good) {
      worked(page, false);
      continue;
    }
    // One bad answer is no outage: the diagnosis decides, and names the cause.
    co_await look(site, Depth::quick);
    if (!page.failing) continue;
    about_cause(page);
    tell(page, Happening::outage);
    co_return;
  }
}

void Watch::failed(Watched& page, const Round& round) {
  page.failing = true;
  page.what = round.what;
  ++page.tries;
  if (page.began == WallTime{}) page.began = world_.host.now();
  if (world_.history == nullptr) return;
  if (const auto outage =
          from_history(world_.history->failed(url_for_history(page.target), world_.host.now(), page.cause))) {
    page.began = std::min(page.began, outage->began);
    page.tries = outage->tries;
  }
}

void Watch::worked(Watched& page, bool over) {
  page.failing = false;
  page.next_try.reset();
  if (world_.history == nullptr) return;
  const auto kept = world_.history->worked(url_for_history(page.target), world_.host.now(), over);
  if (!kept) (void)from_history<bool>(std::unexpected(kept.error()));
}

}  // namespace fix502
