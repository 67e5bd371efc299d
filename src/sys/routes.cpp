#include "sys/routes.hpp"

#include <charconv>

#include "base/text.hpp"

namespace fix502 {
namespace {

// <linux/route.h>
constexpr unsigned long kUp = 0x0001;
constexpr unsigned long kReject = 0x0200;

unsigned long hex_number(std::string_view text) {
  unsigned long number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number, 16);
  return number;
}

bool is_usable(std::string_view flags) {
  return (hex_number(flags) & (kUp | kReject)) == kUp;
}

}  // namespace

bool has_default_route_ipv4(std::string_view text) {
  // Iface Destination Gateway Flags RefCnt Use Metric Mask ...; addresses in the machine's byte order
  bool lower_half = false;
  bool upper_half = false;
  for (const auto line : split(text, '\n')) {
    const auto column = words(line);
    if (column.size() < 8 || !is_usable(column[3])) continue;
    if (column[1] == "00000000" && column[7] == "00000000") return true;
    lower_half = lower_half || (column[1] == "00000000" && column[7] == "00000080");
    upper_half = upper_half || (column[1] == "00000080" && column[7] == "00000080");
  }
  return lower_half && upper_half;
}

bool has_default_route_ipv6(std::string_view text) {
  // destination length source length gateway metric references use flags device
  constexpr std::string_view kAny = "00000000000000000000000000000000";
  for (const auto line : split(text, '\n')) {
    const auto column = words(line);
    if (column.size() < 10 || !is_usable(column[8]) || column[9] == "lo") continue;
    const bool is_global_unicast = column[0] == "20000000000000000000000000000000" && column[1] == "03";
    if ((column[0] == kAny && column[1] == "00") || is_global_unicast) return true;
  }
  return false;
}

}  // namespace fix502
