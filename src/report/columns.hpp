#pragma once

// Text measured as a terminal shows it.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fix502 {

/// Columns that a terminal gives the text: East Asian Wide and Fullwidth characters and emoji two (UAX #11), combining
/// marks none. The text is valid UTF-8 without control characters.
[[nodiscard]] std::size_t columns_of(std::string_view text);
/// At most so many columns; what is cut is replaced by the ellipsis.
[[nodiscard]] std::string clipped(std::string_view text, std::size_t columns, std::string_view ellipsis);
/// Filled up with blanks.
[[nodiscard]] std::string padded(std::string text, std::size_t columns);
/// Broken at blanks into at most `lines` lines; the last one is clipped where there is more.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text, std::size_t columns, std::size_t lines,
                                               std::string_view ellipsis);
/// For terminals that show ASCII only: each other character becomes the nearest plain one, or "?".
[[nodiscard]] std::string plain_ascii(std::string_view text);

}  // namespace fix502
