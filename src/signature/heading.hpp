#pragma once

#include <string_view>

namespace fix502 {

/// The error status that a page names first in its title or heading, "502 Bad Gateway", whatever status it came with;
/// 0 where it names none.
[[nodiscard]] int status_in_heading(std::string_view page);

}  // namespace fix502
