#pragma once

// A connection to an upstream: TCP or a Unix socket, with TLS over it or not; every wait has its end.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "gateway/route.hpp"
#include "net/net.hpp"
#include "net/tls_watch.hpp"
#include "upstream/wire_request.hpp"

namespace fix502 {

using Moment = std::chrono::steady_clock::time_point;

/// How a wait ended.
struct Waited {
  boost::system::error_code error;
  bool late = false;  ///< its time was up

  [[nodiscard]] bool good() const { return !error && !late; }
};

class UpstreamChannel {
 public:
  using Socket = boost::asio::generic::stream_protocol::socket;

  explicit UpstreamChannel(boost::asio::any_io_executor executor) : socket_(executor) {}

  /// To an address, or to a Unix socket's path ("@name": an abstract one).
  Task<Waited> connect(std::string address, std::uint16_t port, std::string unix_path, Moment until);
  /// `context` was prepared by use_tls() and outlives the channel.
  Task<Waited> greet(boost::asio::ssl::context& context, Moment until);
  Task<Waited> write(std::string bytes, Moment until);
  /// Puts what came into `bytes`, at most 64 KiB.
  Task<Waited> read(std::string& bytes, Moment until);
  [[nodiscard]] const SSL* session() { return tls_ ? tls_->native_handle() : nullptr; }
  [[nodiscard]] ProxyEnd here() const;
  [[nodiscard]] ProxyEnd there() const;

 private:
  Task<Waited> connect_unix(std::string path);

  Socket socket_;
  std::optional<boost::asio::ssl::stream<Socket&>> tls_;
};

/// Makes the context speak TLS as the gateway does. What could not be done as it says (a file that cannot be read) is
/// said in the result; the greeting goes on without it.
[[nodiscard]] std::string use_tls(boost::asio::ssl::context& context, TlsWatch& watch, const UpstreamTls& tls,
                                  const std::string& host, bool old_and_weak);

}  // namespace fix502
