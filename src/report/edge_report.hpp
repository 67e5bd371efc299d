#pragma once

// How a comparison of edge and origin reads; shared by the reports of a diagnosis and of the gateway's own machine.

#include "edge/comparison.hpp"
#include "report/pen.hpp"

namespace fix502 {

/// The value of "edge_and_origin".
[[nodiscard]] Json comparison_json(const EdgeComparison& comparison);
/// What differs, as a table, and the settings that would make it differ.
[[nodiscard]] Lines comparison_lines(const EdgeComparison& comparison, const Pen& pen);

}  // namespace fix502
