#pragma once

#include "experiment/run.hpp"

namespace fix502 {

/// This machine's own settings, noted before anything is sent: nothing here waits.
void look_at_machine(Run& run);

}  // namespace fix502
