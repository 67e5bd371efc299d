#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "faulty/task.hpp"
#include "faulty/tls.hpp"

namespace fix502::faulty {

using asio::ip::tcp;

/// How a TLS client's greeting went.
enum class ClientGreeting { done, failed, bad_certificate, ended };

/// One TCP connection, plain or with TLS over it, that can end in every way a connection ends. TLS runs over memory
/// BIOs, not over asio's ssl::stream: what is to be lost, cut or reset must pass through our own hands.
class Stream {
 public:
  explicit Stream(tcp::socket socket, std::optional<MtuBlackHole> hole = std::nullopt);

  /// Appends what came to `into`; false: the peer has ended, or the connection broke.
  Task<bool> read(std::string& into);
  /// False: the connection broke, or was black-holed until the peer gave up.
  Task<bool> write(std::string_view bytes);
  /// False: there is no connection to go on with; whatever the listener was told to do has been done.
  Task<bool> greet_as_server(const TlsServer& server);
  Task<ClientGreeting> greet_as_client(SSL_CTX* context, std::string sni);

  /// Ends the connection as told; `keep` ends it in good order.
  Task<void> end(Ending ending);
  /// Holds the connection, without a word, until the peer has gone.
  Task<void> stall();
  /// Tells TLS and the peer that no more comes, and goes on reading.
  void shut();

  [[nodiscard]] tcp::socket& socket() { return socket_; }
  [[nodiscard]] const Greeted& greeted() const { return greeted_; }
  [[nodiscard]] std::string tls_version() const;
  /// Whether the last read ended by a reset.
  [[nodiscard]] bool was_reset() const { return was_reset_; }

 private:
  Task<bool> read_raw();
  Task<bool> write_raw(std::string_view bytes);
  Task<bool> flush();
  Task<bool> carry_out(const Greeting& fault);
  Task<void> drain(std::chrono::milliseconds limit);
  void reset();

  tcp::socket socket_;
  Ssl ssl_;
  Greeted greeted_;
  std::string raw_;                        // last raw read
  std::optional<std::size_t> lost_above_;  // bytes: larger pieces never arrive
  bool was_reset_ = false;
};

/// "203.0.113.10:80", "[::1]:80".
[[nodiscard]] std::string to_text(const tcp::endpoint& endpoint);

}  // namespace fix502::faulty
