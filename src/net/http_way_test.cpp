// Which way an exchange goes, what ends it from outside, and how long it takes.

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <filesystem>
#include <thread>

#include "net/asking.hpp"

namespace fix502 {
namespace {

using namespace std::chrono_literals;
using test::ask;
using test::kGood;
using test::Loopback;
using test::Peer;
using test::request_to;

struct WayCase {
  const char* situation;
  void (*vary)(HttpRequest&);
  Failure failure;
  Phase reached;
};
const WayCase kWays[] = {
    {"no address", [](HttpRequest& r) { r.addresses.clear(); }, Failure::name_not_resolved, Phase::resolve},
    {"nonsense", [](HttpRequest& r) { r.url = "ftp://shop.example/"; }, Failure::other, Phase::resolve},
    {"refused", [](HttpRequest& r) { r.addresses = {"127.0.0.2"}; }, Failure::refused, Phase::connect},
    {"refused by both families", [](HttpRequest& r) { r.addresses = {"127.0.0.2", "::1"}; }, Failure::refused,
     Phase::connect},
    {"no such device", [](HttpRequest& r) { r.interface = "nonesuch0"; }, Failure::local_address, Phase::connect},
    {"no such address here", [](HttpRequest& r) { r.interface = "198.51.100.7"; }, Failure::local_address,
     Phase::connect},
    {"another address here", [](HttpRequest& r) { r.interface = "127.0.0.9"; }, Failure::none, Phase::done},
    {"one address of two", [](HttpRequest& r) { r.addresses = {"::1", "127.0.0.1"}; }, Failure::none, Phase::done},
    {"the second address of a family", [](HttpRequest& r) { r.addresses = {"127.0.0.2", "127.0.0.1"}; }, Failure::none,
     Phase::done},
    {"small segments", [](HttpRequest& r) { r.max_segment = 536; }, Failure::none, Phase::done},
    {"a literal address",
     [](HttpRequest& r) {
       r.url.replace(r.url.find("shop.example"), 12, "127.0.0.1");
       r.addresses.clear();
     },
     Failure::none, Phase::done},
    {"another port",
     [](HttpRequest& r) {
       const auto colon = r.url.rfind(':');
       r.connect_port = static_cast<std::uint16_t>(std::stoi(r.url.substr(colon + 1)));
       r.url = "http://shop.example/";
     },
     Failure::none, Phase::done},
};

TEST(HttpClient, GoesTheWayItIsTold) {
  const Loopback server([](Peer& peer) {
    peer.read_head();
    peer.send(kGood);
  });
  for (const auto& row : kWays) {
    HttpRequest request = request_to(server);
    row.vary(request);
    const HttpExchange seen = ask(std::move(request));
    EXPECT_EQ(to_word(seen.failure), to_word(row.failure)) << row.situation << ": " << seen.detail;
    EXPECT_EQ(to_word(seen.reached), to_word(row.reached)) << row.situation;
  }
}

TEST(HttpClient, TimesConnectionsOut) {
  // A listener whose queue is full drops further attempts.
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  bind(listener, reinterpret_cast<sockaddr*>(&address), size);
  listen(listener, 0);
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  const int fill = socket(AF_INET, SOCK_STREAM, 0);
  connect(fill, reinterpret_cast<sockaddr*>(&address), size);
  HttpRequest request;
  request.url = "http://shop.example:" + std::to_string(ntohs(address.sin_port)) + "/";
  request.addresses = {"127.0.0.1"};
  request.connect_timeout = 150ms;
  const HttpExchange seen = ask(std::move(request));
  EXPECT_EQ(to_word(seen.failure), "connect_timeout") << seen.detail;
  EXPECT_TRUE(seen.address.empty());
  close(fill);
  close(listener);
}

long open_descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator{});
}

/// The server's end of a connection is a descriptor of this process too, and its thread closes it when it sees ours
/// gone.
bool comes_down_to(long count) {
  for (int look = 0; look < 500 && open_descriptors() != count; ++look) std::this_thread::sleep_for(10ms);
  return open_descriptors() == count;
}

TEST(HttpClient, IsCancelledByDroppingIt) {
  using namespace boost::asio::experimental::awaitable_operators;
  const Loopback server([](Peer& peer) { peer.stall(); });
  const long before = open_descriptors();
  {
    boost::asio::io_context loop;
    HttpClient client(loop.get_executor());
    boost::asio::steady_timer timer(loop, 50ms);
    bool timer_won = false;
    const auto race = [&]() -> Task<void> {
      HttpRequest request = request_to(server);
      const auto first = co_await (client.exchange(std::move(request)) || timer.async_wait(boost::asio::use_awaitable));
      timer_won = first.index() == 1;
    };
    boost::asio::co_spawn(loop, race(), [](const std::exception_ptr& error) { EXPECT_FALSE(error); });
    loop.run();
    EXPECT_TRUE(timer_won);
  }
  EXPECT_TRUE(comes_down_to(before));
  {
    // The loop goes while the exchange is under way.
    boost::asio::io_context loop;
    HttpClient client(loop.get_executor());
    HttpRequest request = request_to(server);
    boost::asio::co_spawn(loop, client.exchange(std::move(request)), [](const std::exception_ptr&, HttpExchange) {});
    loop.run_for(20ms);
  }
  EXPECT_TRUE(comes_down_to(before));
}

TEST(HttpClient, AddsNoDelay) {
  const Loopback server([](Peer& peer) {
    peer.read_head();
    peer.send(kGood);
  });
  std::vector<Duration> took;
  for (int i = 0; i < 21; ++i) {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(ask(request_to(server)).failure, Failure::none);
    took.push_back(std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - start));
  }
  // About 0.5 ms; a wait for a timer or for a delayed acknowledgement would show as 10 ms and more, every time. A
  // machine that is busy makes many slow, and never all of them.
  EXPECT_LT(*std::ranges::min_element(took), 8ms);
}

}  // namespace
}  // namespace fix502
