#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>

#include "net/net.hpp"

namespace fix502 {

/// The network that this machine is on. Lives no longer than the loop, and as long as any task of its own.
[[nodiscard]] std::unique_ptr<Net> real_net(boost::asio::io_context& loop);

}  // namespace fix502
