#pragma once

#include <string>
#include <string_view>

namespace fix502 {

/// The variable in which FastCGI and its kin carry a header field: "User-Agent" is "HTTP_USER_AGENT" (RFC 3875 4.1.18).
/// Apache leaves some fields out, and has its own.
[[nodiscard]] std::string cgi_variable(std::string_view field);

}  // namespace fix502
