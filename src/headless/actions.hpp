#pragma once

// What can be done to one site's stored things through a browser's own line: in a closed profile by running it without
// a window, in an open browser by the port that it was started with.

#include <string>
#include <string_view>
#include <vector>

#include "headless/headless.hpp"

namespace fix502 {

/// A service worker as the browser itself lists it.
struct ListedWorker {
  std::string scope;
  std::string script;
  bool operator==(const ListedWorker&) const = default;
};

/// Runs a closed profile of Chromium's kind (the visitor's own, not a copy) without a window and unregisters the
/// origin's service workers, without visiting the site; the workers that it had. An error where the profile is in use.
[[nodiscard]] Task<Result<std::vector<ListedWorker>>> unregister_workers(RunnableBrowser browser, OwnProfile profile,
                                                                         std::string origin, Milliseconds timeout);

/// The service workers of a closed profile; nothing is changed but what a start of the browser changes.
[[nodiscard]] Task<Result<std::vector<ListedWorker>>> list_workers(RunnableBrowser browser, OwnProfile profile,
                                                                   Milliseconds timeout);

/// The line of a browser that runs already.
struct OpenLine {
  BrowserProtocol protocol = BrowserProtocol::devtools;
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::string path;
  bool operator==(const OpenLine&) const = default;
};
/// From the text of `DevToolsActivePort` (two lines: port, path).
[[nodiscard]] Result<OpenLine> read_devtools_port(std::string_view text);
/// From the text of `WebDriverBiDiServer.json` ({"ws_host": "127.0.0.1", "ws_port": 39021}).
[[nodiscard]] Result<OpenLine> read_bidi_server(std::string_view text);
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
