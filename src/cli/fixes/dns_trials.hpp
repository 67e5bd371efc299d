#pragma once

#include <string>
#include <vector>

#include "remedy/custom_dns.hpp"

namespace fix502 {

/// What a resolver shall be able to do.
enum class DnsUse {
  plain,         ///< by UDP
  tls_or_plain,  ///< by TLS where it has a name for it, and where that works from here
  https,
};

/// Asks every choice for the name's addresses, all at once. Trials in the order of `choices`, those that did not answer
/// included.
[[nodiscard]] std::vector<DnsTrial> try_resolvers(const std::vector<DnsChoice>& choices, const std::string& name,
                                                  DnsUse use);

}  // namespace fix502
