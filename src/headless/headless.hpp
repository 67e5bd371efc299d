#pragma once

// The port to real browsers, run without a window. An adapter starts them; a test stands in for it.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "headless/programs.hpp"
#include "net/net.hpp"
#include "observation/browser_visit.hpp"

namespace fix502 {

/// A profile of the visitor's own. It is copied, never opened.
struct OwnProfile {
  BrowserProtocol protocol = BrowserProtocol::devtools;
  std::string root;    ///< Chromium: the user data folder; Firefox: the profile itself
  std::string folder;  ///< Chromium: root/Default; Firefox: the same as root
  std::string cache;   ///< Chromium: .../Cache/Cache_Data; Firefox: .../cache2
};

/// What one browser is asked to do.
struct BrowserJob {
  RunnableBrowser browser;
  std::string url;
  std::optional<OwnProfile> copy_of;  ///< nothing: a clean profile
  std::vector<std::string> pages;     ///< beside `url`: where it leads to
  /// "" leaves it to the machine's settings, "direct" goes round them, else "http://host:port" without credentials.
  std::string proxy;
  Milliseconds timeout{10'000};  ///< for all of it
};

class HeadlessBrowsers {
 public:
  HeadlessBrowsers() = default;
  HeadlessBrowsers(const HeadlessBrowsers&) = delete;
  HeadlessBrowsers& operator=(const HeadlessBrowsers&) = delete;
  virtual ~HeadlessBrowsers() = default;

  [[nodiscard]] virtual std::vector<RunnableBrowser> installed() const = 0;
  /// Never fails in itself: what stopped us is the visit's `trouble`. Destroying the awaiting coroutine ends the
  /// browser; no process and no folder is left either way.
  virtual Task<BrowserVisit> visit(BrowserJob job) = 0;
};

/// A command that does about the same by hand.
[[nodiscard]] std::string browser_command(const BrowserJob& job);

/// The profile that a folder is: Firefox's own, Chromium's, or the first of Chromium's user data folder. An error where
/// it is neither.
[[nodiscard]] Result<OwnProfile> own_profile_at(const std::string& folder);

[[nodiscard]] std::unique_ptr<HeadlessBrowsers> real_headless_browsers();

}  // namespace fix502
