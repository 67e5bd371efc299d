#include "net/dns_transport.hpp"

#include <net/if.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "net/await.hpp"
#include "net/dns_failure.hpp"
#include "net/wire.hpp"

namespace fix502 {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;
using boost::system::error_code;

namespace {

using namespace asio::experimental::awaitable_operators;

constexpr unsigned kFormErr = 1, kNotImp = 4;

/// Sends from the named interface or address only.
template <typename Socket>
error_code bind_to(Socket& socket, const std::string& interface) {
  error_code error;
  if (interface.empty()) return error;
  const auto address = asio::ip::make_address(interface, error);
  if (!error) {
    socket.bind({address, 0}, error);
    return error;
  }
  const auto size = static_cast<socklen_t>(std::min<std::size_t>(interface.size(), IFNAMSIZ - 1));
  const int done = setsockopt(socket.native_handle(), SOL_SOCKET, SO_BINDTODEVICE, interface.c_str(), size);
  return done == 0 ? error_code{} : error_code{errno, boost::system::system_category()};
}

/// An open socket towards the server, bound to where the question shall leave.
template <typename Socket>
error_code open_towards(Socket& socket, const DnsServer& server, const std::string& interface) {
  error_code error;
  const typename Socket::endpoint_type endpoint(server.address, server.port);
  socket.open(endpoint.protocol(), error);
  if (!error) error = bind_to(socket, interface);
  return error;
}

/// ip(7): without these the kernel keeps "host unreachable" to itself.
void hear_icmp(udp::socket& socket, bool ipv6) {
  const int on = 1;
  setsockopt(socket.native_handle(), SOL_IP, IP_RECVERR, &on, sizeof on);
  if (ipv6) setsockopt(socket.native_handle(), SOL_IPV6, IPV6_RECVERR, &on, sizeof on);
}

bool dislikes_edns(std::string_view reply) {
  const unsigned rcode = static_cast<unsigned char>(reply[3]) & 0x0FU;
  return rcode == kFormErr || rcode == kNotImp;
}

/// Asks once more, plainly: some firewalls drop what has an OPT record. Ends only by being cancelled.
Task<void> send_again(udp::socket& socket, std::string plain, Milliseconds after) {
  asio::steady_timer timer(socket.get_executor(), after);
  const auto [waited] = co_await timer.async_wait(kAwait);
  if (waited) co_return;
  co_await socket.async_send(asio::buffer(plain), kAwait);
  timer.expires_at(asio::steady_timer::time_point::max());
  co_await timer.async_wait(kAwait);
}

/// Reads until the answer to `sent` comes, over whatever else comes (RFC 5452 9.1). A server that cannot read EDNS is
/// asked again without it at once (RFC 6891 7).
Task<error_code> receive(udp::socket& socket, std::string sent, std::string plain, std::string& reply) {
  std::string buffer(kMaxMessage, '\0');
  bool asked_plainly = false;
  while (true) {
    const auto [error, size] = co_await socket.async_receive(asio::buffer(buffer), kAwait);
    if (error) co_return error;
    reply.assign(buffer, 0, size);
    if (!is_reply_to(reply, sent)) continue;
    if (asked_plainly || !dislikes_edns(reply)) co_return error;
    asked_plainly = true;
    co_await socket.async_send(asio::buffer(plain), kAwait);
  }
}

/// One question and answer over a stream, each after its length in two bytes (RFC 1035 4.2.2).
template <typename Stream>
Task<error_code> exchange_over(Stream& stream, std::string sent, std::string& reply) {
  const char length[] = {static_cast<char>(sent.size() >> 8), static_cast<char>(sent.size() & 0xFF)};
  const std::string framed = std::string(length, 2) + sent;
  const auto [write_error, written] = co_await asio::async_write(stream, asio::buffer(framed), kAwait);
  if (write_error) co_return write_error;
  std::array<unsigned char, 2> head{};
  const auto [head_error, head_size] = co_await asio::async_read(stream, asio::buffer(head), kAwait);
  if (head_error) co_return head_error;
  reply.resize(static_cast<std::size_t>(head[0]) << 8 | head[1]);
  const auto [error, size] = co_await asio::async_read(stream, asio::buffer(reply), kAwait);
  co_return error;
}

}  // namespace

void DnsAttempt::fail(const error_code& error) {
  if (error != asio::error::operation_aborted) exchange.failure = socket_failure(error);
}

std::string DnsAttempt::message() {
  auto bytes = build_query(query, id, edns);
  if (!bytes) exchange.failure = Failure::other;
  return bytes ? std::move(*bytes) : std::string();
}

void DnsAttempt::take(std::string_view reply) {
  auto read = read_answer(reply, exchange);
  if (read)
    exchange = std::move(*read);
  else
    exchange.failure = Failure::malformed;
}

Task<void> ask_over_udp(asio::any_io_executor executor, DnsAttempt& attempt) {
  attempt.phase = Phase::wait;
  const std::string sent = attempt.message();
  attempt.edns = false;
  const std::string plain = attempt.message();
  if (sent.empty()) co_return;
  udp::socket socket(executor);
  // Connected, so that only the server's datagrams come in and ICMP's errors are told; the port is the kernel's choice,
  // which is random (RFC 5452 4.5).
  error_code error = open_towards(socket, attempt.server, attempt.query.interface);
  if (!error) hear_icmp(socket, attempt.server.address.is_v6());
  if (!error) socket.connect({attempt.server.address, attempt.server.port}, error);
  if (!error) socket.send(asio::buffer(sent), 0, error);
  if (error) co_return attempt.fail(error);

  std::string reply;
  const auto first =
      co_await (receive(socket, sent, plain, reply) || send_again(socket, plain, attempt.query.timeout / 3));
  if (first.index() == 1) co_return;
  if (const auto& failed = std::get<0>(first)) co_return attempt.fail(failed);
  if (!is_truncated(reply)) co_return attempt.take(reply);
  attempt.exchange.truncated = true;
  attempt.edns = true;
  co_await ask_over_tcp(executor, attempt);
}

Task<void> ask_over_tcp(asio::any_io_executor executor, DnsAttempt& attempt) {
  attempt.phase = Phase::connect;
  attempt.exchange.transport = Transport::tcp;
  std::string sent = attempt.message();
  if (sent.empty()) co_return;
  tcp::socket socket(executor);
  error_code error = open_towards(socket, attempt.server, attempt.query.interface);
  if (error) co_return attempt.fail(error);
  const tcp::endpoint endpoint(attempt.server.address, attempt.server.port);
  std::tie(error) = co_await socket.async_connect(endpoint, kAwait);
  if (error) co_return attempt.fail(error);
  attempt.phase = Phase::wait;
  std::string reply;
  error = co_await exchange_over(socket, sent, reply);
  if (error) co_return attempt.fail(error);
  if (!is_reply_to(reply, sent)) reply.clear();
  attempt.take(reply);
}

Task<void> ask_over_tls(asio::any_io_executor executor, asio::ssl::context& trust, DnsAttempt& attempt) {
  std::string sent = attempt.message();
  if (sent.empty()) co_return;
  asio::ssl::stream<tcp::socket> stream(executor, trust);
  error_code error = open_towards(stream.next_layer(), attempt.server, attempt.query.interface);
  if (error) co_return attempt.fail(error);
  const tcp::endpoint endpoint(attempt.server.address, attempt.server.port);
  std::tie(error) = co_await stream.next_layer().async_connect(endpoint, kAwait);
  if (error) co_return attempt.fail(error);

  attempt.phase = Phase::tls;
  const std::string& name = attempt.server.tls_name;
  if (!name.empty()) {
    SSL_set_tlsext_host_name(stream.native_handle(), name.c_str());
    SSL_set1_host(stream.native_handle(), name.c_str());
    stream.set_verify_mode(asio::ssl::verify_peer, error);
  }
  std::tie(error) = co_await stream.async_handshake(asio::ssl::stream_base::client, kAwait);
  if (error == asio::error::operation_aborted) co_return;
  if (error) {
    attempt.exchange.failure = greeting_failure(error, stream.native_handle());
    co_return;
  }
  attempt.phase = Phase::wait;
  std::string reply;
  error = co_await exchange_over(stream, sent, reply);
  if (error == asio::ssl::error::stream_truncated) error = asio::error::eof;
  if (error) co_return attempt.fail(error);
  if (!is_reply_to(reply, sent)) reply.clear();
  attempt.take(reply);
}

}  // namespace fix502
