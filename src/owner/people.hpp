#pragma once

#include <string>

namespace fix502 {

/// "www-data"; the number where nobody has that name.
[[nodiscard]] std::string user_name(unsigned user);
[[nodiscard]] std::string group_name(unsigned group);

}  // namespace fix502
