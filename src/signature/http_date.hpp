#pragma once

#include <optional>
#include <string_view>

#include "base/fields.hpp"

namespace fix502 {

/// The three forms of RFC 9110 5.6.7, "Sun, 06 Nov 1994 08:49:37 GMT" and the two obsolete ones.
[[nodiscard]] std::optional<WallTime> parse_http_date(std::string_view text);

}  // namespace fix502
