#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fix502 {

/// ASCII lower case; header names, host names and schemes compare this way (RFC 9110 5.1, RFC 4343).
[[nodiscard]] std::string lower(std::string_view text);
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);
[[nodiscard]] bool contains_ignoring_case(std::string_view text, std::string_view part);

/// Lists of names or addresses: does it hold this one; have the two any in common?
[[nodiscard]] bool lists(const std::vector<std::string>& list, std::string_view item);
[[nodiscard]] bool share_any(const std::vector<std::string>& a, const std::vector<std::string>& b);

/// Without the blanks (space, tab, CR, LF) at both ends.
[[nodiscard]] std::string_view trim(std::string_view text);
/// The non-empty parts between separators, trimmed.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
/// The non-empty words between blanks.
[[nodiscard]] std::vector<std::string_view> words(std::string_view text);

/// Hostile bytes made fit to print and to store: valid UTF-8, no control or escape characters (each becomes U+FFFD;
/// tab and newline become a space unless `keep_lines`), no bidirectional overrides, at most `limit` bytes.
[[nodiscard]] std::string printable(std::string_view bytes, std::size_t limit, bool keep_lines = false);

/// Each byte that is no part of valid UTF-8 (RFC 3629) becomes U+FFFD; nothing else changes.
[[nodiscard]] std::string as_utf8(std::string_view bytes);

/// RFC 9110 5.6.2: a method, a field's name.
[[nodiscard]] bool is_token(std::string_view text);

/// "48 54 54 50" for the first `limit` bytes.
[[nodiscard]] std::string hex(std::string_view bytes, std::size_t limit);

/// Text as text, within elements and quoted attributes (HTML 13.3). Not made printable.
[[nodiscard]] std::string html_text(std::string_view text);

/// Quoted for a POSIX shell; left alone where no quoting is needed.
[[nodiscard]] std::string shell_quoted(std::string_view text);

}  // namespace fix502
