#include "net/tcp_connect.hpp"

#include <net/if.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

#include "base/text.hpp"
#include "net/await.hpp"

namespace fix502 {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

struct ErrnoRow {
  int error;
  Failure failure;
};
constexpr ErrnoRow kConnectErrors[] = {
    {ECONNREFUSED, Failure::refused},        {ETIMEDOUT, Failure::connect_timeout}, {ENETUNREACH, Failure::unreachable},
    {EHOSTUNREACH, Failure::unreachable},    {ENETDOWN, Failure::unreachable},      {EHOSTDOWN, Failure::unreachable},
    {EAFNOSUPPORT, Failure::unreachable},  // a kernel without IPv6
    {EINVAL, Failure::unreachable},        // a "blackhole" route
    {EACCES, Failure::local_denied},       // a "prohibit" route, SELinux
    {EPERM, Failure::local_denied},        // a packet filter on this machine
    {EADDRNOTAVAIL, Failure::local_address}, {ENODEV, Failure::local_address},      {ECONNRESET, Failure::reset},
};

/// Sends from `interface`: by its address where it is one, else by the device.
error_code bind_to(tcp::socket& socket, const std::string& interface) {
  error_code error;
  const auto address = asio::ip::make_address(interface, error);
  if (!error) {
    socket.bind({address, 0}, error);
    return error;
  }
  if (interface.size() >= IFNAMSIZ) return {ENODEV, boost::system::system_category()};
  const auto size = static_cast<socklen_t>(interface.size() + 1);
  const bool bound = setsockopt(socket.native_handle(), SOL_SOCKET, SO_BINDTODEVICE, interface.c_str(), size) == 0;
  return bound ? error_code{} : error_code{errno, boost::system::system_category()};
}

}  // namespace

Failure connect_failure(int error) {
  if (error == 0) return Failure::none;
  const auto found = std::ranges::find(kConnectErrors, error, &ErrnoRow::error);
  return found == std::end(kConnectErrors) ? Failure::other : found->failure;
}

Task<TcpConnect> tcp_connect(std::string address, std::uint16_t port, std::string interface, Milliseconds timeout) {
  using namespace asio::experimental::awaitable_operators;
  TcpConnect seen;
  seen.address = address;
  seen.port = port;
  error_code error;
  const auto ip = asio::ip::make_address(address, error);
  if (error) {
    seen.failure = Failure::other;
    seen.detail = "not an address: " + printable(address, 100);
    co_return seen;
  }
  seen.family = ip.is_v6() ? Family::ipv6 : Family::ipv4;
  const tcp::endpoint there(ip, port);
  tcp::socket socket(co_await asio::this_coro::executor);
  socket.open(there.protocol(), error);
  if (!error && !interface.empty()) error = bind_to(socket, interface);
  if (!error) {
    asio::steady_timer timer(socket.get_executor(), timeout);
    const auto first = co_await (socket.async_connect(there, kAwait) || timer.async_wait(kAwait));
    error = first.index() == 0 ? std::get<0>(std::get<0>(first)) : error_code(asio::error::timed_out);
  }
  seen.failure = connect_failure(error.value());
  if (error) seen.detail = printable(error.message(), 100);
  co_return seen;
}

}  // namespace fix502
