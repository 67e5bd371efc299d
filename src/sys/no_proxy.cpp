#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <optional>

#include "base/text.hpp"
#include "sys/proxy_rules.hpp"

namespace fix502 {
namespace {

struct Address {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  int bits = 0;  ///< 32 or 128
};

std::optional<Address> parse_address(std::string_view text) {
  Address address;
  const std::string copy(text);
  address.bits = copy.contains(':') ? 128 : 32;
  const int family = address.bits == 128 ? AF_INET6 : AF_INET;
  if (copy.contains('\0') || inet_pton(family, copy.c_str(), address.bytes.data()) != 1) return std::nullopt;
  return address;
}

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool same_bits(const Address& a, const Address& b, int bits) {
  for (int i = 0; i < bits; i += 8) {
    const unsigned mask = bits - i >= 8 ? 0xFFU : 0xFFU << (8 - (bits - i)) & 0xFFU;
    const auto at = static_cast<std::size_t>(i / 8);
    if (((a.bytes[at] ^ b.bytes[at]) & mask) != 0) return false;
  }
  return true;
}

/// "10.0.0.0/8", or an address alone.
bool covers(std::string_view entry, const Address& host) {
  const auto slash = entry.find('/');
  const auto network = parse_address(entry.substr(0, slash));
  if (!network || network->bits != host.bits) return false;
  const auto bits = slash == entry.npos ? network->bits : parse_number<int>(entry.substr(slash + 1)).value_or(-1);
  return bits >= 0 && bits <= network->bits && same_bits(*network, host, bits);
}

struct Entry {
  std::string_view host;
  std::optional<std::uint16_t> port;
};

/// The port is what follows the bracket, or the only colon.
Entry take_apart(std::string_view entry) {
  if (entry.starts_with('[')) {
    const auto bracket = entry.find(']');
    if (bracket == entry.npos) return {entry, {}};
    const auto rest = entry.substr(bracket + 1);
    return {entry.substr(1, bracket - 1),
            rest.starts_with(':') ? parse_number<std::uint16_t>(rest.substr(1)) : std::nullopt};
  }
  const auto colon = entry.find(':');
  if (colon == entry.npos || colon != entry.rfind(':')) return {entry, {}};
  return {entry.substr(0, colon), parse_number<std::uint16_t>(entry.substr(colon + 1))};
}

bool is_below(std::string_view host, std::string_view domain) {
  if (domain.starts_with("*.")) domain.remove_prefix(2);
  while (domain.starts_with('.')) domain.remove_prefix(1);
  if (domain.ends_with('.')) domain.remove_suffix(1);
  if (domain.empty() || host.size() < domain.size()) return false;
  if (!equals_ignoring_case(host.substr(host.size() - domain.size()), domain)) return false;
  return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
}

}  // namespace

std::string proxy_bypassed(std::string_view no_proxy, std::string_view host, std::uint16_t port) {
  const auto address = parse_address(host);
  for (const auto part : split(no_proxy, ',')) {
    for (const auto word : words(part)) {
      if (word == "*") return "*";
      const Entry entry = take_apart(word);
      if (entry.port && *entry.port != port) continue;
      if (address ? covers(entry.host, *address) : is_below(host, entry.host)) return std::string(word);
    }
  }
  return {};
}

}  // namespace fix502
