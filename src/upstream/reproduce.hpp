#pragma once

#include <string>

#include "upstream/replay.hpp"

namespace fix502 {

/// A command for a POSIX shell that does the same: curl for HTTP, cgi-fcgi for FastCGI; empty where there is none.
/// Pure.
[[nodiscard]] std::string reproduce(const ReplayRequest& request);

}  // namespace fix502
