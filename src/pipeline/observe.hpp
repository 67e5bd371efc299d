#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <string_view>

#include "headless/headless.hpp"
#include "net/net.hpp"
#include "observation/evidence.hpp"
#include "sys/host.hpp"

namespace fix502 {

/// What a diagnosis is about, and who is told what it does meanwhile.
struct Assignment {
  Target target;
  Settings settings;
  /// Called with the id of the experiment that has just seen something; may be empty.
  std::function<void(std::string_view)> progress;
  HeadlessBrowsers* browsers = nullptr;    ///< null: none is run
  std::vector<OwnProfile> own_profiles{};  ///< of the visitor, for --with-my-profile
};

/// Runs every experiment on `loop` until there is nothing left to ask, the budget of time is used up, or SIGINT or
/// SIGTERM comes (then `interrupted` is set). Whatever else runs on the loop is stopped with it.
[[nodiscard]] Evidence observe(boost::asio::io_context& loop, Net& net, const Host& host, Assignment assignment);

}  // namespace fix502
