#pragma once

#include <string>
#include <vector>

#include "inspect/inspect.hpp"

namespace fix502 {

/// What the gateway's logs, and the application's, say of this way since `question.since`. `notes` gets what could not
/// be read, or is not logged at all.
[[nodiscard]] std::vector<LogSign> log_signs(const GatewayQuestion& question, const FoundGateway& gateway,
                                             const GatewayEvidence& way, std::vector<std::string>& notes);

/// Where the access log's format hides who made an error: says so, and offers one that shows it; else empty. Pure.
[[nodiscard]] std::string better_format(const GatewayKind& kind, const std::vector<LogPlace>& logs);

}  // namespace fix502
