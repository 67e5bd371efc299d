#pragma once

#include <cstdint>
#include <string>

#include "net/net.hpp"

namespace fix502 {

/// One TCP connection attempt, closed at once. `interface` is a device's name or an address to send from, or empty.
Task<TcpConnect> tcp_connect(std::string address, std::uint16_t port, std::string interface, Milliseconds timeout);

/// The Failure that the errno of a connection attempt stands for.
[[nodiscard]] Failure connect_failure(int error);

}  // namespace fix502
