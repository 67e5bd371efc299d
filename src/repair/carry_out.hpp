#pragma once

#include "base/result.hpp"
#include "remedy/work.hpp"
#include "repair/journal.hpp"

namespace fix502 {

/// Carries out the steps in their order; stops at the first that fails. The set can then be taken back.
[[nodiscard]] Result<void> carry_out(const Work& work, ChangeSet& set);

}  // namespace fix502
