#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>

#include "resolver/caches.hpp"

namespace fix502 {
namespace {

constexpr Milliseconds kLookAgain{10};

}  // namespace

Task<std::vector<ResolverCache>> caches_task(std::string name, ResolverConfig config, Milliseconds time) {
  const Moment deadline = std::chrono::steady_clock::now() + time;
  // Given up, the coroutine's end waits for the thread, which the deadline bounds.
  auto looking = std::async(std::launch::async, [name = std::move(name), config = std::move(config), deadline] {
    return look_into_caches(name, config, deadline);
  });
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  // The thread never touches the loop, which may be gone before it: so the loop looks whether it is done.
  while (looking.wait_for(Milliseconds(0)) != std::future_status::ready) {
    timer.expires_after(kLookAgain);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
  co_return looking.get();
}

}  // namespace fix502
