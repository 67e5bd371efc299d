#include "fault/pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace fix502 {
namespace {

void wilson(Pattern& pattern) {
  constexpr double kZ = 1.96;
  const double n = pattern.tries;
  const double share = pattern.failed / n;
  const double centre = (share + kZ * kZ / (2 * n)) / (1 + kZ * kZ / n);
  const double half = kZ / (1 + kZ * kZ / n) * std::sqrt(share * (1 - share) / n + kZ * kZ / (4 * n * n));
  pattern.low = std::max(0.0, centre - half);
  pattern.high = std::min(1.0, centre + half);
}

/// The servers behind a round robin: the k of m nearest to the share seen, of equally near ones the smallest m.
std::string guess_servers(const Pattern& pattern) {
  constexpr double kNear = 0.06;
  const double share = static_cast<double>(pattern.failed) / pattern.tries;
  double nearest = kNear;
  std::string guess = "One of the servers behind it seems to be broken.";
  for (int all = 2; all <= 6; ++all)
    for (int broken = 1; broken < all; ++broken) {
      const double distance = std::abs(static_cast<double>(broken) / all - share);
      if (distance >= nearest - 1e-9) continue;
      nearest = distance;
      guess =
          fmt::format("It looks as if {} of {} servers behind it {} broken.", broken, all, broken == 1 ? "is" : "are");
    }
  return guess;
}

}  // namespace

Pattern read_pattern(const Tries& tries) {
  Pattern pattern;
  pattern.tries = static_cast<int>(tries.all.size());
  pattern.failed = static_cast<int>(tries.failed());
  if (pattern.tries == 0) return pattern;
  wilson(pattern);
  std::vector<const Try*> order;
  order.reserve(tries.all.size());
  for (const auto& one : tries.all) order.push_back(&one);
  std::ranges::stable_sort(order, {}, [](const Try* one) { return one->chain.front()->started; });
  const auto failing = [](const Try* one) { return !one->works; };
  const bool all_later =
      std::ranges::all_of(order, [&](const Try* one) { return one->works || one->http->request_on_connection > 1; });
  const bool after_pause = std::ranges::any_of(
      order, [&](const Try* one) { return failing(one) && one->chain.front()->varied_in("time") == "after a pause"; });
  const auto first_bad = std::ranges::find_if(order, failing);
  pattern.wears_off =
      first_bad != order.begin() && pattern.failed >= 5 && std::ranges::all_of(first_bad, order.end(), failing);
  if (pattern.wears_off)
    pattern.words = "It answered well at first and then no more: perhaps it limits how often one may ask.";
  else if (all_later)
    pattern.words = "Only later requests on a kept connection fail.";
  else if (failing(order.front()) && after_pause)
    pattern.words = "The first request after a pause fails, the next ones work: a cold start.";
  else if (failing(order.front()) && pattern.failed == 1)
    pattern.words = "Only the first request failed: something behind it may have been asleep.";
  else
    pattern.words = guess_servers(pattern);
  return pattern;
}

}  // namespace fix502
