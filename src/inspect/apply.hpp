#pragma once

// Makes the change that ends a fault: journal, write, the gateway's own check, reload, ask again, and back where it
// does not help.

#include <functional>
#include <string>
#include <vector>

#include "inspect/fixes.hpp"
#include "inspect/inspect.hpp"
#include "repair/journal.hpp"
#include "report/gateway_report.hpp"

namespace fix502 {

/// Applies every automatic fix of what is present, one after the other, each verified by looking again. `seen` and
/// `judged` become what is true afterwards.
[[nodiscard]] Result<Applied> apply_fixes(const GatewayQuestion& question, const Journal& journal, Inspection& seen,
                                          std::vector<Judged>& judged);

/// The command that checks and reloads a gateway after its files were put back: what `undo` runs.
[[nodiscard]] std::vector<std::string> reload_command(const FoundGateway& gateway);

}  // namespace fix502
