#include "faulty/stream.hpp"

#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/write.hpp>
#include <sstream>

namespace fix502::faulty {
namespace {

using namespace asio::experimental::awaitable_operators;

constexpr std::size_t kPiece = 16 << 10;  // bytes: a TLS record, RFC 8446 5.1

std::optional<std::size_t> limit_for(tcp::socket& socket, const std::optional<MtuBlackHole>& hole) {
  if (!hole) return std::nullopt;
  int segment = 0;
  socklen_t size = sizeof(segment);
  getsockopt(socket.native_handle(), IPPROTO_TCP, TCP_MAXSEG, &segment, &size);
  if (segment > 0 && static_cast<std::size_t>(segment) <= hole->max_segment) return std::nullopt;
  return hole->max_segment;
}

}  // namespace

Stream::Stream(tcp::socket socket, std::optional<MtuBlackHole> hole)
    : socket_(std::move(socket)), lost_above_(limit_for(socket_, hole)) {
  boost::system::error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
}

Task<bool> Stream::read_raw() {
  raw_.resize(kPiece);
  const auto [bad, size] = co_await socket_.async_read_some(asio::buffer(raw_), kAwait);
  raw_.resize(size);
  was_reset_ = bad == asio::error::connection_reset;
  if (bad) co_return false;
  if (lost_above_ && size > *lost_above_) {
    co_await stall();
    co_return false;
  }
  co_return true;
}

Task<bool> Stream::write_raw(std::string_view bytes) {
  if (lost_above_ && bytes.size() > *lost_above_) {
    co_await stall();
    co_return false;
  }
  const auto [bad, size] = co_await asio::async_write(socket_, asio::buffer(bytes), kAwait);
  if (bad == asio::error::connection_reset) was_reset_ = true;
  co_return !bad;
}

Task<bool> Stream::flush() {
  char* data = nullptr;
  BIO* out = SSL_get_wbio(ssl_.get());
  const long size = BIO_get_mem_data(out, &data);
  if (size <= 0) co_return true;
  const std::string bytes(data, static_cast<std::size_t>(size));
  BIO_reset(out);
  co_return co_await write_raw(bytes);
}

Task<bool> Stream::read(std::string& into) {
  if (!ssl_) {
    if (!co_await read_raw()) co_return false;
    into += raw_;
    co_return true;
  }
  std::string piece(kPiece, '\0');
  for (;;) {
    const int size = SSL_read(ssl_.get(), piece.data(), static_cast<int>(piece.size()));
    if (size > 0) {
      into.append(piece, 0, static_cast<std::size_t>(size));
      co_return true;
    }
    const bool wants_more = SSL_get_error(ssl_.get(), size) == SSL_ERROR_WANT_READ;
    ERR_clear_error();
    const bool flushed = co_await flush();
    if (!flushed || !wants_more) co_return false;
    const bool more = co_await read_raw();
    if (!more) co_return false;
    BIO_write(SSL_get_rbio(ssl_.get()), raw_.data(), static_cast<int>(raw_.size()));
  }
}

Task<bool> Stream::write(std::string_view bytes) {
  if (!ssl_) co_return co_await write_raw(bytes);
  while (!bytes.empty()) {
    // The black hole judges what is one answer as one piece, so the records of an answer go out together.
    const std::string_view piece = bytes.substr(0, 16 * kPiece);
    if (SSL_write(ssl_.get(), piece.data(), static_cast<int>(piece.size())) <= 0) co_return false;
    if (!co_await flush()) co_return false;
    bytes.remove_prefix(piece.size());
  }
  co_return true;
}

Task<bool> Stream::carry_out(const Greeting& fault) {
  std::string bytes = fault.bytes;
  if (fault.what == Greeting::Do::alert)
    bytes = {'\x15', '\x03', '\x03', '\0', '\2', '\2', static_cast<char>(fault.alert)};
  const bool speaks = fault.what == Greeting::Do::alert || fault.what == Greeting::Do::plain;
  ssl_.reset();
  if (speaks) co_await write_raw(bytes);
  if (fault.what == Greeting::Do::silent) {
    co_await end(Ending::stall);
  } else {
    co_await end(fault.what == Greeting::Do::reset ? Ending::reset : Ending::close);
  }
  co_return false;
}

Task<bool> Stream::greet_as_server(const TlsServer& server) {
  if (const Greeting* fault = server.at_connect()) {
    greeted_.fault = fault;
    co_return co_await carry_out(*fault);
  }
  ssl_ = server.open(greeted_);
  for (;;) {
    const int result = SSL_do_handshake(ssl_.get());
    const bool wants_more = result != 1 && SSL_get_error(ssl_.get(), result) == SSL_ERROR_WANT_READ;
    ERR_clear_error();
    if (greeted_.fault && greeted_.fault->after == Greeting::After::hello)
      co_return co_await carry_out(*greeted_.fault);
    if (!co_await flush()) co_return false;
    if (greeted_.fault) co_return co_await carry_out(*greeted_.fault);
    if (result == 1) co_return true;
    if (!wants_more) {
      co_await end(Ending::close);
      co_return false;
    }
    if (!co_await read_raw()) co_return false;
    BIO_write(SSL_get_rbio(ssl_.get()), raw_.data(), static_cast<int>(raw_.size()));
  }
}

Task<ClientGreeting> Stream::greet_as_client(SSL_CTX* context, std::string sni) {
  ssl_.reset(SSL_new(context));
  SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_connect_state(ssl_.get());
  if (!sni.empty()) {
    SSL_set_tlsext_host_name(ssl_.get(), sni.c_str());
    SSL_set1_host(ssl_.get(), sni.c_str());
  }
  for (;;) {
    const int result = SSL_do_handshake(ssl_.get());
    const bool wants_more = result != 1 && SSL_get_error(ssl_.get(), result) == SSL_ERROR_WANT_READ;
    ERR_clear_error();
    if (!co_await flush()) co_return ClientGreeting::ended;
    if (result == 1) co_return ClientGreeting::done;
    if (!wants_more) {
      // Without verification the result stays X509_V_OK.
      const bool trusted = SSL_get_verify_result(ssl_.get()) == X509_V_OK;
      co_return trusted ? ClientGreeting::failed : ClientGreeting::bad_certificate;
    }
    if (!co_await read_raw()) co_return ClientGreeting::ended;
    BIO_write(SSL_get_rbio(ssl_.get()), raw_.data(), static_cast<int>(raw_.size()));
  }
}

void Stream::reset() {
  boost::system::error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
}

void Stream::shut() {
  boost::system::error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

Task<void> Stream::stall() {
  std::string ignored(kPiece, '\0');
  for (;;) {
    const auto [bad, size] = co_await socket_.async_read_some(asio::buffer(ignored), kAwait);
    if (bad) co_return;
  }
}

// Closing with unread bytes in the queue would send RST, not FIN (RFC 2525 2.17): so they are read first.
Task<void> Stream::drain(std::chrono::milliseconds limit) {
  auto ended = stall();
  auto over = pause_for(limit);
  co_await (std::move(ended) || std::move(over));
}

Task<void> Stream::end(Ending ending) {
  if (ending == Ending::stall) co_await stall();
  if (ending == Ending::reset) {
    reset();
    co_return;
  }
  if (ending == Ending::keep && ssl_ && SSL_is_init_finished(ssl_.get())) {
    SSL_shutdown(ssl_.get());
    co_await flush();
  }
  shut();
  co_await drain(std::chrono::seconds(2));
  boost::system::error_code ignored;
  socket_.close(ignored);
}

std::string Stream::tls_version() const {
  if (!ssl_) return {};
  const std::string name = SSL_get_version(ssl_.get());  // "TLSv1.3", "TLSv1"
  const std::string number = name.substr(name.find('v') + 1);
  return number.find('.') == number.npos ? number + ".0" : number;
}

std::string to_text(const tcp::endpoint& endpoint) {
  std::ostringstream text;
  text << endpoint;
  return std::move(text).str();
}

}  // namespace fix502::faulty
