#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

namespace fix502::faulty {

namespace asio = boost::asio;

template <typename T>
using Task = asio::awaitable<T>;

/// Completions come back as values: what the network does is never an exception here.
inline constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

/// Waits; nothing for zero.
inline Task<void> pause_for(std::chrono::milliseconds duration) {
  if (duration.count() == 0) co_return;
  asio::steady_timer timer(co_await asio::this_coro::executor, duration);
  co_await timer.async_wait(kAwait);
}

}  // namespace fix502::faulty
