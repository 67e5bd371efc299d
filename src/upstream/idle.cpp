#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <charconv>

#include "base/text.hpp"
#include "upstream/exchange.hpp"

namespace fix502 {
namespace {

/// "timeout=5, max=100" (RFC 2068 19.7.1.1)
std::optional<Duration> promise_in(const std::string* keep_alive) {
  if (!keep_alive) return std::nullopt;
  for (const auto part : split(*keep_alive, ',')) {
    if (!lower(part).starts_with("timeout=")) continue;
    const auto digits = trim(part.substr(8));
    std::uint32_t seconds = 0;
    if (std::from_chars(digits.data(), digits.data() + digits.size(), seconds).ec == std::errc{})
      return std::chrono::seconds(seconds);
  }
  return std::nullopt;
}

/// The same request as one whose connection may be kept: HTTP/1.1 without Connection, FastCGI with KEEP_CONN.
void keep_open(UpstreamRequest& request) {
  request.keeps_connection = true;
  if (request.protocol == Protocol::http1_0) request.protocol = Protocol::http1_1;
  if (request.protocol != Protocol::http1_1) return;
  std::erase_if(request.headers, [](const NameValue& field) {
    return equals_ignoring_case(field.name, "connection") || equals_ignoring_case(field.name, "keep-alive");
  });
}

}  // namespace

Task<IdleWatch> watch_idle(ReplayRequest request, Milliseconds longest) {
  IdleWatch watch;
  watch.server = request.index;
  keep_open(request.request);
  Exchange exchange(co_await boost::asio::this_coro::executor, std::move(request));
  const bool whole = co_await exchange.run();
  watch.promised = promise_in(exchange.seen().header("keep-alive"));
  const auto* connection = exchange.seen().header("connection");
  const bool says_close = connection && contains_ignoring_case(*connection, "close");
  // A body that we did not read to its end is no connection at rest.
  if (!whole || exchange.seen().closed_after || says_close || exchange.seen().body_end == BodyEnd::not_read)
    co_return watch;
  const Moment start = exchange.body_over();
  const Moment until = start + longest;
  std::string bytes;
  // Bytes may come: TLS tickets, HTTP/2 pings, a server's "408 Request Timeout" before it closes. Only the end counts.
  for (int reads = 0; reads < 1000; ++reads) {
    const Waited waited = co_await exchange.channel().read(bytes, until);
    watch.watched = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - start);
    if (waited.late) break;
    if (waited.error) {
      watch.limit = watch.watched;
      break;
    }
  }
  // uWSGI's --http-socket and others close as soon as the body is sent.
  constexpr Duration kAtOnce = std::chrono::milliseconds(50);
  watch.kept = !watch.limit || *watch.limit > kAtOnce;
  co_return watch;
}

}  // namespace fix502
