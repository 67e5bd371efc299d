#pragma once

// Whether this machine's own network works, so that "we are offline" is never told as "the site is down".

#include <boost/asio/cancellation_signal.hpp>
#include <optional>
#include <string>
#include <vector>

#include "experiment/run.hpp"
#include "net/net.hpp"

namespace fix502 {

class Observer {
 public:
  using Clock = std::chrono::steady_clock;
  /// `pages`: known to work; one good answer of any is enough.
  Observer(boost::asio::io_context& loop, Net& net, std::vector<std::string> pages)
      : loop_(loop), net_(net), pages_(std::move(pages)), checked_(std::make_unique<Event>(loop)) {}

  /// Looks anew where the last look is older than kFresh; waits for it `most`, and gives what is known then.
  Task<std::optional<bool>> works(Milliseconds most);
  /// Gives up the look that is under way.
  void stop() { stop_.emit(boost::asio::cancellation_type::terminal); }
  [[nodiscard]] bool is_looking() const { return looking_; }
  /// As of the last look; nullopt: nobody has looked, or there is no page to look at.
  [[nodiscard]] std::optional<bool> last() const { return last_; }
  [[nodiscard]] std::optional<double> age_seconds() const;

 private:
  static constexpr std::chrono::seconds kFresh{30};
  Task<void> look();
  Task<void> look_at_page(std::string page);

  boost::asio::io_context& loop_;
  Net& net_;
  std::vector<std::string> pages_;
  std::unique_ptr<Event> checked_;  // of the look that is under way
  boost::asio::cancellation_signal stop_;
  bool looking_ = false;
  bool seen_good_ = false;
  std::optional<bool> last_;
  Clock::time_point when_{};
};

}  // namespace fix502
