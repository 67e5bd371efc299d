#pragma once

#include "observation/http_exchange.hpp"
#include "target/target.hpp"

namespace fix502 {

/// The exchange ended as a visitor wants it: an expected status (or, by default, 200-399 and the 401, 403, 404, 405
/// and 410 that the site itself means), a whole body, and neither a firewall's nor a network's page in its place.
[[nodiscard]] bool works(const HttpExchange& exchange, const StatusSet& expected);

}  // namespace fix502
