#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "headless/channel.hpp"
#include "net/await.hpp"

namespace fix502 {
namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;

class Pipes : public BrowserLine {
 public:
  Pipes(asio::any_io_executor executor, int to_browser, int from_browser)
      : out_(executor, to_browser), in_(executor, from_browser), timer_(executor) {}

  Task<Result<void>> send(std::string message, SteadyTime deadline) override {
    message.push_back('\0');
    timer_.expires_at(deadline);
    const auto first = co_await (asio::async_write(out_, asio::buffer(message), kAwait) || timer_.async_wait(kAwait));
    if (first.index() == 1) co_return fail("it does not take commands");
    const auto [error, size] = std::get<0>(first);
    if (error) co_return fail("it is gone");
    co_return Result<void>{};
  }

  Task<Result<std::string>> receive(SteadyTime deadline) override {
    for (;;) {
      const auto end = read_.find('\0', looked_at_);
      if (end != read_.npos) {
        std::string message = read_.substr(0, end);
        read_.erase(0, end + 1);
        looked_at_ = 0;
        if (!std::exchange(skipping_, false)) co_return message;
        continue;
      }
      looked_at_ = read_.size();
      if (read_.size() > kLongestMessage) {
        skipping_ = true;
        read_.clear();
        looked_at_ = 0;
      }
      timer_.expires_at(deadline);
      const auto first = co_await (in_.async_read_some(asio::buffer(block_), kAwait) || timer_.async_wait(kAwait));
      if (first.index() == 1) co_return fail("it did not answer in time");
      const auto [error, size] = std::get<0>(first);
      if (error) co_return fail("it ended");
      read_.append(block_.data(), size);
    }
  }

 private:
  asio::posix::stream_descriptor out_, in_;
  asio::steady_timer timer_;
  std::array<char, 65'536> block_{};
  std::string read_;
  std::size_t looked_at_ = 0;
  bool skipping_ = false;
};

}  // namespace

std::unique_ptr<BrowserLine> pipe_channel(asio::any_io_executor executor, int to_browser, int from_browser) {
  return std::make_unique<Pipes>(std::move(executor), to_browser, from_browser);
}

}  // namespace fix502
