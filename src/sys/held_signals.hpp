#pragma once

// What is half changed is finished or taken back before anybody ends the program.

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <csignal>

namespace fix502 {

/// Holds SIGINT, SIGTERM and SIGHUP back from this thread while it lives. Whoever holds them acts on `came()`; at the
/// end they are dropped, since by then somebody has.
class HeldSignals {
 public:
  HeldSignals();
  ~HeldSignals();
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

  /// Whether one has come by now, or comes within that time. Not where nobody holds them: there it ends the program.
  [[nodiscard]] static bool came(std::chrono::milliseconds within = {});

 private:
  sigset_t before_{};
};

/// Runs the loop until somebody stops it, or SIGINT or SIGTERM comes, held back or not: then true, and a signal that is
/// held back has still come.
bool run_until_signal(boost::asio::io_context& loop);

}  // namespace fix502
