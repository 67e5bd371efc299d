#include "history/availability.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

#include "history/times.hpp"

namespace fix502 {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kStart(600'000'000s);

TEST(Availability, IsTheShareOfEachPart) {
  const std::vector<Slot> slots = {{kStart, 4, 4}, {kStart + 10min, 4, 0}, {kStart + 30min, 4, 1}};
  const auto shares = availability(slots, kStart, kStart + 40min, 4);
  EXPECT_EQ(shares, (std::vector<std::optional<double>>{1.0, 0.0, std::nullopt, 0.25}));
  EXPECT_EQ(availability(slots, kStart, kStart + 40min, 1), (std::vector<std::optional<double>>{5.0 / 12}));
  EXPECT_EQ(availability({}, kStart, kStart, 2), (std::vector<std::optional<double>>(2)));
  EXPECT_EQ(availability({{kStart - 1h, 1, 1}}, kStart, kStart + 1h, 1), (std::vector<std::optional<double>>(1)));
}

TEST(Sparkline, NeverCallsAlmostAlways) {
  const std::vector<std::optional<double>> shares = {0.0, 0.001, 0.5, 0.999, 1.0, std::nullopt};
  EXPECT_EQ(sparkline(shares, true), "▁▂▅▇█·");
  EXPECT_EQ(sparkline(shares, false), "01589.");
}

TEST(LengthText, IsRounded) {
  const struct {
    std::chrono::seconds length;
    const char* expect;
  } cases[] = {{-5s, "0 s"},      {99s, "99 s"},          {100s, "2 min"}, {6min, "6 min"},
               {99min, "99 min"}, {130min, "2 h 10 min"}, {48h, "2 days"}, {24h * 30, "30 days"}};
  for (const auto& row : cases) EXPECT_EQ(length_text(row.length), row.expect);
}

TEST(ParseSince, IsATable) {
  setenv("TZ", "UTC-2", 1);  // POSIX: two hours east
  tzset();
  const WallTime now(1'800'000'000s);
  const struct {
    const char* text;
    std::optional<WallTime> expect;
  } cases[] = {
      {"90m", now - 90min},
      {"2w", now - 336h},
      {"0s", now},
      {"99999999w", now - std::chrono::days(3'650)},
      {"1970-01-02", WallTime(22h)},
      {"1970-01-02T03:04", WallTime(25h + 4min)},
      {"1970-01-02 03:04:05Z", WallTime(27h + 4min + 5s)},
      {"", {}},
      {"d", {}},
      {"-3d", {}},
      {"yesterday", {}},
      {"2026-13-01", {}},
      {"2026-02-30", {}},
      {"2026-11-01T24:00", {}},
      {"2026-11-1", {}},
  };
  for (const auto& row : cases) {
    const auto since = parse_since(row.text, now);
    ASSERT_EQ(since.has_value(), row.expect.has_value()) << row.text;
    if (since) {
      EXPECT_EQ(*since, *row.expect) << row.text;
    }
  }
  EXPECT_EQ(utc_time(WallTime(27h)), "1970-01-02T03:00:00Z");
  EXPECT_EQ(local_time(WallTime(27h)), "1970-01-02 05:00");
  EXPECT_EQ(local_clock(WallTime(27h)), "05:00:00");
}

}  // namespace
}  // namespace fix502
