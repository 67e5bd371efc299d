#pragma once

#include <boost/asio/io_context.hpp>
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
};

/// Runs every experiment on `loop` until there is nothing left to ask, the budget of time is used up, or SIGINT or
/// SIGTERM comes (then `interrupted` is set). Whatever else runs on the loop is stopped with it.
[[nodiscard]] Evidence observe(boost::asio::io_context& loop, Net& net, const Host& host, Assignment assignment);

/// The same as a coroutine, beside whatever else runs on `loop`, which it leaves running; signals are the caller's.
/// `net` and `host` must outlive it.
[[nodiscard]] Task<Evidence> observe_beside(boost::asio::io_context& loop, Net& net, const Host& host,
                                            Assignment assignment);

}  // namespace fix502
