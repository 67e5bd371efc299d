#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <string>

#include "net/net.hpp"

namespace fix502 {

/// getaddrinfo(3) for both families, as every program on this machine asks (hosts file, nsswitch, search list), in the
/// order in which programs try the addresses (RFC 6724). It cannot be interrupted, so a process of its own does it,
/// which is killed at the time limit and when the task is cancelled. This process must have one thread only.
Task<SystemLookup> system_lookup(boost::asio::any_io_executor executor, std::string name, Milliseconds timeout);

}  // namespace fix502
