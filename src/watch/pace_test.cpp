#include "watch/pace.hpp"

#include <gtest/gtest.h>

#include <random>

namespace fix502 {
namespace {

using namespace std::chrono_literals;

TEST(NextTry, IsATable) {
  const struct {
    Wait failing;
    Hints hints;
    double chance;
    Wait expect;
  } cases[] = {
      {0s, {}, 0, 5s},
      {0s, {}, 0.999, 4'750ms},
      {5s, {}, 0, 10s},
      {119s, {}, 0, 10s},
      {120s, {}, 0, 15s},
      {300s, {}, 0, 30s},
      {300s, {}, 0.5, 27s},
      {600s, {}, 0, 60s},
      {24h, {}, 0, 60s},
      {24h, {}, 0.999, 48s},
      // A record that ends sooner is what is waited for, and a second more.
      {600s, {.rest = {}, .record_left = 20s}, 0, 21s},
      {600s, {.rest = {}, .record_left = 0s}, 0, 60s},
      {600s, {.rest = {}, .record_left = -3s}, 0, 60s},
      {600s, {.rest = {}, .record_left = 3'600s}, 0, 60s},
      // Who asks for rest gets it, and chance does not shorten it.
      {0s, {.rest = 30s, .record_left = {}}, 0.9, 30s},
      {0s, {.rest = 3'600s, .record_left = 10s}, 0.9, 3'600s},
      {600s, {.rest = 1s, .record_left = {}}, 0, 60s},
  };
  for (const auto& row : cases) {
    const auto wait = next_try(row.failing, row.hints, row.chance);
    EXPECT_NEAR(static_cast<double>(wait.count()), static_cast<double>(row.expect.count()), 15.0)
        << row.failing.count() << " " << row.chance;
  }
}

struct WatchedSite {
  Wait reported{};   ///< after the page healed
  int requests = 0;  ///< the first look's among them
};

/// A page of one address that heals `heals` after the first look, watched with this pace.
template <typename Chance>
WatchedSite watched(Wait heals, Chance chance) {
  WatchedSite seen{{}, kQuickLook};
  Wait now{0};
  do {
    now += next_try(now, {}, chance());
    ++seen.requests;
  } while (now < heals);
  seen.reported = now + (kConfirmations - 1) * kConfirmationGap - heals;
  seen.requests += kConfirmations - 1;
  return seen;
}

TEST(Pace, ReportsSoonAndAsksLittle) {
  std::mt19937 engine(502);  // the same numbers in every run
  std::uniform_real_distribution<double> any(0, 1);
  for (int heals = 1; heals <= 120; ++heals) {
    for (int round = 0; round < 40; ++round) {
      // The extremes, and what is between.
      const auto chance = [&] { return round == 0 ? 0.0 : round == 1 ? 0.999'999 : any(engine); };
      const WatchedSite seen = watched(std::chrono::seconds(heals), chance);
      EXPECT_LE(seen.reported, 11s) << heals;
      if (heals <= 90) {
        EXPECT_LE(seen.requests, 14) << heals;
      }
    }
  }
}

TEST(Pace, SparesASiteThatIsBrokenForLong) {
  const WatchedSite seen = watched(std::chrono::hours(1), [] { return 0.5; });
  EXPECT_LT(seen.requests, 100);
  EXPECT_LT(seen.reported, 70s);
}

}  // namespace
}  // namespace fix502
