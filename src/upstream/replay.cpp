#include "upstream/replay.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <cerrno>

#include "base/text.hpp"
#include "net/dns_failure.hpp"
#include "net/redaction.hpp"
#include "net/tcp_connect.hpp"
#include "target/target.hpp"
#include "upstream/exchange.hpp"
#include "upstream/reproduce.hpp"

namespace fix502 {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr Milliseconds kNever{24L * 3600 * 1000};
constexpr int kProtocolVersion = 70;  // RFC 8446 6.2
constexpr std::string_view kSafeMethods[] = {"GET", "HEAD", "OPTIONS", "TRACE", "PRI"};

bool is_eof(const error_code& error) {
  return error == asio::error::eof || error == asio::ssl::error::stream_truncated;
}

int errno_of(const error_code& error) {
  return error.category() == boost::system::system_category() ? error.value() : 0;
}

/// The Failure of an attempt to connect, Unix sockets' included.
Failure connecting_failure(int error) {
  if (error == ENOENT) return Failure::refused;  // RFC 9209 2.3.8 has no word for a socket that is not there
  return connect_failure(error);
}

Duration since(Moment start) {
  return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - start);
}

/// Values of the request that an answer may echo.
std::vector<std::string> echoes_of(const UpstreamRequest& request) {
  HttpRequest same;
  for (const auto& [name, value] : request.headers) same.headers.emplace_back(name, value);
  for (const auto& [name, value] : request.params)
    if (name.starts_with("HTTP_")) {
      std::string field = name.substr(5);
      std::ranges::replace(field, '_', '-');
      same.headers.emplace_back(std::move(field), value);
    }
  return secrets_of(same);
}

Milliseconds limit_of(const Route& route, LimitKind kind) {
  const Limit* limit = route.limit(kind);
  const bool known = limit && limit->amount && *limit->amount > 0;
  return known ? std::min(Milliseconds(*limit->amount), kNever) : kNever;
}

}  // namespace

std::string ReplayRequest::endpoint() const {
  UpstreamServer at = server;
  if (!address.empty()) at.host = address;
  return at.endpoint();
}

ReplayRequest own_request(const Route& route, std::size_t server, Milliseconds whole) {
  ReplayRequest own;
  own.index = server;
  if (server < route.servers.size()) own.server = route.servers[server];
  own.request = route.request;
  own.tls = route.tls;
  own.limits = {.connect = limit_of(route, LimitKind::connect_timeout),
                .send = limit_of(route, LimitKind::send_timeout),
                .read = limit_of(route, LimitKind::read_timeout),
                .whole = whole};
  if (std::ranges::find(kSafeMethods, own.request.method) != std::end(kSafeMethods)) return own;
  own.varied["method"] = "GET";
  own.request.method = "GET";
  own.request.body.clear();
  std::erase_if(own.request.headers, [](const NameValue& field) {
    return contains_ignoring_case("content-length content-type transfer-encoding expect", field.name);
  });
  for (auto& [name, value] : own.request.params) {
    if (name == "REQUEST_METHOD") value = "GET";
    if (name == "CONTENT_LENGTH") value = own.request.protocol == Protocol::scgi ? "0" : "";
    if (name == "CONTENT_TYPE") value.clear();
  }
  return own;
}

Exchange::Exchange(asio::any_io_executor executor, ReplayRequest request)
    : asked_(std::move(request)),
      start_(std::chrono::steady_clock::now()),
      end_(start_ + asked_.limits.whole),
      channel_(executor) {
  seen_.server = asked_.index;
  seen_.endpoint = asked_.endpoint();
  seen_.varied = asked_.varied;
  seen_.protocol = asked_.request.protocol;
  seen_.addresses = asked_.addresses;
  seen_.reproduce = reproduce(asked_);
}

Moment Exchange::until(Milliseconds limit) const {
  return std::min(end_, std::chrono::steady_clock::now() + limit);
}

void Exchange::fail(Phase reached, Failure failure, const error_code& error) {
  seen_.reached = reached;
  seen_.failure = failure;
  seen_.system_error = errno_of(error);
  if (error) seen_.detail = printable(error.message(), 200);
}

/// The gateway's own limit, or ours, which the gateway would have outlasted.
void Exchange::fail_late(Phase reached, Failure failure, Milliseconds limit) {
  const bool ours = std::chrono::steady_clock::now() >= end_ && limit > asked_.limits.whole;
  seen_.reached = reached;
  seen_.failure = ours ? Failure::out_of_time : failure;
  const std::string beyond = limit < kNever ? fmt::format("; the gateway waits {} ms", limit.count()) : std::string();
  seen_.detail = ours ? fmt::format("not within {} ms, which is our own limit{}", asked_.limits.whole.count(), beyond)
                      : fmt::format("not within the gateway's {} ms", limit.count());
}

Task<bool> Exchange::connect() {
  const std::string& address = asked_.address.empty() ? asked_.server.host : asked_.address;
  const Waited waited =
      co_await channel_.connect(address, asked_.server.port, asked_.server.socket, until(asked_.limits.connect));
  seen_.connect = since(start_);
  if (waited.late) {
    fail_late(Phase::connect, Failure::connect_timeout, asked_.limits.connect);
  } else if (waited.error) {
    fail(Phase::connect, connecting_failure(waited.error.value()), waited.error);
  }
  co_return waited.good();
}

Task<bool> Exchange::greet() {
  const auto begun = std::chrono::steady_clock::now();
  context_.emplace(asio::ssl::context::tls_client);
  const auto version = asked_.varied.find("tls_version");
  const bool any = version != asked_.varied.end() && version->second == "any";
  const std::string trouble = use_tls(*context_, watch_, asked_.tls, asked_.server.host, any);
  // nginx and Apache count the greeting into the time to connect or to read; the longer of the two is safe.
  const Milliseconds limit = std::min(std::max(asked_.limits.connect, asked_.limits.read), asked_.limits.greet);
  const Waited waited = co_await channel_.greet(*context_, until(limit));
  seen_.tls = since(begun);
  seen_.alert = watch_.alert;
  seen_.chain = watch_.chain;
  seen_.verify_error = watch_.verify_error;
  seen_.tls_version = watch_.version;
  if (waited.late) {
    fail_late(Phase::tls, Failure::tls_timeout, limit);
  } else if (waited.error) {
    fail(Phase::tls, greeting_failure(waited.error, channel_.session()), waited.error);
    if (watch_.alert == kProtocolVersion) seen_.failure = Failure::tls_version;
  }
  if (!trouble.empty()) seen_.detail = seen_.detail.empty() ? trouble : seen_.detail + "; " + trouble;
  co_return waited.good();
}

Task<bool> Exchange::send(Dialogue& dialogue) {
  std::string bytes = dialogue.opening();
  const Waited waited = co_await channel_.write(std::move(bytes), until(asked_.limits.send));
  sent_ = std::chrono::steady_clock::now();
  seen_.reached = Phase::wait;
  if (waited.late) {
    fail_late(Phase::wait, Failure::response_timeout, asked_.limits.send);
    co_return false;
  }
  // An upstream that closed early may have said why: what it sent is read all the same.
  if (waited.error) seen_.system_error = errno_of(waited.error);
  co_return true;
}

Task<ReadEnd> Exchange::read(Dialogue& dialogue) {
  std::string bytes;
  std::uint64_t raw = 0;
  while (!dialogue.over()) {
    const Waited waited = co_await channel_.read(bytes, until(asked_.limits.read));
    if (waited.late) co_return ReadEnd::timeout;
    if (waited.error) {
      if (is_eof(waited.error)) co_return ReadEnd::closed;
      seen_.system_error = errno_of(waited.error);
      detail_ = printable(waited.error.message(), 200);
      co_return ReadEnd::reset;
    }
    if (raw == 0) seen_.first_byte = since(sent_);
    last_byte_ = std::chrono::steady_clock::now();
    raw += bytes.size();
    dialogue.take(bytes);
    // More than any header and body that are wanted: interim responses without end, or padding.
    if (raw > asked_.max_body * 2 + kMostOverhead) co_return ReadEnd::over;
    std::string reply = dialogue.reply();
    if (!(co_await channel_.write(std::move(reply), until(asked_.limits.send))).good()) co_return ReadEnd::reset;
  }
  co_return ReadEnd::over;
}

void Exchange::conclude(const Dialogue& dialogue, ReadEnd end) {
  const int system_error = seen_.system_error;
  dialogue.fill(seen_, end);
  if (seen_.failure != Failure::none) {
    seen_.system_error = system_error;
    if (seen_.detail.empty()) seen_.detail = detail_;
  } else {
    seen_.system_error = 0;
  }
  // TLS 1.3 lets a server refuse the client's certificate after the client thinks that the greeting is over.
  seen_.alert = watch_.alert;
  if (watch_.alert >= 0 && !dialogue.begun()) {
    seen_.failure = watch_.alert == kProtocolVersion ? Failure::tls_version : Failure::tls_alert;
    seen_.reached = Phase::tls;
  }
  if (end != ReadEnd::timeout || std::chrono::steady_clock::now() < end_ || asked_.limits.read <= asked_.limits.whole)
    return;
  constexpr Milliseconds kFlowing{1'000};
  if (seen_.reached == Phase::body &&
      end_ - last_byte_ < kFlowing) {  // a stream that flows on: no more of it is wanted
    seen_.failure = Failure::none;
    seen_.reached = Phase::done;
    seen_.body_end = BodyEnd::not_read;
  } else {
    fail_late(seen_.reached, seen_.failure, asked_.limits.read);
  }
}

/// What comes right behind a whole response: the upstream's close, or nothing for a moment.
Task<void> Exchange::watch_close() {
  constexpr Milliseconds kMoment{20};
  std::string bytes;
  const Waited waited = co_await channel_.read(bytes, std::chrono::steady_clock::now() + kMoment);
  seen_.closed_after = !waited.late && waited.error;
}

Task<bool> Exchange::run() {
  // The PROXY header stands before TLS.
  if (!co_await connect() || !co_await send_header() || (asked_.tls.on && !co_await greet())) {
    seen_.total = since(start_);
    co_return false;
  }
  const auto dialogue = make_dialogue(
      asked_.request, {.max_body = asked_.max_body, .secrets = echoes_of(asked_.request), .tls = asked_.tls.on});
  if (co_await send(*dialogue)) {
    const ReadEnd end = co_await read(*dialogue);
    body_over_ = std::chrono::steady_clock::now();
    conclude(*dialogue, end);
    seen_.closed_after = end == ReadEnd::closed || end == ReadEnd::reset;
  }
  seen_.total = since(start_);
  co_return seen_.failure == Failure::none&& seen_.reached == Phase::done;
}

Task<bool> Exchange::send_header() {
  if (asked_.request.proxy_protocol == 0) co_return true;
  std::string header = proxy_header(asked_.request.proxy_protocol, channel_.here(), channel_.there());
  const Waited waited = co_await channel_.write(std::move(header), until(asked_.limits.send));
  if (!waited.good()) fail(Phase::wait, Failure::reset, waited.error);
  co_return waited.good();
}

Task<Replay> replay(ReplayRequest request) {
  Exchange exchange(co_await asio::this_coro::executor, std::move(request));
  const bool whole = co_await exchange.run();
  if (whole && !exchange.seen().closed_after) co_await exchange.watch_close();
  co_return std::move(exchange.seen());
}

}  // namespace fix502
