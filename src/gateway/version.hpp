#pragma once

#include <string_view>

namespace fix502 {

/// Whether a program's version ("2.4.62", "1.22.1-9") is that one or newer. One that is not known is taken for new.
[[nodiscard]] bool at_least(std::string_view version, std::string_view wanted);

}  // namespace fix502
