#pragma once

#include "experiment/run.hpp"

namespace fix502 {

/// The page in every installed browser, side by side, each with a new profile and, if wanted, with a copy of the
/// visitor's own; then by the probes' client once more, and where the browsers differ, under the name of each.
Task<void> ask_browsers(Run& run);

}  // namespace fix502
