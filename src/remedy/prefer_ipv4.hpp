#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "remedy/work.hpp"

namespace fix502 {

/// Programs take IPv4 for the site: its IPv6 addresses get a route that says "unreachable" at once. That is seen by
/// every program (RFC 6724 rule 1: avoid unusable destinations), while gai.conf(5) is not read by Chromium, and would
/// change every site. It lasts until the machine is started again.
[[nodiscard]] Work prefer_ipv4(std::string_view host, const std::vector<std::string>& addresses);

}  // namespace fix502
