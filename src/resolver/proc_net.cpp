#include "resolver/proc_net.hpp"

#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <cstring>
#include <optional>

#include "base/text.hpp"

namespace fix502 {
namespace {

template <typename T>
std::optional<T> number(std::string_view text, int base) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The kernel prints each 32 bits of the address as a number of this machine's own byte order.
std::optional<std::string> address_of(std::string_view digits) {
  if (digits.size() != 8 && digits.size() != 32) return std::nullopt;
  std::array<unsigned char, 16> bytes{};
  for (std::size_t i = 0; i < digits.size() / 8; ++i) {
    const auto part = number<std::uint32_t>(digits.substr(i * 8, 8), 16);
    if (!part) return std::nullopt;
    std::memcpy(&bytes[i * 4], &*part, 4);
  }
  constexpr std::array<unsigned char, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};  // RFC 4291 2.5.5.2
  const bool mapped = digits.size() == 32 && std::memcmp(bytes.data(), kMapped.data(), kMapped.size()) == 0;
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool ipv4 = digits.size() == 8 || mapped;
  inet_ntop(ipv4 ? AF_INET : AF_INET6, bytes.data() + (mapped ? 12 : 0), text.data(), text.size());
  return std::string(text.data());
}

std::optional<UdpListener> read_line(std::string_view line) {
  // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode ...
  const auto column = words(line);
  if (column.size() < 10) return std::nullopt;
  const auto colon = column[1].rfind(':');
  const auto peer = column[2].rfind(':');
  if (colon == column[1].npos || peer == column[2].npos) return std::nullopt;
  if (column[2].substr(0, peer).find_first_not_of('0') != std::string_view::npos) return std::nullopt;
  const auto address = address_of(column[1].substr(0, colon));
  const auto port = number<std::uint16_t>(column[1].substr(colon + 1), 16);
  const auto uid = number<std::uint32_t>(column[7], 10);
  const auto inode = number<std::uint64_t>(column[9], 10);
  if (!address || !port || !uid || !inode) return std::nullopt;
  return UdpListener{*address, *port, *uid, *inode};
}

}  // namespace

std::vector<UdpListener> parse_proc_net_udp(std::string_view text) {
  std::vector<UdpListener> listeners;
  for (const auto line : split(text, '\n'))
    if (auto listener = read_line(line)) listeners.push_back(std::move(*listener));
  return listeners;
}

}  // namespace fix502
