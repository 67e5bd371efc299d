#pragma once

// Secure DNS of one browser: where it is set, and whether the browser then goes by it.

#include <string>

#include "cli/fix.hpp"
#include "remedy/custom_dns.hpp"

namespace fix502 {

/// A browser's resolver, made ready: in its managed policies, or in its profiles' own settings where one is named by
/// --browser-profile or no policy may be written.
[[nodiscard]] Result<Prepared> browser_dns(const FixRequest& request, const std::string& scope, const DnsChoice& choice,
                                           const std::string& name);

}  // namespace fix502
