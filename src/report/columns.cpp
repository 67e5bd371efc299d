#include "report/columns.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

#include "base/text.hpp"

namespace fix502 {
namespace {

struct Range {
  std::uint32_t first, last;
};

// East_Asian_Width W and F of Unicode 15, neighbours joined: a few unassigned code points more do no harm.
constexpr Range kWide[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},   {0x23F0, 0x23F0},
    {0x23F3, 0x23F3},   {0x25FD, 0x25FE},   {0x2614, 0x2615},   {0x2648, 0x2653},   {0x267F, 0x267F},
    {0x2693, 0x2693},   {0x26A1, 0x26A1},   {0x26AA, 0x26AB},   {0x26BD, 0x26BE},   {0x26C4, 0x26C5},
    {0x26CE, 0x26CE},   {0x26D4, 0x26D4},   {0x26EA, 0x26EA},   {0x26F2, 0x26F3},   {0x26F5, 0x26F5},
    {0x26FA, 0x26FA},   {0x26FD, 0x26FD},   {0x2705, 0x2705},   {0x270A, 0x270B},   {0x2728, 0x2728},
    {0x274C, 0x274C},   {0x274E, 0x274E},   {0x2753, 0x2755},   {0x2757, 0x2757},   {0x2795, 0x2797},
    {0x27B0, 0x27B0},   {0x27BF, 0x27BF},   {0x2B1B, 0x2B1C},   {0x2B50, 0x2B50},   {0x2B55, 0x2B55},
    {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},   {0x4E00, 0xA4CF},   {0xA960, 0xA97F},
    {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE10, 0xFE19},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6},   {0x16FE0, 0x18DFF}, {0x1AFF0, 0x1B2FF}, {0x1F004, 0x1F004}, {0x1F0CF, 0x1F0CF},
    {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A}, {0x1F200, 0x1F320}, {0x1F32D, 0x1F64F}, {0x1F680, 0x1F6FF},
    {0x1F7E0, 0x1F7EB}, {0x1F90C, 0x1F9FF}, {0x1FA70, 0x1FAFF}, {0x20000, 0x3FFFD},
};

// General categories Mn and Me, the common blocks, and the variation selectors.
constexpr Range kZero[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x0610, 0x061A},   {0x064B, 0x065F}, {0x0670, 0x0670},
    {0x06D6, 0x06DC}, {0x0900, 0x0902}, {0x093C, 0x093C}, {0x0941, 0x0948},   {0x094D, 0x094D}, {0x0E31, 0x0E31},
    {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},   {0x20D0, 0x20F0}, {0x302A, 0x302D},
    {0x3099, 0x309A}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xE0100, 0xE01EF},
};

struct Replacement {
  std::uint32_t code;
  std::string_view plain;
};
constexpr Replacement kPlain[] = {{0x2026, "..."}, {0x2013, "-"},  {0x2014, "-"}, {0x2018, "'"}, {0x2019, "'"},
                                  {0x201C, "\""},  {0x201D, "\""}, {0x00A0, " "}, {0x00D7, "x"}, {0x2192, "->"}};

bool is_in(std::span<const Range> table, std::uint32_t code) {
  const auto found = std::ranges::lower_bound(table, code, {}, &Range::last);
  return found != table.end() && found->first <= code;
}

/// The character at the head, of text known to be valid UTF-8.
struct Glyph {
  std::uint32_t code = 0;
  std::string_view bytes;
};

Glyph first_glyph(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = std::min<std::size_t>(lead < 0xC0   ? 1
                                                   : lead < 0xE0 ? 2
                                                   : lead < 0xF0 ? 3
                                                                 : 4,
                                                   text.size());
  std::uint32_t code = length == 1 ? lead : lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3FU);
  return {code, text.substr(0, length)};
}

std::size_t columns_of(std::uint32_t code) {
  return is_in(kZero, code) ? 0 : is_in(kWide, code) ? 2 : 1;
}

/// The longest head of so many columns, with its combining marks.
std::string_view head(std::string_view text, std::size_t columns) {
  std::size_t bytes = 0, used = 0;
  while (bytes < text.size()) {
    const auto glyph = first_glyph(text.substr(bytes));
    used += columns_of(glyph.code);
    if (used > columns) break;
    bytes += glyph.bytes.size();
  }
  return text.substr(0, bytes);
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const auto glyph = first_glyph(text);
    columns += columns_of(glyph.code);
    text.remove_prefix(glyph.bytes.size());
  }
  return columns;
}

std::string clipped(std::string_view text, std::size_t columns, std::string_view ellipsis) {
  if (columns_of(text) <= columns) return std::string(text);
  const std::size_t mark = columns_of(ellipsis);
  if (columns <= mark) return std::string(head(ellipsis, columns));
  std::string_view kept = head(text, columns - mark);
  while (kept.ends_with(' ')) kept.remove_suffix(1);
  return std::string(kept) + std::string(ellipsis);
}

std::string padded(std::string text, std::size_t columns) {
  const std::size_t used = columns_of(text);
  if (used < columns) text.append(columns - used, ' ');
  return text;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns, std::size_t lines,
                                 std::string_view ellipsis) {
  std::vector<std::string> result;
  text = trim(text);
  while (!text.empty() && result.size() < lines) {
    if (columns_of(text) <= columns || result.size() + 1 == lines) {
      result.push_back(clipped(text, columns, ellipsis));
      break;
    }
    // One column more than fits: a blank just behind the last column is a good place to break.
    const std::string_view room = head(text, columns + 1);
    const auto blank = room.rfind(' ');
    const std::string_view line = blank == room.npos || blank == 0 ? head(text, columns) : text.substr(0, blank);
    result.emplace_back(trim(line));
    text = trim(text.substr(std::max<std::size_t>(line.size(), 1)));
  }
  return result;
}

std::string plain_ascii(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    const auto glyph = first_glyph(text);
    const auto known = std::ranges::find(kPlain, glyph.code, &Replacement::code);
    if (glyph.code < 0x80)
      plain += glyph.bytes;
    else
      plain += known == std::end(kPlain) ? "?" : known->plain;
    text.remove_prefix(glyph.bytes.size());
  }
  return plain;
}

}  // namespace fix502
