// The second half of Transfer: what came of it.

#include <sys/socket.h>

#include <algorithm>

#include "base/text.hpp"
#include "net/redaction.hpp"
#include "net/transfer.hpp"

namespace fix502 {
namespace {

/// Time without a byte that counts as silence when time is up; half of a shorter limit.
constexpr Milliseconds kSilence{2'000};
constexpr std::size_t kDetail = 300;  // bytes
constexpr std::size_t kPeeked = 32;
constexpr std::size_t kLocation = 2048;

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

}  // namespace

void Transfer::look_at(int socket) {
  // curl gives up on a malformed status line without showing it.
  if (!requested_ || reader_.begun() || target_.scheme != "http") return;
  std::array<char, kPeeked> bytes;
  const ssize_t size = recv(socket, bytes.data(), bytes.size(), MSG_PEEK | MSG_DONTWAIT);
  if (size > 0) peeked_.assign(bytes.data(), static_cast<std::size_t>(size));
}

Duration Transfer::time(CURLINFO which) const {
  curl_off_t microseconds = 0;
  curl_easy_getinfo(easy(), which, &microseconds);
  return Duration(microseconds);
}

Ending Transfer::ending(CURLcode code) const {
  const auto limit = std::min(kSilence, request_.timeout / 2);
  const int tunnel = static_cast<int>(number(easy(), CURLINFO_HTTP_CONNECTCODE));
  return {.code = code,
          .os_error = static_cast<int>(number(easy(), CURLINFO_OS_ERRNO)),
          .words = words_.data(),
          .proxied = !request_.proxy.empty(),
          .connected = requested_ || time(CURLINFO_CONNECT_TIME_T).count() > 0,
          .tunnel_status = tunnel,
          .greeting = target_.scheme == "https" && tls_.started && !reused(),
          .http2 = tls_.http2,
          .alert = tls_.alert,
          .verify_error = tls_.verify_error,
          .requested = requested_,
          .begun = reader_.begun(),
          .header_complete = reader_.header_complete(),
          .stop = reader_.stop(),
          .silent = std::chrono::steady_clock::now() - last_byte_ >= limit};
}

HttpExchange Transfer::conclude(CURLcode code) const {
  const std::vector<std::string> secrets = secrets_of(request_);
  HttpExchange exchange;
  exchange.url = request_.url;
  exchange.method = request_.method;
  exchange.client = request_.client.id;
  exchange.proxy = printable(without_credentials(request_.proxy), kDetail);
  const Ending end = ending(code);
  const Outcome outcome = judge(end);
  exchange.failure = outcome.failure;
  exchange.reached = outcome.reached;
  if (outcome.failure != Failure::none) {
    const char* curls = words_[0] ? words_.data() : curl_easy_strerror(code);
    exchange.detail = printable(without(outcome.words.empty() ? curls : std::string(outcome.words), secrets), kDetail);
  }
  fill_way(exchange, end);
  reader_.fill(exchange, secrets);
  // A good answer that curl was kept from reading to its end.
  exchange.body_cut_by_us = outcome.failure == Failure::none && code != CURLE_OK;
  if (exchange.first_bytes.empty() && outcome.failure == Failure::not_http)
    exchange.first_bytes = hex(peeked_, kPeeked);
  // Before the request was sent, what answered was the proxy: its fields are of use, its status is not the site's.
  if (!requested_) exchange.status.reset();
  const std::string location = text(easy(), CURLINFO_REDIRECT_URL);
  const std::string* raw = exchange.header("location");
  if (requested_ && (!location.empty() || raw))
    exchange.location = printable(without(location.empty() ? *raw : location, secrets), kLocation);
  fill_times(exchange, end);
  return exchange;
}

void Transfer::fill_way(HttpExchange& exchange, const Ending& end) const {
  exchange.request_bytes = static_cast<std::uint64_t>(std::max(number(easy(), CURLINFO_REQUEST_SIZE), 0L));
  if (end.connected) {
    exchange.address = text(easy(), CURLINFO_PRIMARY_IP);
    exchange.port = static_cast<std::uint16_t>(number(easy(), CURLINFO_PRIMARY_PORT));
    exchange.family = is_ipv6(exchange.address)   ? Family::ipv6
                      : is_ipv4(exchange.address) ? Family::ipv4
                                                  : Family::unknown;
  }
  if (target_.scheme == "https") {
    exchange.tls_version = tls_.version;
    exchange.chain = tls_.chain;
    exchange.verify_error = tls_.verify_error;
    exchange.alert = tls_.alert;
  }
  if (end.tunnel_status > 0) exchange.tunnel_status = end.tunnel_status;
}

void Transfer::fill_times(HttpExchange& exchange, const Ending& end) const {
  const auto first = time(CURLINFO_STARTTRANSFER_TIME_T);
  if (end.connected && !reused())
    exchange.times.connect = time(CURLINFO_CONNECT_TIME_T) - time(CURLINFO_NAMELOOKUP_TIME_T);
  if (end.greeting && tls_.finished)
    exchange.times.tls = std::chrono::duration_cast<Duration>(tls_.finished_at - tls_.started_at);
  if (requested_ && end.begun) exchange.times.first_byte = first - time(CURLINFO_PRETRANSFER_TIME_T);
  if (requested_ && end.header_complete) exchange.times.body = time(CURLINFO_TOTAL_TIME_T) - first;
}

}  // namespace fix502
