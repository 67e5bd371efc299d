#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace fix502 {

/// The host of a web address in the one form in which hosts are compared.
struct HostName {
  std::string text;  ///< lower-case A-labels without the last dot, or an address as inet_ntop(3) writes it, no brackets
  bool is_address = false;

  bool operator==(const HostName&) const = default;
};

/// A host as typed or linked: names of any script (RFC 5890), IPv4, IPv6 with or without brackets.
[[nodiscard]] Result<HostName> normalise_host(std::string_view text);

}  // namespace fix502
