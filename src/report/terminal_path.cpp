// The picture of the way: "browser ✓ ── device ✓ ── ... dns ✗ ┄┄ cdn", a pointer at the break, and the key of the
// marks.

#include <fmt/format.h>

#include <algorithm>

#include "report/columns.hpp"
#include "report/pen.hpp"
#include "report/phrases.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kIndent = 1;                                            // two would not fit into 60 columns
constexpr Ink kHopInks[] = {Ink::good, Ink::bad, Ink::faint, Ink::doubtful};  // by HopState

std::string repeated(std::string_view piece, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += piece;
  return text;
}

/// Columns of the line between two hops (blanks included) that the width leaves room for.
std::size_t gap_for(const std::vector<PathHop>& path, std::size_t width) {
  std::size_t used = kIndent;
  for (const auto& hop : path) used += to_word(hop.hop).size() + 2;
  const std::size_t gaps = path.size() > 1 ? path.size() - 1 : 1;
  return std::clamp<std::size_t>(used < width ? (width - used) / gaps : 1, 1, 4);
}

/// From the side with more room, so that the words are never squeezed.
std::string pointer(const Pen& pen, std::size_t column, std::string_view words) {
  const auto& marks = pen.marks();
  const std::size_t right = pen.width() - std::min(column, pen.width()), left = column;
  if (right > left)
    return std::string(column, ' ') + std::string(marks.from) + pen.fit(words, right - columns_of(marks.from));
  const std::string tail = std::string(marks.to) + std::string(marks.turn);
  const std::string text = pen.fit(words, left + 1 - columns_of(tail) - kIndent);
  return std::string(left + 1 - columns_of(tail) - columns_of(text), ' ') + text + tail;
}

std::string key_of_marks(const std::vector<PathHop>& path, const Pen& pen) {
  std::vector<std::string> parts;
  for (const auto state : {HopState::ok, HopState::broken, HopState::absent, HopState::unknown})
    if (std::ranges::find(path, state, &PathHop::state) != path.end())
      parts.push_back(fmt::format("{} {}", pen.mark(state), hop_words(state)));
  return fmt::format("{}", fmt::join(parts, "   "));
}

}  // namespace

Lines draw_path(const Report& report, const Pen& pen) {
  const std::size_t gap = gap_for(report.path, pen.width());
  std::string line(kIndent, ' ');
  std::size_t column = kIndent;
  const PathHop* broken = nullptr;
  std::size_t broken_at = 0;
  for (const auto& hop : report.path) {
    if (&hop != report.path.data()) {
      const std::string_view piece = broken ? pen.marks().beyond : pen.marks().way;
      const std::string blank = gap >= 3 ? " " : "";
      line += pen.paint(Ink::faint, blank + repeated(piece, gap - 2 * blank.size()) + blank);
      column += gap;
    }
    const std::string name(to_word(hop.hop));
    const Ink ink = kHopInks[static_cast<std::size_t>(hop.state)];
    line += pen.paint(hop.state == HopState::broken ? Ink::bad
                      : hop.state == HopState::ok   ? Ink::plain
                                                    : Ink::faint,
                      name) +
            " " + pen.paint(ink, pen.mark(hop.state));
    column += name.size() + 2;
    if (hop.state != HopState::broken || broken) continue;
    broken = &hop;
    broken_at = column - 1;
  }
  Lines lines{line};
  // The headline follows at once; a pointer that only says it again would be cut for nothing.
  const bool tells = broken && !broken->detail.empty() && broken->detail != headline(report);
  if (broken) lines.push_back(pen.paint(Ink::bad, pointer(pen, broken_at, tells ? broken->detail : "broken here")));
  lines.push_back(std::string(kIndent, ' ') +
                  pen.paint(Ink::faint, pen.fit(key_of_marks(report.path, pen), pen.width() - kIndent)));
  return lines;
}

}  // namespace fix502
