#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace fix502 {

/// Asio's operations give their error as a value instead of throwing it: `auto [error, size] = co_await read(...,
/// kAwait)`.
inline constexpr auto kAwait = boost::asio::as_tuple(boost::asio::use_awaitable);

}  // namespace fix502
