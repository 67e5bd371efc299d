// Mixed results lead to more repeats: how often it fails, and by which pattern.

#include <fmt/format.h>

#include <algorithm>

#include "experiment/visit.hpp"

namespace fix502 {
namespace {

constexpr int kMoreNew = 8;
constexpr int kMoreKept = 4;
/// Long enough for workers that are stopped when idle in tests and small hosts to be asleep again.
constexpr Milliseconds kPause{2'200};

/// The same page of the same client, over time: the first visit and its repeats.
bool is_mixed(const Run& run) {
  const auto good = std::ranges::count(run.visits, true, &std::pair<const Duration, bool>::second);
  return good > 0 && std::cmp_less(good, run.visits.size());
}

bool only_first_failed(const Run& run) {
  const auto failed = std::ranges::count(run.visits, false, &std::pair<const Duration, bool>::second);
  return failed == 1 && !run.visits.begin()->second;
}

Task<void> once_more(Run& run, Varied varied, HttpRequest request) {
  co_await visit_as_browser(run, "repeat", std::move(varied), std::move(request));
}

Task<void> repeat(Run& run) {
  if (!is_mixed(run) || !run.repeatable()) co_return;
  const int session = run.new_session();
  for (int i = 1; i <= kMoreNew && run.left() > run.settings.timeout / 3; ++i) {
    Varied varied{{"time", fmt::format("+{}", i)}};
    co_await once_more(run, std::move(varied), run.page());
  }
  for (int i = 1; i <= kMoreKept && run.left() > run.settings.timeout / 3; ++i) {
    HttpRequest kept = run.page();
    kept.session = session;
    Varied varied{{"connection", "kept"}, {"request", fmt::format("{}", i)}};
    co_await once_more(run, std::move(varied), std::move(kept));
  }
  if (!only_first_failed(run) || run.left() < 2 * kPause) co_return;
  co_await run.net.sleep(kPause);
  Varied varied{{"time", "after a pause"}};
  co_await once_more(run, std::move(varied), run.page());
}

}  // namespace

extern const Experiment repeat_experiment{"repeat", Stage::after, "repeating a request with mixed results", repeat};

}  // namespace fix502
