#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace fix502 {

/// An IP address as bytes; IPv4 fills the first four.
struct Address {
  std::array<std::uint8_t, 16> bytes{};
  bool ipv6 = false;
  bool operator==(const Address&) const = default;
};
/// Dotted decimal (four plain numbers) or RFC 4291 2.2 text form; no zone, no brackets.
[[nodiscard]] std::optional<Address> parse_address(std::string_view text);

struct Prefix {
  Address address;
  int bits = 0;
  [[nodiscard]] bool contains(const Address& other) const;
};
/// "192.0.2.0/24", "2001:db8::/32".
[[nodiscard]] std::optional<Prefix> parse_prefix(std::string_view text);

}  // namespace fix502
