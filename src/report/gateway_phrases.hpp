#pragma once

#include <string>

#include "report/gateway_report.hpp"

namespace fix502 {

/// "Nothing listens where the gateway sends requests", "The gateway is in order", ...
[[nodiscard]] std::string gateway_headline(const GatewayReport& report);
/// "f1e2": sign 2 of finding 1, both counted from 1.
[[nodiscard]] std::string sign_id(std::size_t finding, std::size_t sign);
/// RFC 3339 in UTC, "2026-11-22T04:54:03Z".
[[nodiscard]] std::string moment(WallTime time);
/// "3 lines of /var/log/nginx/error.log, 04:54:03 to 05:01:10", or the sign's own words.
[[nodiscard]] std::string sign_text(const Sign& sign);

}  // namespace fix502
