#include "upstream/channel.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <cstring>

#include "net/await.hpp"

namespace fix502 {
namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using boost::system::error_code;

constexpr std::size_t kBlock = 64 * 1024;

error_code system_error(int number) {
  return {number, boost::system::system_category()};
}

ProxyEnd end_of(int descriptor, int (*name_of)(int, sockaddr*, socklen_t*)) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (name_of(descriptor, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return {};
  if (storage.ss_family == AF_INET) {
    const auto& address = reinterpret_cast<const sockaddr_in&>(storage);
    inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size());
    return {text.data(), ntohs(address.sin_port)};
  }
  if (storage.ss_family == AF_INET6) {
    const auto& address = reinterpret_cast<const sockaddr_in6&>(storage);
    inet_ntop(AF_INET6, &address.sin6_addr, text.data(), text.size());
    return {text.data(), ntohs(address.sin6_port)};
  }
  return {};
}

}  // namespace

Task<Waited> UpstreamChannel::connect_unix(std::string path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) co_return Waited{system_error(ENAMETOOLONG)};
  std::memcpy(address.sun_path, path.data(), path.size());
  auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
  if (path.starts_with('@')) {  // unix(7): an abstract name begins with NUL and has no end
    address.sun_path[0] = '\0';
    --size;
  }
  error_code error;
  socket_.open(asio::generic::stream_protocol(AF_UNIX, 0), error);
  if (!error) socket_.native_non_blocking(true, error);
  if (error) co_return Waited{error};
  // It succeeds or fails at once. asio would take EAGAIN, which means a full queue here, for "in progress".
  if (::connect(socket_.native_handle(), reinterpret_cast<const sockaddr*>(&address), size) != 0)
    co_return Waited{system_error(errno)};
  co_return Waited{};
}

Task<Waited> UpstreamChannel::connect(std::string address, std::uint16_t port, std::string unix_path, Moment until) {
  if (!unix_path.empty()) co_return co_await connect_unix(std::move(unix_path));
  error_code error;
  const auto ip = asio::ip::make_address(address, error);
  if (error) co_return Waited{error};
  const asio::ip::tcp::endpoint there(ip, port);
  asio::steady_timer timer(socket_.get_executor(), until);
  const auto first = co_await (socket_.async_connect(there, kAwait) || timer.async_wait(kAwait));
  if (first.index() == 1) co_return Waited{{}, true};
  error = std::get<0>(std::get<0>(first));
  error_code ignored;
  if (!error) socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  co_return Waited{error};
}

Task<Waited> UpstreamChannel::greet(asio::ssl::context& context, Moment until) {
  tls_.emplace(socket_, context);
  asio::steady_timer timer(socket_.get_executor(), until);
  const auto first =
      co_await (tls_->async_handshake(asio::ssl::stream_base::client, kAwait) || timer.async_wait(kAwait));
  if (first.index() == 1) co_return Waited{{}, true};
  co_return Waited{std::get<0>(std::get<0>(first))};
}

Task<Waited> UpstreamChannel::write(std::string bytes, Moment until) {
  if (bytes.empty()) co_return Waited{};
  asio::steady_timer timer(socket_.get_executor(), until);
  error_code error;
  if (tls_) {
    const auto first = co_await (asio::async_write(*tls_, asio::buffer(bytes), kAwait) || timer.async_wait(kAwait));
    if (first.index() == 1) co_return Waited{{}, true};
    error = std::get<0>(std::get<0>(first));
  } else {
    const auto first = co_await (asio::async_write(socket_, asio::buffer(bytes), kAwait) || timer.async_wait(kAwait));
    if (first.index() == 1) co_return Waited{{}, true};
    error = std::get<0>(std::get<0>(first));
  }
  co_return Waited{error};
}

Task<Waited> UpstreamChannel::read(std::string& bytes, Moment until) {
  bytes.resize(kBlock);
  asio::steady_timer timer(socket_.get_executor(), until);
  std::size_t size = 0;
  Waited waited;
  if (tls_) {
    const auto first = co_await (tls_->async_read_some(asio::buffer(bytes), kAwait) || timer.async_wait(kAwait));
    waited.late = first.index() == 1;
    if (!waited.late) std::tie(waited.error, size) = std::get<0>(first);
  } else {
    const auto first = co_await (socket_.async_receive(asio::buffer(bytes), kAwait) || timer.async_wait(kAwait));
    waited.late = first.index() == 1;
    if (!waited.late) std::tie(waited.error, size) = std::get<0>(first);
  }
  bytes.resize(size);
  co_return waited;
}

ProxyEnd UpstreamChannel::here() const {
  return end_of(const_cast<Socket&>(socket_).native_handle(), getsockname);
}

ProxyEnd UpstreamChannel::there() const {
  return end_of(const_cast<Socket&>(socket_).native_handle(), getpeername);
}

}  // namespace fix502
