#pragma once

#include <string>
#include <vector>

#include "gateway/process.hpp"
#include "gateway/route.hpp"

namespace fix502 {

/// Names of the route's servers that stand in a hosts file which was changed after one of these processes had started:
/// that process may still have the address of before. `root`: by which way the gateway's files are reached.
[[nodiscard]] std::vector<std::string> moved_names(const Route& route, const std::string& root,
                                                   const std::vector<const RunningProgram*>& workers);

}  // namespace fix502
