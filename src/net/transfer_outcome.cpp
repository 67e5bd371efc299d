// The second half of Transfer: what came of it.

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <cerrno>
#include <cstring>

#include "base/text.hpp"
#include "net/redaction.hpp"
#include "net/transfer.hpp"

namespace fix502 {
namespace {

/// Time without a byte that counts as silence when time is up; half of a shorter limit.
constexpr Milliseconds kSilence{2'000};
constexpr std::size_t kDetail = 300;  // bytes
constexpr std::size_t kLocation = 2048;
constexpr std::size_t kPeeked = 32;

long number(CURL* easy, CURLINFO which) {
  long value = 0;
  curl_easy_getinfo(easy, which, &value);
  return value;
}

std::string text(CURL* easy, CURLINFO which) {
  const char* value = nullptr;
  curl_easy_getinfo(easy, which, &value);
  return value ? value : "";
}

std::string alert_words(int alert) {
  // What OpenSSL 3.0 has no words for.
  const std::string_view words = alert == 116   ? "certificate required"
                                 : alert == 109 ? "missing extension"
                                                : SSL_alert_desc_string_long(alert);
  return fmt::format("TLS alert {}: {}", alert, words);
}

template <typename Moment>
std::optional<Duration> between(const Moment& from, const Moment& to) {
  if (!from || !to) return std::nullopt;
  return std::max(std::chrono::duration_cast<Duration>(*to - *from), Duration{});
}

}  // namespace

void Transfer::look_at(int socket, bool ended) {
  ended_ = ended_ || ended;
  if (!connected_at_) {
    boost::asio::ip::tcp::endpoint peer;
    auto size = static_cast<socklen_t>(peer.capacity());
    if (getpeername(socket, peer.data(), &size) != 0) return;
    connected_at_ = std::chrono::steady_clock::now();
    peer_ = peer.address().to_string();
    peer_port_ = peer.port();
  }
  // curl gives up on a malformed status line without showing it.
  if (!requested_ || reader_.begun() || target_.scheme != "http") return;
  std::array<char, kPeeked> bytes;
  const ssize_t count = recv(socket, bytes.data(), bytes.size(), MSG_PEEK | MSG_DONTWAIT);
  if (count > 0) peeked_.assign(bytes.data(), static_cast<std::size_t>(count));
  // A socket tells of a reset once; curl will see no more than an end.
  if (count < 0 && errno == ECONNRESET) reset_ = true;
}

Ending Transfer::ending(CURLcode code) const {
  const auto limit = std::min(kSilence, request_.timeout / 2);
  const auto now = std::chrono::steady_clock::now();
  const bool greeting = target_.scheme == "https" && tls_.started && !reused_;
  const auto tunnel = static_cast<int>(number(easy(), CURLINFO_HTTP_CONNECTCODE));
  return {.code = code,
          .os_error = static_cast<int>(number(easy(), CURLINFO_OS_ERRNO)),
          .words = reset_ ? std::strerror(ECONNRESET) : words_.data(),
          .proxied = !request_.proxy.empty(),
          .connected = requested_ || greeting || tunnel > 0 || connected_at_,
          .refused = refused_,
          .tunnel_status = tunnel,
          .encrypted = target_.scheme == "https",
          .greeting = greeting,
          .http2 = tls_.http2,
          .alert = tls_.alert,
          .verify_error = tls_.verify_error,
          .requested = requested_,
          .begun = reader_.begun(),
          .header_complete = reader_.header_complete(),
          .stop = reader_.stop(),
          .ended = ended_,
          .silent = !last_byte_at_ || now - *last_byte_at_ >= limit};
}

std::string Transfer::detail(const Ending& end, const EndingOutcome& outcome) const {
  if (outcome.failure == Failure::none) return {};
  if (!outcome.words.empty()) return std::string(outcome.words);
  if (end.alert >= 0) return alert_words(end.alert);
  const std::string_view words = end.words.empty() ? curl_easy_strerror(end.code) : end.words;
  const bool no_connection = outcome.reached == Phase::connect || outcome.reached == Phase::proxy;
  if (outcome.failure == Failure::refused) return std::strerror(ECONNREFUSED);
  if (no_connection && !end.connected && end.os_error != 0) return printable(std::strerror(end.os_error), kDetail);
  return printable(without(std::string(words), secrets_of(request_)), kDetail);
}

HttpExchange Transfer::conclude(CURLcode code) const {
  const std::vector<std::string> secrets = secrets_of(request_);
  HttpExchange exchange;
  exchange.url = request_.url;
  exchange.method = request_.method;
  exchange.client = request_.client.id;
  exchange.proxy = printable(without_credentials(request_.proxy), kDetail);
  const Ending end = ending(code);
  const EndingOutcome outcome = judge(end);
  exchange.failure = outcome.failure;
  exchange.reached = outcome.reached;
  exchange.detail = detail(end, outcome);
  fill_way(exchange, end);
  fill_times(exchange, end);
  if (!requested_) {
    // What came was the proxy's answer to CONNECT: of a refusal, the fields are of use.
    if (end.tunnel_status / 100 != 2) reader_.fill_fields(exchange, secrets);
    return exchange;
  }
  reader_.fill(exchange, secrets);
  // A good answer that curl was kept from reading to its end.
  exchange.body_cut_by_us = outcome.failure == Failure::none && code != CURLE_OK;
  if (exchange.first_bytes.empty() && outcome.failure == Failure::not_http)
    exchange.first_bytes = hex(peeked_, kPeeked);
  const std::string location = text(easy(), CURLINFO_REDIRECT_URL);
  const std::string* raw = exchange.header("location");
  if (!location.empty() || raw)
    exchange.location = printable(without(location.empty() ? *raw : location, secrets), kLocation);
  return exchange;
}

void Transfer::show() const {
  if (request_.see && requested_ && reader_.header_complete()) request_.see(reader_.fields(), reader_.body());
}

void Transfer::fill_way(HttpExchange& exchange, const Ending& end) const {
  exchange.request_bytes = static_cast<std::uint64_t>(std::max(number(easy(), CURLINFO_REQUEST_SIZE), 0L));
  if (end.connected) {
    exchange.address = peer_.empty() ? text(easy(), CURLINFO_PRIMARY_IP) : peer_;
    exchange.port = peer_.empty() ? static_cast<std::uint16_t>(number(easy(), CURLINFO_PRIMARY_PORT)) : peer_port_;
    if (is_ipv4(exchange.address)) exchange.family = Family::ipv4;
    if (is_ipv6(exchange.address)) exchange.family = Family::ipv6;
  }
  if (end.encrypted) {
    exchange.tls_version = tls_.version;
    exchange.chain = tls_.chain;
    exchange.verify_error = tls_.verify_error;
    exchange.alert = tls_.alert;
  }
  if (end.tunnel_status > 0) exchange.tunnel_status = end.tunnel_status;
}

void Transfer::fill_times(HttpExchange& exchange, const Ending& end) const {
  if (!reused_) exchange.times.connect = between(opened_at_, connected_at_);
  if (end.greeting && tls_.finished)
    exchange.times.tls = std::chrono::duration_cast<Duration>(tls_.finished_at - tls_.started_at);
  if (!requested_) return;
  exchange.times.first_byte = between(requested_at_, first_byte_at_);
  if (end.header_complete) exchange.times.body = between(first_byte_at_, Moment(std::chrono::steady_clock::now()));
}

}  // namespace fix502
