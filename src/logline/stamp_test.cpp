#include "logline/stamp.hpp"

#include <gtest/gtest.h>

namespace fix502 {
namespace {

struct Case {
  std::string_view text;
  std::int64_t seconds;
  std::int32_t micros = 0;
  bool zoned = false;
  std::size_t length = 0;
};

TEST(Stamp, EveryWayOfWritingOne) {
  constexpr Case kCases[] = {
      {"2026/11/22 04:54:03 [error]", 1795323243, 0, false, 19},
      {"2026-11-22T04:54:03.25Z x", 1795323243, 250'000, true, 23},
      {"2026-11-22 04:54:03 +0100]", 1795319643, 0, true, 25},
      {"2026-11-22 04:54:03,123 x", 1795323243, 123'000, false, 23},
      {"22/Nov/2026:04:54:03 +0000]", 1795323243, 0, true, 26},
      {"22/Nov/2026:04:54:03.123]", 1795323243, 123'000, false, 24},
      {"22-Nov-2026 04:54:03]", 1795323243, 0, false, 20},
      {"Sun Nov 22 04:54:03.123456 2026]", 1795323243, 123'456, false, 31},
      {"1795323243.41,", 1795323243, 410'000, true, 13},
      {"1795323243123 ", 1795323243, 123'000, true, 13},
      {"9999999999999999999 ", 9'999'999'999, 999'999, true, 19},
      {"20261122.04h54m03s RESPONSE", 1795323243, 0, false, 18},
  };
  for (const Case& c : kCases) {
    const auto stamp = parse_stamp(c.text);
    ASSERT_TRUE(stamp) << c.text;
    EXPECT_EQ(stamp->clock.time_since_epoch().count(), c.seconds) << c.text;
    EXPECT_EQ(stamp->micros, c.micros) << c.text;
    EXPECT_EQ(stamp->zoned, c.zoned) << c.text;
    EXPECT_EQ(stamp->length, c.length) << c.text;
  }
}

TEST(Stamp, NotOne) {
  for (const char* text :
       {"", "hello world, this is no time", "2026/13/22 04:54:03", "2026/11/31 04:54:03", "22/Nox/2026:04:54:03",
        "2026/11/22 24:54:03", "127.0.0.1 - - [22/Nov", "12345", "12345678901", "0000/00/00 00:00:00"})
    EXPECT_FALSE(parse_stamp(text)) << text;
}

TEST(Stamp, AYearIsTheNearest) {
  const auto stamp = parse_stamp("Dec 31 23:59:59 gw haproxy[1]:");
  ASSERT_TRUE(stamp);
  EXPECT_FALSE(stamp->has_year);
  const WallTime new_year{std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)};
  EXPECT_EQ(moment_of(*stamp, FixedZone(), new_year), new_year - std::chrono::seconds(1));
}

TEST(Stamp, ALocalClockIsMadeUtc) {
  const auto stamp = parse_stamp("2026/11/22 04:54:03");
  EXPECT_EQ(moment_of(*stamp, FixedZone(std::chrono::hours(2)), {}).time_since_epoch().count(), 1795323243 - 7200);
}

}  // namespace
}  // namespace fix502
