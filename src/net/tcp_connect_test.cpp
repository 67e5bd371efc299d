#include "net/tcp_connect.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "net/loopback.hpp"
#include "net/real_net.hpp"

namespace fix502 {
namespace {

using namespace std::chrono_literals;

struct ConnectCase {
  const char* address;
  const char* interface;
  Failure failure;
  Family family;
};
constexpr ConnectCase kCases[] = {
    {"127.0.0.1", "", Failure::none, Family::ipv4},
    {"127.0.0.1", "lo", Failure::none, Family::ipv4},
    {"127.0.0.1", "127.0.0.9", Failure::none, Family::ipv4},
    {"127.0.0.2", "", Failure::refused, Family::ipv4},
    {"::1", "", Failure::refused, Family::ipv6},
    {"127.0.0.1", "198.51.100.7", Failure::local_address, Family::ipv4},
    {"127.0.0.1", "nonesuch0", Failure::local_address, Family::ipv4},
    {"127.0.0.1", "a-device-name-that-is-too-long", Failure::local_address, Family::ipv4},
    {"not an address", "", Failure::other, Family::unknown},
};

TEST(TcpConnect, SaysWhatBecomesOfIt) {
  const test::Loopback server([](test::Peer&) {});
  boost::asio::io_context loop;
  const auto net = real_net(loop);
  for (const auto& row : kCases) {
    TcpConnect seen;
    std::string address = row.address;
    std::string interface = row.interface;
    boost::asio::co_spawn(loop, net->tcp(std::move(address), server.port(), std::move(interface), 2s),
                          [&](const std::exception_ptr&, TcpConnect got) { seen = std::move(got); });
    loop.run();
    loop.restart();
    EXPECT_EQ(to_word(seen.failure), to_word(row.failure))
        << row.address << " " << row.interface << ": " << seen.detail;
    EXPECT_EQ(seen.family, row.family) << row.address;
    EXPECT_EQ(seen.port, server.port());
    EXPECT_EQ(seen.detail.empty(), row.failure == Failure::none) << row.address;
  }
}

TEST(TcpConnect, GivesUp) {
  // A queue that is full drops further attempts.
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
  boost::asio::io_context loop;
  TcpConnect seen;
  boost::asio::co_spawn(loop, tcp_connect("127.0.0.1", ntohs(address.sin_port), "", 100ms),
                        [&](const std::exception_ptr&, TcpConnect got) { seen = std::move(got); });
  loop.run();
  EXPECT_EQ(to_word(seen.failure), "connect_timeout") << seen.detail;
  close(fill);
  close(listener);
}

}  // namespace
}  // namespace fix502
