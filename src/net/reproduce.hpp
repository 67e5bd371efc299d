#pragma once

#include <string>

#include "net/net.hpp"

namespace fix502 {

/// A command for a POSIX shell that repeats the exchange with curl. Pure. Cookies, credentials and a body are left out
/// and marked by a placeholder; of a client's profile only what decides an answer most often is repeated.
[[nodiscard]] std::string curl_command(const HttpRequest& request);

/// The same for a DNS question, with dig (9.18 or later for DNS over TLS and HTTPS).
[[nodiscard]] std::string dig_command(const DnsQuery& query);

}  // namespace fix502
