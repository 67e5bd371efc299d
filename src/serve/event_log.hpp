#pragma once

// What has happened, as server-sent events (WHATWG HTML 9.2). One log, and any number of readers, each with nothing but
// a number: how far it has read. So a slow reader costs nobody anything, and a late one reads from the beginning.

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <string>
#include <string_view>

#include "base/fields.hpp"
#include "net/net.hpp"
#include "serve/http.hpp"

namespace fix502 {

class EventLog {
 public:
  /// At most so many bytes are kept; the oldest events go first.
  explicit EventLog(boost::asio::io_context& loop, std::size_t most_bytes = std::size_t{8} * 1024 * 1024);

  void add(std::string_view name, const Json& data);
  /// Nothing comes after this.
  void end();
  [[nodiscard]] bool ended() const { return ended_; }

  /// The events after number `last`, as they are sent; `last` becomes the newest's number. Empty: there are none yet.
  [[nodiscard]] std::string after(std::uint64_t& last) const;
  /// Until there is an event after `last`, or the end, or `most` has passed.
  Task<void> wait(std::uint64_t last, Milliseconds most);

  [[nodiscard]] std::uint64_t newest() const { return first_ + kept_.size() - 1; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  std::deque<std::string> kept_;
  std::uint64_t first_ = 1;  // number of the oldest that is kept
  std::size_t bytes_ = 0;
  std::size_t most_bytes_;
  bool ended_ = false;
  boost::asio::steady_timer news_;
};

/// A log as a reply, after the Last-Event-ID that the request names. `find` gives it as long as it is kept, then null.
[[nodiscard]] Reply event_stream(std::function<EventLog*()> find, const Request& request);

}  // namespace fix502
