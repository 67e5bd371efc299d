#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "headless/headless.hpp"
#include "net/net.hpp"
#include "observation/evidence.hpp"
#include "sys/host.hpp"

namespace fix502 {

class Browsers;
class Run;

/// Ends a diagnosis early, as Ctrl-C does: what was seen so far is the evidence. Good for one run of observe_beside().
class Stopper {
 public:
  void stop();
  [[nodiscard]] bool stopped() const { return stopped_; }

 private:
  friend Task<Evidence> observe_beside(boost::asio::io_context& loop, Net& net, const Host& host,
                                       struct Assignment assignment);
  bool stopped_ = false;
  boost::asio::steady_timer* deadline_ = nullptr;
};

/// What a diagnosis is about, and who is told what it does meanwhile.
struct Assignment {
  Target target;
  Settings settings;
  /// Called with the id of the experiment that has just seen something; may be empty.
  std::function<void(std::string_view)> progress;
  const Browsers* browsers = nullptr;      ///< null: their profiles are not looked into
  HeadlessBrowsers* headless = nullptr;    ///< null: none is run
  std::vector<OwnProfile> own_profiles{};  ///< of the visitor, for --with-my-profile
  /// Looks into the caches of this machine's resolvers for a name (Run::look_into_caches); empty: nobody does.
  std::function<Task<std::vector<ResolverCache>>(std::string name, ResolverConfig config, Milliseconds time)>
      look_into_caches = {};
  std::vector<std::string_view> only{};  ///< ids of the experiments to run; empty: all of them
  /// Called after each observation; the run, and what it has seen so far, live as long as the call. May be empty.
  std::function<void(const Run&)> looked{};
  Stopper* stopper = nullptr;  ///< of observe_beside(); must outlive it
};

/// Runs every experiment on `loop` until there is nothing left to ask, the budget of time is used up, or SIGINT or
/// SIGTERM comes (then `interrupted` is set). Whatever else runs on the loop is stopped with it.
[[nodiscard]] Evidence observe(boost::asio::io_context& loop, Net& net, const Host& host, Assignment assignment);

/// The same as a coroutine, beside whatever else runs on `loop`, which it leaves running; signals are the caller's.
/// `net` and `host` must outlive it.
[[nodiscard]] Task<Evidence> observe_beside(boost::asio::io_context& loop, Net& net, const Host& host,
                                            Assignment assignment);

}  // namespace fix502
