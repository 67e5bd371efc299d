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

TEST(AsUtf8, ReplacesBytesThatAreNoneAndNothingElse) {
  EXPECT_EQ(as_utf8("a\x1b\tz\xC3\xA9"), "a\x1b\tz\xC3\xA9");
  EXPECT_EQ(as_utf8("\xFFz\xC3"), "\xEF\xBF\xBDz\xEF\xBF\xBD");
  // Overlong, a surrogate, beyond the last: none of them is one character.
  for (const char* wrong : {"\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80"})
    EXPECT_EQ(as_utf8(wrong).substr(0, 3), "\xEF\xBF\xBD") << wrong;
}

TEST(IsToken, HasNoSpacesNorSeparators) {
  for (const char* good : {"GET", "x-a_b.1", "!#$%&'*+-.^_`|~"}) EXPECT_TRUE(is_token(good)) << good;
  for (const char* bad : {"", "a b", "a:b", "a\r\nb", "(a)", "\xC3\xA9"}) EXPECT_FALSE(is_token(bad)) << bad;
}

}  // namespace
}  // namespace fix502
