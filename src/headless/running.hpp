#pragma once

#include <memory>
#include <string>
#include <vector>

#include "headless/conversation.hpp"
#include "headless/headless.hpp"
#include "headless/keeper.hpp"

namespace fix502 {

/// How a browser is started.
struct StartOptions {
  std::string profile;                 ///< the visitor's own, closed, to be worked on; empty: one that is thrown away
  std::optional<OwnProfile> copy_of;   ///< what the thrown-away one begins with
  std::vector<std::string> pages;      ///< of which the copy has what is stored
  std::string proxy;                   ///< as BrowserJob has it
  std::vector<std::string> arguments;  ///< beside the usual ones
};

/// A browser of ours that takes commands. Goes with this object, its folder as well.
struct RunningBrowser {
  Keeper keeper;
  Conversation talk;
  Duration ready{};  ///< from the start until it took commands
  Json about;        ///< what it says of itself: Browser.getVersion, or the answer to session.new
};

[[nodiscard]] Task<Result<std::unique_ptr<RunningBrowser>>> start_browser(RunnableBrowser browser, StartOptions options,
                                                                          SteadyTime deadline);
/// Asks it to close and waits for that, `most` at the longest.
[[nodiscard]] Task<void> close_browser(RunningBrowser& running, BrowserProtocol protocol, Milliseconds most);

/// The command line and surroundings of one start; pure but for the environment that it is given.
[[nodiscard]] Launch plan_launch(const RunnableBrowser& browser, const StartOptions& options, const std::string& folder,
                                 bool as_root, const std::vector<std::string>& environment);
/// Firefox's user.js: quiet, and the proxy.
[[nodiscard]] std::string quiet_preferences(const std::string& proxy);
/// The port in "WebDriver BiDi listening on ws://127.0.0.1:39021"; 0 where the text holds none.
[[nodiscard]] std::uint16_t announced_port(std::string_view text);

}  // namespace fix502
