#pragma once

#include <optional>

#include "edge/comparison.hpp"
#include "fault/picture.hpp"

namespace fix502 {

/// Edge and origin as a run with --origin has seen them; nothing where one of the two was not asked for the same page.
/// It points into the evidence.
[[nodiscard]] std::optional<EdgeSides> edge_sides(const Picture& picture);

/// What differs between them, and which settings would make it differ.
[[nodiscard]] std::optional<EdgeComparison> compare_edge_and_origin(const Evidence& evidence);

}  // namespace fix502
