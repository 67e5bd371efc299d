#pragma once

// One exchange on one connection, step by step. What happens goes into the Replay.

#include <boost/asio/any_io_executor.hpp>
#include <optional>
#include <string>

#include "upstream/channel.hpp"
#include "upstream/dialogue.hpp"
#include "upstream/replay.hpp"

namespace fix502 {

class Exchange {
 public:
  Exchange(boost::asio::any_io_executor executor, ReplayRequest request);

  /// True: a whole response came, and the connection is still there unless `closed_after` says otherwise.
  Task<bool> run();
  /// Looks for a moment whether the upstream closes.
  Task<void> watch_close();
  [[nodiscard]] Replay& seen() { return seen_; }
  [[nodiscard]] UpstreamChannel& channel() { return channel_; }
  [[nodiscard]] Moment body_over() const { return body_over_; }

 private:
  static constexpr std::uint64_t kMostOverhead = 4ULL * 1024 * 1024;  // bytes beside the body

  Task<bool> connect();
  Task<bool> send_header();
  Task<bool> greet();
  Task<bool> send(Dialogue& dialogue);
  Task<ReadEnd> read(Dialogue& dialogue);
  void conclude(const Dialogue& dialogue, ReadEnd end);
  void fail(Phase reached, Failure failure, const boost::system::error_code& error);
  void fail_late(Phase reached, Failure failure, Milliseconds limit);
  [[nodiscard]] Moment until(Milliseconds limit) const;

  ReplayRequest asked_;
  Moment start_, end_;
  Moment sent_{}, last_byte_{}, body_over_{};
  Replay seen_;
  std::string detail_;  // of the error that ended the reading
  // The context knows the watch, and the channel the context.
  TlsWatch watch_;
  std::optional<boost::asio::ssl::context> context_;
  UpstreamChannel channel_;
};

}  // namespace fix502
