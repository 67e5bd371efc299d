#include "net/dns_client.hpp"

#include <openssl/rand.h>

#include <array>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/text.hpp"
#include "net/await.hpp"
#include "net/dns_transport.hpp"
#include "net/wire.hpp"
#include "target/target.hpp"

namespace fix502 {

namespace asio = boost::asio;

namespace {

using namespace asio::experimental::awaitable_operators;

std::uint16_t random_id() {
  std::array<unsigned char, 2> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  return static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1]);
}

Failure silence(Phase phase) {
  if (phase == Phase::connect) return Failure::connect_timeout;
  return phase == Phase::tls ? Failure::tls_timeout : Failure::response_timeout;
}

}  // namespace

DnsClient::DnsClient(asio::any_io_executor executor, Post post)
    : executor_(std::move(executor)), post_(std::move(post)) {}

Task<DnsExchange> DnsClient::ask(DnsQuery query) {
  DnsAttempt attempt;
  DnsExchange& exchange = attempt.exchange;
  exchange.server = printable(query.server, 300);
  exchange.server_name = query.server_name;
  exchange.role = query.role;
  exchange.zone = query.zone;
  exchange.name = lower(query.name);
  if (exchange.name.size() > 1 && exchange.name.ends_with('.')) exchange.name.pop_back();
  exchange.type = query.type;
  exchange.checking_disabled = query.checking_disabled;
  auto server = parse_dns_server(query.server);
  if (!server) {
    exchange.failure = Failure::other;
    co_return exchange;
  }
  exchange.server = server->text();
  exchange.transport = server->transport;
  asio::steady_timer timer(executor_, query.timeout);
  attempt.server = std::move(*server);
  attempt.query = std::move(query);
  // RFC 8484 4.1: id 0, so that HTTP caches know equal questions.
  attempt.id = attempt.server.transport == Transport::https ? std::uint16_t{0} : random_id();

  const auto first = co_await (over_network(attempt) || timer.async_wait(kAwait));
  const auto cancelled = (co_await asio::this_coro::cancellation_state).cancelled();
  if (cancelled != asio::cancellation_type::none)
    exchange.failure = Failure::out_of_time;
  else if (first.index() == 1)
    exchange.failure = silence(attempt.phase);
  co_return std::move(exchange);
}

Task<void> DnsClient::over_network(DnsAttempt& attempt) {
  switch (attempt.server.transport) {
    case Transport::udp:
      return ask_over_udp(executor_, attempt);
    case Transport::tcp:
      return ask_over_tcp(executor_, attempt);
    case Transport::tls:
      return ask_over_tls(executor_, trust(), attempt);
    case Transport::https:
      return over_https(attempt);
  }
  return ask_over_udp(executor_, attempt);
}

asio::ssl::context& DnsClient::trust() {
  if (!trust_) {
    trust_.emplace(asio::ssl::context::tls_client);
    boost::system::error_code ignored;  // without any root every certificate is refused, which the exchange then says
    trust_->set_default_verify_paths(ignored);
  }
  return *trust_;
}

Task<void> DnsClient::over_https(DnsAttempt& attempt) {
  attempt.phase = Phase::wait;
  DnsExchange& exchange = attempt.exchange;
  const bool is_address = is_ipv4(attempt.server.host) || is_ipv6(attempt.server.host);
  HttpRequest request;
  request.url = attempt.server.url;
  request.method = "POST";
  request.data = attempt.message();
  request.client.id = "doh";
  request.headers = {{"Content-Type", "application/dns-message"}, {"Accept", "application/dns-message"}};
  request.addresses = is_address ? std::vector{attempt.server.host} : attempt.query.server_addresses;
  request.interface = attempt.query.interface;
  request.connect_timeout = attempt.query.timeout;
  request.timeout = attempt.query.timeout;
  request.max_body = kMaxMessage;
  exchange.failure = request.data.empty() || !post_ ? Failure::other
                     : request.addresses.empty()    ? Failure::name_not_resolved
                                                    : Failure::none;
  if (exchange.failure != Failure::none) co_return;

  const std::string sent = request.data;
  const RawAnswer answer = co_await post_(std::move(request));
  exchange.failure = answer.exchange.failure;
  if (exchange.failure != Failure::none) co_return;
  // A login page or a block page in the resolver's place is an answer, but not one of DNS.
  const bool is_dns = answer.exchange.status == 200 && is_reply_to(answer.body, sent);
  attempt.take(is_dns ? std::string_view(answer.body) : std::string_view());
}

}  // namespace fix502
