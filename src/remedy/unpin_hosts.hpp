#pragma once

#include <string>
#include <string_view>

#include "remedy/work.hpp"

namespace fix502 {

/// The hosts file without a pin of `name`: its lines become comments, and the other names of such a line keep theirs.
[[nodiscard]] Work unpin_hosts(const std::string& path, std::string_view text, std::string_view name);

}  // namespace fix502
