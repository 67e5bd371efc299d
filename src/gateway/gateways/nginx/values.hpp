#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fix502::nginx {

/// "8k", "1m", "1g" in bytes, as ngx_parse_offset() reads it.
[[nodiscard]] std::optional<std::int64_t> parse_size(std::string_view text);
/// "60s", "1m 30s", "500ms", "60" in milliseconds, as ngx_parse_time() reads it.
[[nodiscard]] std::optional<std::int64_t> parse_time(std::string_view text);
[[nodiscard]] std::optional<std::int64_t> parse_count(std::string_view text);

/// An amount in the words of a configuration, in the unit that `like` was written in where it can be.
[[nodiscard]] std::string size_text(std::int64_t bytes, std::string_view like);
[[nodiscard]] std::string time_text(std::int64_t ms, std::string_view like);

/// Whether `version` ("1.22.1") is at least `wanted`; an unknown version counts as 1.22.0, Debian 12's series.
[[nodiscard]] bool at_least(std::string_view version, std::string_view wanted);

/// NGX_ESCAPE_URI and NGX_ESCAPE_ARGS of ngx_escape_uri().
[[nodiscard]] std::string escape_uri(std::string_view text);
[[nodiscard]] std::string escape_args(std::string_view text);

/// A request's target as nginx understands it (ngx_http_parse_complex_uri()).
struct Uri {
  std::string path{};  ///< decoded, dots and double slashes resolved
  std::string args{};  ///< behind the "?", as sent
  bool quoted = false, plus = false;
};
/// Nothing where nginx answers 400.
[[nodiscard]] std::optional<Uri> parse_uri(std::string_view target, bool merge_slashes);

}  // namespace fix502::nginx
