#pragma once

// /proc/net/udp and udp6 (proc(5)): who listens where. Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fix502 {

/// A UDP socket that takes packets from anybody.
struct UdpListener {
  std::string address;  ///< "127.0.0.53", "0.0.0.0", "::1"; an IPv4 address written as IPv6 comes out as IPv4
  std::uint16_t port = 0;
  std::uint32_t uid = 0;    ///< who opened it
  std::uint64_t inode = 0;  ///< of /proc/PID/fd's "socket:[INODE]"

  bool operator==(const UdpListener&) const = default;
};

/// Every line that can be read; connected sockets are left out.
[[nodiscard]] std::vector<UdpListener> parse_proc_net_udp(std::string_view text);

}  // namespace fix502
