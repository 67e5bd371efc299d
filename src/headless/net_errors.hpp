#pragma once

#include <string_view>

#include "observation/words.hpp"

namespace fix502 {

/// The project's word for a browser's own name of a failure: "net::ERR_CONNECTION_REFUSED",
/// "NS_ERROR_GENERATE_FAILURE(NS_ERROR_MODULE_SECURITY, SEC_ERROR_UNKNOWN_ISSUER)". Unknown names are `other`.
[[nodiscard]] Failure failure_of(std::string_view net_error);

/// The browser would not even ask: a port that it never opens, a policy, an extension. Says nothing about the site.
[[nodiscard]] bool browser_declined(std::string_view net_error);

}  // namespace fix502
