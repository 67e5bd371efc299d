#pragma once

#include <string_view>

namespace fix502 {

/// Whether Linux' /proc/net/route has a usable default route (or the two halves that VPNs put in its place).
[[nodiscard]] bool has_default_route_ipv4(std::string_view text);
/// The same for /proc/net/ipv6_route.
[[nodiscard]] bool has_default_route_ipv6(std::string_view text);

}  // namespace fix502
