#include "report/columns.hpp"

#include <gtest/gtest.h>

namespace fix502 {
namespace {

struct Width {
  std::string_view text;
  std::size_t columns;
};

TEST(Columns, AreThoseOfATerminal) {
  const Width cases[] = {
      {"", 0},
      {"abc", 3},
      {"é", 1},
      {"e\u0301", 1},
      {"中文", 4},
      {"ＡＢ", 4},
      {"한국", 4},
      {"あ", 2},
      {"😀", 2},
      {"✓", 1},
      {"✗ ─┄╰╯█…", 8},
      {"a\uFE0F", 1},
      {"\u0939\u093F\u0928", 3},
  };
  for (const auto& one : cases) EXPECT_EQ(columns_of(one.text), one.columns) << one.text;
}

struct Clip {
  std::string_view text;
  std::size_t columns;
  std::string_view expect;
};

TEST(Columns, ClippedTextFits) {
  const Clip cases[] = {
      {"short", 5, "short"},      {"longer", 5, "long…"},   {"one two", 5, "one…"}, {"中文中文", 8, "中文中文"},
      {"中文中文", 7, "中文中…"}, {"中文中文", 6, "中文…"}, {"x", 0, ""},           {"xy", 1, "…"},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(clipped(one.text, one.columns, "…"), one.expect);
    EXPECT_LE(columns_of(clipped(one.text, one.columns, "...")), one.columns);
  }
}

struct Wrap {
  std::string_view text;
  std::size_t columns, lines;
  std::vector<std::string> expect;
};

TEST(Columns, WrappedTextKeepsWordsWhole) {
  const Wrap cases[] = {
      {"", 10, 3, {}},
      {"one two three", 7, 3, {"one two", "three"}},
      {"one two three", 8, 3, {"one two", "three"}},
      {"one two three four", 7, 2, {"one two", "three…"}},
      {"abcdefghij", 4, 3, {"abcd", "efgh", "ij"}},
      {"中文中文", 4, 3, {"中文", "中文"}},
      {"  spaced   out  ", 6, 3, {"spaced", "out"}},
  };
  for (const auto& one : cases) EXPECT_EQ(wrapped(one.text, one.columns, one.lines, "…"), one.expect) << one.text;
}

TEST(Columns, PlainTextIsAscii) {
  EXPECT_EQ(plain_ascii("a…b – “c” 中 → é"), "a...b - \"c\" ? -> ?");
}

}  // namespace
}  // namespace fix502
