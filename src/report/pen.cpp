#include "report/pen.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "report/columns.hpp"

namespace fix502 {
namespace {

constexpr Marks kUnicode{.works = "✓",
                         .broken = "✗",
                         .absent = "·",
                         .unknown = "?",
                         .way = "─",
                         .beyond = "┄",
                         .from = "╰─ ",
                         .to = " ─",
                         .turn = "╯",
                         .bar = "█",
                         .before = "·",
                         .ellipsis = "…",
                         .dash = "–"};
constexpr Marks kAscii{.works = "+",
                       .broken = "X",
                       .absent = ".",
                       .unknown = "?",
                       .way = "-",
                       .beyond = ".",
                       .from = "^-- ",
                       .to = " --",
                       .turn = "^",
                       .bar = "#",
                       .before = ".",
                       .ellipsis = "...",
                       .dash = "-"};

// ECMA-48 8.3.117 SGR; the basic colours only, so that every terminal's own palette decides.
constexpr std::string_view kInks[] = {"", "\x1b[32m", "\x1b[31m", "\x1b[33m", "\x1b[2m", "\x1b[1m"};

constexpr std::size_t kLongest = 8192;  // bytes of one piece of text; a screen shows far less

}  // namespace

Pen::Pen(const TerminalStyle& style)
    : marks_(style.unicode ? &kUnicode : &kAscii),
      width_(static_cast<std::size_t>(std::clamp(style.width, 60, 120))),
      colour_(style.colour) {}

std::string Pen::clean(std::string_view text) const {
  std::string safe = printable(text, kLongest);
  return marks_ == &kUnicode ? safe : plain_ascii(safe);
}

std::string Pen::fit(std::string_view text, std::size_t columns) const {
  return clipped(clean(text), columns, marks_->ellipsis);
}

std::vector<std::string> Pen::wrap(std::string_view text, std::size_t columns, std::size_t lines) const {
  return wrapped(clean(text), columns, lines, marks_->ellipsis);
}

std::string Pen::paint(Ink ink, std::string_view text) const {
  if (!colour_ || ink == Ink::plain || text.empty()) return std::string(text);
  return std::string(kInks[static_cast<std::size_t>(ink)]) + std::string(text) + "\x1b[0m";
}

std::string_view Pen::mark(HopState state) const {
  const std::string_view table[] = {marks_->works, marks_->broken, marks_->absent, marks_->unknown};
  return table[static_cast<std::size_t>(state)];
}

}  // namespace fix502
