#include "signature/address.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace fix502 {
namespace {

template <typename T>
bool read_number(std::string_view text, T& value, int base) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return error == std::errc{} && end == text.data() + text.size() && text.front() != '-';
}

bool read_ipv4(std::string_view text, std::uint8_t* out) {
  for (int part = 0; part < 4; ++part) {
    const auto end = part < 3 ? text.find('.') : text.size();
    if (end == text.npos || end == 0 || end > 3 || !read_number(text.substr(0, end), out[part], 10)) return false;
    if (end > 1 && text.front() == '0') return false;  // octal to some (RFC 6943 3.1.1)
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return text.empty();
}

/// One side of "::": groups of 16 bits; the address's last 32 bits may be dotted decimal (RFC 4291 2.2).
bool read_groups(std::string_view text, bool is_end, std::vector<std::uint8_t>& bytes) {
  while (!text.empty()) {
    const auto end = std::min(text.find(':'), text.size());
    const auto group = text.substr(0, end);
    std::uint16_t value = 0;
    if (std::uint8_t quad[4]; is_end && end == text.size() && group.find('.') != group.npos) {
      if (!read_ipv4(group, quad)) return false;
      bytes.insert(bytes.end(), quad, quad + 4);
    } else if (!group.empty() && group.size() <= 4 && read_number(group, value, 16)) {
      bytes.push_back(static_cast<std::uint8_t>(value >> 8));
      bytes.push_back(static_cast<std::uint8_t>(value & 0xFF));
    } else {
      return false;
    }
    text.remove_prefix(end);
    if (text.size() == 1) return false;  // ends in a single colon
    text.remove_prefix(std::min<std::size_t>(text.size(), 1));
    if (bytes.size() > 16) return false;
  }
  return true;
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  Address address;
  if (text.empty() || text.size() > 45) return {};
  if (text.find(':') == text.npos) return read_ipv4(text, address.bytes.data()) ? std::optional(address) : std::nullopt;
  address.ipv6 = true;
  const auto gap = text.find("::");
  std::vector<std::uint8_t> head;
  std::vector<std::uint8_t> tail;
  if (!read_groups(text.substr(0, gap), gap == text.npos, head)) return {};
  if (gap != text.npos && !read_groups(text.substr(gap + 2), true, tail)) return {};
  const std::size_t size = head.size() + tail.size();
  if (gap == text.npos ? size != 16 : size > 14) return {};
  std::ranges::copy(head, address.bytes.begin());
  std::ranges::copy(tail, address.bytes.end() - static_cast<std::ptrdiff_t>(tail.size()));
  return address;
}

bool Prefix::contains(const Address& other) const {
  if (other.ipv6 != address.ipv6) return false;
  for (int bit = 0; bit < bits; bit += 8) {
    const auto i = static_cast<std::size_t>(bit / 8);
    const unsigned mask = bits - bit >= 8 ? 0xFFU : 0xFFU << (8 - (bits - bit));
    if (((address.bytes[i] ^ other.bytes[i]) & mask & 0xFFU) != 0) return false;
  }
  return true;
}

std::optional<Prefix> parse_prefix(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == text.npos || slash + 1 == text.size()) return {};
  const auto address = parse_address(text.substr(0, slash));
  Prefix prefix;
  if (!address || !read_number(text.substr(slash + 1), prefix.bits, 10) || prefix.bits > (address->ipv6 ? 128 : 32))
    return {};
  prefix.address = *address;
  return prefix;
}

}  // namespace fix502
