#pragma once

// Takes connections, reads requests within bounds and writes replies. What is asked, and whether it may be, is not
// known here. Boost.Beast reads the requests; nobody else sees it.

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "serve/http.hpp"

namespace fix502 {

/// What one server lends its clients at most. The times are those of a client that sends too slowly.
struct ServerLimits {
  std::size_t connections = 2'000;  ///< beyond that the one idle longest, of the client with the most, makes room
  std::size_t head_bytes = 16 * 1024;
  std::size_t body_bytes = 64 * 1024;
  std::chrono::milliseconds head_time{10'000};   ///< from the connection to the end of the first request's head
  std::chrono::milliseconds body_time{10'000};   ///< of a body
  std::chrono::milliseconds idle_time{60'000};   ///< between requests
  std::chrono::milliseconds write_time{30'000};  ///< for each piece of a reply
};

/// PEM files.
struct TlsFiles {
  std::string certificate;  ///< the chain, the leaf first
  std::string key;
};

class WebServer {
 public:
  using Handle = std::function<Task<Reply>(Request& request)>;

  /// `handle` must not throw.
  WebServer(boost::asio::io_context& loop, Handle handle, ServerLimits limits = {});
  ~WebServer();
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

  /// Must be called before listen(); errors name the file.
  [[nodiscard]] Result<void> use_tls(const TlsFiles& files);
  /// Port 0: a free one. Gives the port.
  [[nodiscard]] Result<std::uint16_t> listen(const std::string& address, std::uint16_t port);
  /// No further connection is taken, and those that are open are closed.
  void stop();

  struct Counts {
    std::size_t open = 0;         ///< connections
    std::uint64_t accepted = 0;   ///< connections
    std::uint64_t made_room = 0;  ///< idle connections closed for others
    std::uint64_t requests = 0;
    std::uint64_t refused = 0;  ///< requests that could not be read
  };
  [[nodiscard]] Counts counts() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fix502
