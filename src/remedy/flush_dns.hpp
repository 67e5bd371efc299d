#pragma once

#include "observation/evidence.hpp"
#include "remedy/work.hpp"

namespace fix502 {

/// The caches of this machine that were seen to hold a wrong answer are made to forget the name, the farthest first; no
/// other cache is touched.
[[nodiscard]] Work flush_dns(const Evidence& evidence);

}  // namespace fix502
