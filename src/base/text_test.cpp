#include "base/text.hpp"

#include <gtest/gtest.h>

namespace fix502 {
namespace {

struct PrintableCase {
  std::string_view bytes;
  std::string_view expect;
};

constexpr PrintableCase kPrintable[] = {
    {"plain", "plain"},
    {"\x1b[2Jgone", "\xEF\xBF\xBD[2Jgone"},
    {"a\r\nb", "a b"},
    {"\xc3\xa9", "\xc3\xa9"},
    {"\xc3", "\xEF\xBF\xBD"},
    {"\xc0\xaf", "\xEF\xBF\xBD\xEF\xBF\xBD"},
    {"\xc2\x9b"
     "31m",
     "\xEF\xBF\xBD"
     "31m"},
    {"\xe2\x80\xae"
     "evil",
     "\xEF\xBF\xBD"
     "evil"},
};

TEST(Printable, LetsNothingReachTheTerminalRaw) {
  for (const auto& row : kPrintable) EXPECT_EQ(printable(row.bytes, 100), row.expect) << hex(row.bytes, 20);
  EXPECT_EQ(printable("abcdef", 3), "abc");
  EXPECT_EQ(printable("a\nb", 9, true), "a\nb");
}

TEST(Text, SplitsAndTrims) {
  EXPECT_EQ(trim("  a b \r\n"), "a b");
  EXPECT_EQ(split(" a,, b ,c", ',').size(), 3U);
  EXPECT_EQ(words("  nameserver\t192.0.2.1 ").size(), 2U);
  EXPECT_TRUE(contains_ignoring_case("Bad GATEWAY", "gateway"));
  EXPECT_FALSE(contains_ignoring_case("Bad", "gateway"));
}

TEST(ShellQuoted, SurvivesAShell) {
  EXPECT_EQ(shell_quoted("https://a.example/x"), "https://a.example/x");
  EXPECT_EQ(shell_quoted("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_quoted(""), "''");
}

}  // namespace
}  // namespace fix502
