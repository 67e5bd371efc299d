#pragma once

#include <chrono>

#include "gateway/kind.hpp"

namespace fix502 {

/// Runs programs without a shell, each bounded in time and in what it may print (16 MiB, and 1 MiB of complaints).
[[nodiscard]] Asker program_asker(std::chrono::milliseconds longest = std::chrono::seconds(10));

}  // namespace fix502
