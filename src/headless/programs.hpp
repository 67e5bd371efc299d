#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace fix502 {

/// How a browser is told what to do.
enum class BrowserProtocol {
  devtools,  ///< Chrome DevTools over a pair of pipes
  bidi,      ///< WebDriver BiDi over a WebSocket on loopback
};

/// A browser that can be run without a window.
struct RunnableBrowser {
  std::string name;  ///< of the program: "chromium", "firefox-esr"
  std::string path;
  BrowserProtocol protocol = BrowserProtocol::devtools;
};

/// The installed ones in the order in which they are preferred, the first of each engine only: two browsers of one
/// engine tell the same. `find` gives a program's path or "".
[[nodiscard]] std::vector<RunnableBrowser> choose_browsers(const std::function<std::string(std::string_view)>& find);

/// Those of this machine, by $PATH.
[[nodiscard]] std::vector<RunnableBrowser> runnable_browsers();

/// The installed ones whose program has that in its name ("chromium", "firefox").
[[nodiscard]] std::vector<RunnableBrowser> runnable_browsers(std::string_view like);

/// The protocol that a browser of this name speaks ("chromium", "chrome", "edge", "firefox" ...); by the same table.
[[nodiscard]] const RunnableBrowser* known_browser(std::string_view name);

}  // namespace fix502
