#pragma once

// The wire to a browser: whole messages there and back. Two of them: a pair of pipes (Chromium), a WebSocket (Firefox,
// and a browser that was started with a port).

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "net/net.hpp"

namespace fix502 {

using SteadyTime = std::chrono::steady_clock::time_point;

class BrowserLine {
 public:
  BrowserLine() = default;
  BrowserLine(const BrowserLine&) = delete;
  BrowserLine& operator=(const BrowserLine&) = delete;
  virtual ~BrowserLine() = default;

  virtual Task<Result<void>> send(std::string message, SteadyTime deadline) = 0;
  virtual Task<Result<std::string>> receive(SteadyTime deadline) = 0;
};

/// A message longer than this is left out: a page can put megabytes into a `data:` address that is then told to us.
inline constexpr std::size_t kLongestMessage = 8 * 1024 * 1024;

/// Takes over both descriptors. Messages end with a NUL byte.
[[nodiscard]] std::unique_ptr<BrowserLine> pipe_channel(boost::asio::any_io_executor executor, int to_browser,
                                                        int from_browser);

/// Connects to ws://`host`:`port``path`; `host` is an address of this machine. An empty path: whatever a browser of
/// Chromium's kind that listens there says when it is asked.
[[nodiscard]] Task<Result<std::unique_ptr<BrowserLine>>> web_socket(boost::asio::any_io_executor executor,
                                                                    std::string host, std::uint16_t port,
                                                                    std::string path, SteadyTime deadline);

}  // namespace fix502
