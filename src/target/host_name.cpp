#include "target/host_name.hpp"

#include <arpa/inet.h>
#include <idn2.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>

#include "base/text.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMaxName = 253;  // RFC 1035 2.3.4, without the last dot and the length bytes
constexpr std::size_t kMaxLabel = 63;

struct FreeIdn {
  void operator()(std::uint8_t* text) const noexcept { idn2_free(text); }
};
using IdnText = std::unique_ptr<std::uint8_t, FreeIdn>;

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// RFC 5891 as browsers do it: UTS 46 without the transitional mapping, and with it (symbols, emoji) where that fails.
Result<std::string> to_a_labels(const std::string& name) {
  std::uint8_t* raw = nullptr;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(name.c_str());
  int outcome = idn2_lookup_u8(bytes, &raw, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  if (outcome != IDN2_OK) outcome = idn2_lookup_u8(bytes, &raw, IDN2_TRANSITIONAL);
  if (outcome != IDN2_OK) return fail("the host is no valid international name", printable(name, 100));
  const IdnText owned(raw);
  return std::string(reinterpret_cast<const char*>(owned.get()));
}

bool is_host_character(char c) {
  // Underscores are not in RFC 952 names, and yet sites live on them; browsers take them too.
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

Result<void> check_labels(std::string_view name) {
  if (name.size() > kMaxName) return fail("the host name is longer than 253 characters", printable(name, 60));
  while (true) {
    const auto end = std::min(name.find('.'), name.size());
    if (end == 0) return fail("the host name has an empty part between its dots", printable(name, 100));
    if (end > kMaxLabel) return fail("a part of the host name is longer than 63 characters", printable(name, 100));
    if (end == name.size()) return {};
    name.remove_prefix(end + 1);
  }
}

/// A last label of digits makes the whole an IPv4 address (URL Standard, "ends in a number checker").
bool ends_in_number(std::string_view name) {
  const auto dot = name.rfind('.');
  const auto label = dot == name.npos ? name : name.substr(dot + 1);
  if (label.starts_with("0x")) return label.find_first_not_of("0123456789abcdef", 2) == label.npos;
  return label.find_first_not_of("0123456789") == label.npos;
}

Result<HostName> normalise_ipv6(const std::string& text) {
  in6_addr address{};
  std::array<char, INET6_ADDRSTRLEN> shown{};
  if (text.contains('%')) return fail("browsers know no zone in an address", printable(text, 100));
  if (inet_pton(AF_INET6, text.c_str(), &address) != 1) return fail("not a valid IPv6 address", printable(text, 100));
  return HostName{inet_ntop(AF_INET6, &address, shown.data(), shown.size()), true};
}

}  // namespace

Result<HostName> normalise_host(std::string_view text) {
  if (text.empty()) return fail("the address has no host");
  if (text.front() == '[' && text.back() == ']') return normalise_ipv6(std::string(text.substr(1, text.size() - 2)));
  if (text.contains(':')) return normalise_ipv6(std::string(text));
  std::string name = lower(text);
  if (name.contains('\0')) return fail("the host name holds a character that no host name has", printable(text, 100));
  if (!is_ascii(name)) {
    // libidn2 works on bounded names; longer ones could not fit into 253 characters anyway.
    if (name.size() > 4 * kMaxName) return fail("the host name is longer than 253 characters", printable(text, 60));
    auto converted = to_a_labels(name);
    if (!converted) return std::unexpected(converted.error());
    name = std::move(*converted);
  }
  // The root's dot says "no search list"; asked for by name or in a Host field it is the same site.
  if (name.size() > 1 && name.ends_with('.')) name.pop_back();
  if (!std::ranges::all_of(name, is_host_character))
    return fail("the host name holds a character that no host name has", printable(text, 100));
  if (auto labels = check_labels(name); !labels) return std::unexpected(labels.error());
  if (is_ipv4(name)) return HostName{name, true};
  if (ends_in_number(name)) return fail("not a valid IPv4 address", printable(text, 100));
  return HostName{name, false};
}

bool is_ipv4(std::string_view text) {
  in_addr address{};
  return !text.contains('\0') && inet_pton(AF_INET, std::string(text).c_str(), &address) == 1;
}

bool is_ipv6(std::string_view text) {
  in6_addr address{};
  return !text.contains('\0') && inet_pton(AF_INET6, std::string(text).c_str(), &address) == 1;
}

}  // namespace fix502
