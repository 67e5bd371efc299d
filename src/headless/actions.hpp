#pragma once

// What can be done to one site's stored things in an open browser, by the port that it was started with.

#include <string>
#include <string_view>
#include <vector>

#include "headless/headless.hpp"

namespace fix502 {

/// The line of a browser that runs already.
struct OpenLine {
  BrowserProtocol protocol = BrowserProtocol::devtools;
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::string path;  ///< empty: it is to be asked
  bool operator==(const OpenLine&) const = default;
};
/// From the text of `DevToolsActivePort` (two lines: port, path).
[[nodiscard]] Result<OpenLine> read_devtools_port(std::string_view text);
/// From the text of `WebDriverBiDiServer.json` ({"ws_host": "127.0.0.1", "ws_port": 39021}).
[[nodiscard]] Result<OpenLine> read_bidi_server(std::string_view text);
/// From the words that a browser of Chromium's kind was started with: `--remote-debugging-port=9222`, as
/// /proc/PID/cmdline has them (each ended by NUL).
[[nodiscard]] Result<OpenLine> read_devtools_words(std::string_view words);
/// The line of whoever has this profile open; an error where there is none.
[[nodiscard]] Result<OpenLine> open_line(const OwnProfile& profile);

/// Whether somebody answers there.
[[nodiscard]] Task<Result<void>> greet(OpenLine line, Milliseconds timeout);

/// What is to go, of one site, in an open browser.
struct SiteClearing {
  std::string url;       ///< the page whose stored answer is asked for anew, past cache and worker, and replaced
  bool workers = false;  ///< unregister the origin's service workers
  bool cookies = false;  ///< remove the site's cookies
};
/// What was done; neither protocol can drop one site from the HTTP cache, but a page that is fetched anew replaces its
/// stored answer. `page` is that visit.
struct SiteCleared {
  BrowserVisit page;
  bool workers = false;
  bool cookies = false;
};
[[nodiscard]] Task<Result<SiteCleared>> clear_in_open_browser(OpenLine line, SiteClearing what, Milliseconds timeout);

}  // namespace fix502
