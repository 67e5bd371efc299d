#pragma once

// How well a page worked over time, as a row of marks. Pure.

#include <optional>
#include <string>
#include <vector>

#include "history/past.hpp"

namespace fix502 {

/// The share of tries that worked in each of `marks` equal parts from `since` to `until`; empty where nobody tried.
[[nodiscard]] std::vector<std::optional<double>> availability(const std::vector<Slot>& slots, WallTime since,
                                                              WallTime until, std::size_t marks);

/// One column each. Without `unicode` a digit: 9 it always worked, 0 it never did.
[[nodiscard]] std::string sparkline(const std::vector<std::optional<double>>& shares, bool unicode);

}  // namespace fix502
