#pragma once

// `fix502 gateway URL --origin HOST[:PORT]`: the CDN in front of this gateway, asked beside it.

#include <optional>
#include <string>

#include "base/result.hpp"
#include "inspect/inspect.hpp"
#include "report/gateway_report.hpp"

namespace fix502 {

/// Nothing where the option was not given; it needs a URL.
[[nodiscard]] Result<std::optional<Endpoint>> origin_option(const std::string& text, const GatewayQuestion& question);

/// The page through the edge and at the origin: one visit, one request, and a few contrasts where they differ.
[[nodiscard]] std::optional<Report> ask_edge_and_origin(const GatewayQuestion& question,
                                                        const std::optional<Endpoint>& origin);

/// Puts the comparison into the report. Its verdict is taken over where the gateway itself has no fault and the CDN
/// has.
void add_edge(GatewayReport& report, const Report& edge);

}  // namespace fix502
