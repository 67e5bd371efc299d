#pragma once

#include <string>
#include <vector>

#include "inspect/inspect.hpp"

namespace fix502 {

/// What the gateway's logs, and the application's, say of this way since `question.since`. `notes` gets what could not
/// be read, or is not logged at all.
[[nodiscard]] std::vector<LogSign> log_signs(const GatewayQuestion& question, const FoundGateway& gateway,
                                             const GatewayEvidence& way, std::vector<std::string>& notes);

}  // namespace fix502
