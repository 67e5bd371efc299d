#pragma once

#include <boost/asio/ip/udp.hpp>

#include "faulty/world.hpp"

namespace fix502::faulty {

using asio::ip::udp;

// The coroutines of the three protocols. References outlive them: they are parts of the world that `spawn` keeps.

/// Serves one connection of an HTTP listener, from its greeting to its end.
Task<void> serve_http(World& world, Door& door, tcp::socket socket, std::size_t connection);
/// Serves one connection of a TCP listener.
Task<void> serve_tcp(World& world, Door& door, tcp::socket socket, std::size_t connection);
/// Serves one DNS connection over TCP or TLS.
Task<void> serve_dns_stream(World& world, Door& door, tcp::socket socket, std::size_t connection);
/// Answers DNS datagrams. Slow answers do not hold up others: each is given by a coroutine of its own.
Task<void> serve_dns_datagrams(std::weak_ptr<World> world, Door& door, udp::socket& socket);

/// TLS greeting, if the listener has one to give; false: the connection is over.
Task<bool> greet(World& world, Door& door, Stream& stream, std::size_t connection);
/// Facts of a connection for the log.
[[nodiscard]] nlohmann::json connection_facts(Stream& stream, std::size_t connection);

}  // namespace fix502::faulty
