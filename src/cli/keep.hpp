#pragma once

#include <optional>

#include "cli/options.hpp"
#include "history/history.hpp"
#include "report/report.hpp"

namespace fix502 {

/// The history, unless --no-history; where it cannot be used, that is one line on standard error.
[[nodiscard]] std::optional<History> open_history(const DiagnosisOptions& options);

/// Remembers a diagnosis, after its report is out. Never fails it.
void keep_in_history(const Report& report, const DiagnosisOptions& options);

}  // namespace fix502
