#pragma once

// curl's multi-socket interface, driven by an asio loop. curl says which sockets and which moment it waits for; all of
// them are gathered in one epoll(7) descriptor, and that one is what the coroutine awaits. So no completion handler
// ever holds a pointer into this object, a socket needs no release before curl closes it, and dropping the coroutine
// is all that cancelling takes.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "base/result.hpp"
#include "net/curl_handles.hpp"
#include "net/net.hpp"

namespace fix502 {

/// Called with a socket, and whether its peer has ended the connection.
using Look = std::function<void(int socket, bool ended)>;

/// One curl multi handle: a cache of connections, and one transfer at a time.
class CurlLoop {
 public:
  /// Fails where this process is out of descriptors.
  [[nodiscard]] static Result<std::unique_ptr<CurlLoop>> open(const boost::asio::any_io_executor& executor);
  ~CurlLoop();
  CurlLoop(const CurlLoop&) = delete;
  CurlLoop& operator=(const CurlLoop&) = delete;

  /// Runs the transfer to its end; curl's own time limits bound it. The handle must outlive the coroutine. `look` is
  /// shown each socket on which something has happened, before curl sees to it.
  Task<CURLcode> run(CURL* easy, Look look);

 private:
  CurlLoop(const boost::asio::any_io_executor& executor, int sockets, int timer);
  static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void* known);
  static int on_timer(CURLM* multi, long milliseconds, void* self);
  void serve(const Look& look);
  [[nodiscard]] std::optional<CURLcode> ended();

  boost::asio::posix::stream_descriptor sockets_;  // the epoll descriptor, and owner of it
  int timer_;                                      // timerfd(2)
  CurlMulti multi_;  // last: curl says goodbye to its sockets while the others are still there
};

}  // namespace fix502
