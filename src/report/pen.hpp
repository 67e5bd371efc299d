#pragma once

// What the parts of the terminal report draw with.

#include <string>
#include <string_view>
#include <vector>

#include "report/report.hpp"

namespace fix502 {

/// What a piece of text means; colour only repeats what a word or a mark says already.
enum class Ink { plain, good, bad, doubtful, faint, strong };

/// The marks of one character set.
struct Marks {
  std::string_view works, broken, absent, unknown;
  std::string_view way, beyond;     ///< the line between two hops, before and behind the break
  std::string_view from, to, turn;  ///< a pointer at the break, from the right or from the left
  std::string_view bar, before;     ///< a waterfall
  std::string_view ellipsis, dash;
};

class Pen {
 public:
  explicit Pen(const TerminalStyle& style);

  /// Hostile or merely foreign text as this terminal may get it.
  [[nodiscard]] std::string clean(std::string_view text) const;
  /// clean() and cut to so many columns.
  [[nodiscard]] std::string fit(std::string_view text, std::size_t columns) const;
  /// clean() and broken into lines of at most so many columns.
  [[nodiscard]] std::vector<std::string> wrap(std::string_view text, std::size_t columns, std::size_t lines) const;
  [[nodiscard]] std::string paint(Ink ink, std::string_view text) const;
  [[nodiscard]] std::string_view mark(HopState state) const;
  [[nodiscard]] const Marks& marks() const { return *marks_; }
  [[nodiscard]] std::size_t width() const { return width_; }

 private:
  const Marks* marks_;
  std::size_t width_;
  bool colour_;
};

using Lines = std::vector<std::string>;

/// The way of a request, hop by hop, with the break marked; two or three lines.
[[nodiscard]] Lines draw_path(const Report& report, const Pen& pen);
/// Each observation with its place in time, and the command that repeats it.
[[nodiscard]] Lines draw_waterfall(const Report& report, const Pen& pen);

}  // namespace fix502
