#include "serve/server.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <list>
#include <map>
#include <optional>

#include "base/text.hpp"
#include "net/await.hpp"
#include "serve/problem.hpp"

namespace fix502 {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds kOutOfDescriptors{100};

/// What every reply says. A page may load only what comes from here; nobody may frame it, sniff it or keep it.
constexpr std::string_view kEveryReply =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src "
    "'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nCross-Origin-Resource-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n";

/// One peer, as the list of those that might make room knows it.
struct Peer {
  std::string client;
  bool idle = true;
  std::function<void()> close = [] {};
  asio::cancellation_signal cancel{};  ///< of what is made of its request
};

/// RFC 9110 5.6.7, made once a second.
const std::string& date_now() {
  static std::time_t made = 0;
  static std::string text;
  const std::time_t now = std::time(nullptr);
  if (now != made) {
    made = now;
    text = fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(now));
  }
  return text;
}

bool is_token_line(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

std::string head_of(const Reply& reply, std::size_t size, bool keep, bool is_stream) {
  std::string head;
  head.reserve(1024);
  const auto reason = http::obsolete_reason(http::int_to_status(static_cast<unsigned>(reply.status)));
  fmt::format_to(std::back_inserter(head), "HTTP/1.1 {} {}\r\nDate: {}\r\n", reply.status,
                 std::string_view(reason.data(), reason.size()), date_now());
  if (!reply.type.empty()) fmt::format_to(std::back_inserter(head), "Content-Type: {}\r\n", reply.type);
  // RFC 9110 8.6: a 204 has none.
  if (!is_stream && reply.status != 204) fmt::format_to(std::back_inserter(head), "Content-Length: {}\r\n", size);
  bool cached = false;
  for (const auto& [name, value] : reply.fields) {
    if (!is_token_line(value)) continue;
    cached = cached || name == "Cache-Control";
    fmt::format_to(std::back_inserter(head), "{}: {}\r\n", name, value);
  }
  if (!cached) head += "Cache-Control: no-store\r\n";
  head += kEveryReply;
  head += keep ? "\r\n" : "Connection: close\r\n\r\n";
  return head;
}

std::optional<Request> read_request(http::request<http::string_body>& message, const std::string& client) {
  Request request;
  request.method = std::string(message.method_string());
  request.client = client;
  for (const auto& field : message.base())
    request.fields.emplace(lower(std::string_view(field.name_string().data(), field.name_string().size())),
                           std::string(field.value()));
  request.body = std::move(message.body());
  const auto target = message.target();
  // RFC 9112 3.2: exactly one Host.
  if (message.base().count(http::field::host) != 1 && message.version() >= 11) return std::nullopt;
  if (!read_request_target(std::string_view(target.data(), target.size()), request)) return std::nullopt;
  return request;
}

template <typename Stream>
class StreamOutlet final : public Outlet {
 public:
  StreamOutlet(Stream& stream, std::chrono::milliseconds patience) : stream_(stream), patience_(patience) {}
  Task<bool> write(std::string bytes) override {
    beast::get_lowest_layer(stream_).expires_after(patience_);
    const auto [error, size] = co_await asio::async_write(stream_, asio::buffer(bytes), kAwait);
    co_return !error;
  }

 private:
  Stream& stream_;
  std::chrono::milliseconds patience_;
};

}  // namespace

class WebServer::Impl {
 public:
  Impl(asio::io_context& loop, Handle handle, ServerLimits limits)
      : loop_(loop), handle_(std::move(handle)), limits_(limits), acceptor_(loop), pause_(loop) {}

  Result<void> use_tls(const TlsFiles& files);
  Result<std::uint16_t> listen(const std::string& address, std::uint16_t port);
  void stop();
  Counts counts() const {
    Counts now = counts_;
    now.open = peers_.size();
    return now;
  }

 private:
  using Peers = std::list<Peer>;

  Task<void> accept();
  Task<void> serve(tcp::socket socket, Peers::iterator peer);
  template <typename Stream>
  Task<void> converse(Stream& stream, Peers::iterator peer);
  template <typename Stream>
  Task<bool> answer(Stream& stream, http::request<http::string_body>& message, Peers::iterator peer);
  template <typename Stream>
  Task<bool> send(Stream& stream, Reply reply, bool head_only, bool keep);
  template <typename Stream>
  Task<void> refuse(Stream& stream, const error_code& error);
  bool make_room();

  asio::io_context& loop_;
  Handle handle_;
  ServerLimits limits_;
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  std::optional<asio::ssl::context> tls_;
  Peers peers_;  // the one idle longest first
  Counts counts_;
  bool stopped_ = false;
};

Result<void> WebServer::Impl::use_tls(const TlsFiles& files) {
  tls_.emplace(asio::ssl::context::tls_server);
  tls_->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                    asio::ssl::context::no_tlsv1_1);
  error_code bad;
  tls_->use_certificate_chain_file(files.certificate, bad);
  if (bad) return fail("--tls-cert is no certificate in PEM: " + bad.message(), files.certificate);
  tls_->use_private_key_file(files.key, asio::ssl::context::pem, bad);
  if (bad) return fail("--tls-key is not the certificate's key in PEM: " + bad.message(), files.key);
  return {};
}

Result<std::uint16_t> WebServer::Impl::listen(const std::string& address, std::uint16_t port) {
  error_code bad;
  const auto parsed = asio::ip::make_address(address, bad);
  if (bad) return fail("--listen takes an address and a port, such as 127.0.0.1:9502", address);
  const tcp::endpoint endpoint(parsed, port);
  acceptor_.open(endpoint.protocol(), bad);
  if (!bad) acceptor_.set_option(asio::socket_base::reuse_address(true), bad);
  if (!bad) acceptor_.bind(endpoint, bad);
  if (!bad) acceptor_.listen(asio::socket_base::max_listen_connections, bad);
  if (bad) return fail("cannot listen there: " + bad.message(), to_text(Endpoint{address, port}));
  asio::co_spawn(loop_, accept(), [](const std::exception_ptr&) {});
  return acceptor_.local_endpoint().port();
}

void WebServer::Impl::stop() {
  stopped_ = true;
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
  for (Peer& peer : peers_) {
    peer.close();
    peer.cancel.emit(asio::cancellation_type::terminal);
  }
}

Task<void> WebServer::Impl::accept() {
  while (!stopped_) {
    auto [error, socket] = co_await acceptor_.async_accept(kAwait);
    if (error == asio::error::operation_aborted) co_return;
    if (error) {
      // Out of descriptors, most likely: whoever is idle gives theirs back.
      (void)make_room();
      pause_.expires_after(kOutOfDescriptors);
      (void)co_await pause_.async_wait(kAwait);
      continue;
    }
    ++counts_.accepted;
    if (peers_.size() >= limits_.connections && !make_room()) continue;  // all are busy: this one is closed
    error_code ignored;
    const auto end = socket.remote_endpoint(ignored);
    socket.set_option(tcp::no_delay(true), ignored);
    const auto peer = peers_.emplace(peers_.end());
    peer->client = end.address().to_string();
    const auto ended = [this, peer](const std::exception_ptr&) { peers_.erase(peer); };
    asio::co_spawn(loop_, serve(std::move(socket), peer), asio::bind_cancellation_slot(peer->cancel.slot(), ended));
  }
}

/// Closes a connection on which nothing is under way: of the client that has most of these, the one idle longest.
bool WebServer::Impl::make_room() {
  std::map<std::string_view, std::size_t> idle;
  for (const Peer& peer : peers_)
    if (peer.idle) ++idle[peer.client];
  if (idle.empty()) return false;
  const auto most = std::ranges::max_element(idle, {}, [](const auto& client) { return client.second; });
  const auto victim =
      std::ranges::find_if(peers_, [&](const Peer& peer) { return peer.idle && peer.client == most->first; });
  ++counts_.made_room;
  victim->idle = false;  // it is on its way out
  victim->close();
  return true;
}

Task<void> WebServer::Impl::serve(tcp::socket socket, Peers::iterator peer) {
  beast::tcp_stream plain(std::move(socket));
  if (!tls_) {
    peer->close = [&plain] { plain.close(); };
    co_await converse(plain, peer);
    error_code ignored;
    plain.socket().shutdown(tcp::socket::shutdown_send, ignored);
    peer->close = [] {};
    co_return;
  }
  beast::ssl_stream<beast::tcp_stream> secure(std::move(plain), *tls_);
  peer->close = [&secure] { beast::get_lowest_layer(secure).close(); };
  beast::get_lowest_layer(secure).expires_after(limits_.head_time);
  const auto [error] = co_await secure.async_handshake(asio::ssl::stream_base::server, kAwait);
  if (!error) {
    co_await converse(secure, peer);
    beast::get_lowest_layer(secure).expires_after(std::chrono::seconds(1));
    (void)co_await secure.async_shutdown(kAwait);
  }
  peer->close = [] {};
}

template <typename Stream>
Task<void> WebServer::Impl::converse(Stream& stream, Peers::iterator peer) {
  beast::flat_buffer buffer;
  for (bool first = true; !stopped_; first = false) {
    http::request_parser<http::string_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(limits_.head_bytes));
    parser.body_limit(limits_.body_bytes);
    peer->idle = true;
    beast::get_lowest_layer(stream).expires_after(first ? limits_.head_time : limits_.idle_time);
    const auto [head_error, head_size] = co_await http::async_read_header(stream, buffer, parser, kAwait);
    if (head_error) {
      co_await refuse(stream, head_error);
      co_return;
    }
    peer->idle = false;
    if (!parser.is_done()) {
      beast::get_lowest_layer(stream).expires_after(limits_.body_time);
      // RFC 9110 10.1.1: who waits for it is told to go on, unless the body would not be read anyway.
      const auto announced = parser.content_length();
      const auto expects = parser.get()[http::field::expect];
      if (!expects.empty() && (!announced || *announced <= limits_.body_bytes))
        (void)co_await asio::async_write(stream, asio::buffer("HTTP/1.1 100 Continue\r\n\r\n", 25), kAwait);
      const auto [error, size] = co_await http::async_read(stream, buffer, parser, kAwait);
      if (error) {
        co_await refuse(stream, error);
        co_return;
      }
    }
    auto message = parser.release();
    ++counts_.requests;
    const bool go_on = co_await answer(stream, message, peer);
    if (!go_on) co_return;
    // As if it had just come: the list is in order of how long nothing has happened.
    peers_.splice(peers_.end(), peers_, peer);
  }
}

template <typename Stream>
Task<void> WebServer::Impl::refuse(Stream& stream, const error_code& error) {
  // The end, a reset, or too slow: nobody is there to be told.
  const bool ours = error.category() == http::make_error_code(http::error::bad_target).category();
  if (!ours || error == http::error::end_of_stream || error == http::error::partial_message) co_return;
  ++counts_.refused;
  Reply reply = error == http::error::body_limit     ? problem_reply(Refusal::too_large)
                : error == http::error::header_limit ? problem_reply(Refusal::head_too_large)
                                                     : problem_reply(Refusal::bad_request, error.message());
  const bool sent = co_await send(stream, std::move(reply), false, false);
  if (!sent) co_return;
  // Closed at once, with bytes unread, the connection would be reset and the reply lost (RFC 9112 9.6).
  error_code ignored;
  auto& socket = beast::get_lowest_layer(stream).socket();
  socket.shutdown(tcp::socket::shutdown_send, ignored);
  beast::get_lowest_layer(stream).expires_after(std::chrono::seconds(1));
  std::array<char, 16'384> rest{};
  for (int i = 0; i < 64; ++i) {
    const auto [end, size] = co_await beast::get_lowest_layer(stream).async_read_some(asio::buffer(rest), kAwait);
    if (end) break;
  }
}

template <typename Stream>
Task<bool> WebServer::Impl::answer(Stream& stream, http::request<http::string_body>& message, Peers::iterator peer) {
  const bool head_only = message.method() == http::verb::head;
  auto request = read_request(message, peer->client);
  const bool keep = message.keep_alive() && request && !stopped_;
  Reply reply;
  if (!request) {
    ++counts_.refused;
    reply = problem_reply(Refusal::bad_request, "the request line or its Host cannot be read");
  } else {
    if (head_only) request->method = "GET";
    beast::get_lowest_layer(stream).expires_never();
    reply = co_await handle_(*request);
  }
  const bool sent = co_await send(stream, std::move(reply), head_only, keep);
  co_return sent&& keep;
}

template <typename Stream>
Task<bool> WebServer::Impl::send(Stream& stream, Reply reply, bool head_only, bool keep) {
  const bool is_stream = static_cast<bool>(reply.stream);
  const std::string_view body = reply.lasting.empty() ? std::string_view(reply.body) : reply.lasting;
  const std::string head = head_of(reply, body.size(), keep && !is_stream, is_stream);
  const std::array<asio::const_buffer, 2> parts = {asio::buffer(head),
                                                   asio::buffer(body.data(), head_only ? 0 : body.size())};
  beast::get_lowest_layer(stream).expires_after(limits_.write_time);
  const auto [error, size] = co_await asio::async_write(stream, parts, kAwait);
  if (error || !is_stream || head_only) co_return !error && !is_stream;
  StreamOutlet<Stream> outlet(stream, limits_.write_time);
  beast::get_lowest_layer(stream).expires_never();
  co_await reply.stream(outlet);
  co_return false;
}

WebServer::WebServer(asio::io_context& loop, Handle handle, ServerLimits limits)
    : impl_(std::make_unique<Impl>(loop, std::move(handle), limits)) {}
WebServer::~WebServer() = default;
Result<void> WebServer::use_tls(const TlsFiles& files) {
  return impl_->use_tls(files);
}
Result<std::uint16_t> WebServer::listen(const std::string& address, std::uint16_t port) {
  return impl_->listen(address, port);
}
void WebServer::stop() {
  impl_->stop();
}
WebServer::Counts WebServer::counts() const {
  return impl_->counts();
}

}  // namespace fix502
