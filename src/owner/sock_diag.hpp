#pragma once

// The sockets of this machine, asked of the kernel by sock_diag(7): what ss(8) shows.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace fix502 {

struct InetSocket {
  std::string local, remote;  ///< addresses; an IPv4 one that an IPv6 socket has is written as IPv4
  std::uint16_t local_port = 0, remote_port = 0;
  int state = 0;  ///< TCP_ESTABLISHED, TCP_LISTEN ... (netinet/tcp.h)
  bool ipv6 = false, only_ipv6 = false;
  std::uint32_t receive_queue = 0, send_queue = 0;  ///< of a listener: waiting, and how many may wait
  std::uint64_t inode = 0;                          ///< 0: belongs to no process (TIME-WAIT, not yet accepted)
};

struct UnixSocket {
  std::string path;  ///< "@name" for an abstract one; empty: none
  int state = 0;     ///< TCP_LISTEN, TCP_ESTABLISHED
  std::uint32_t receive_queue = 0, send_queue = 0;
  std::uint64_t inode = 0;
};

/// Replies of the kernel, one netlink message behind the other. Pure; what cannot be read is left out.
void read_inet_diag(std::string_view bytes, std::vector<InetSocket>& sockets);
void read_unix_diag(std::string_view bytes, std::vector<UnixSocket>& sockets);

/// Those of this network namespace, at most 200,000; `states` is a mask of 1 << state.
[[nodiscard]] Result<std::vector<InetSocket>> inet_sockets(std::uint32_t states);
[[nodiscard]] Result<std::vector<UnixSocket>> unix_sockets(std::uint32_t states);

}  // namespace fix502
