#include "headless/programs.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "base/text.hpp"

namespace fix502 {
namespace {

/// Preferred first: what is most likely the visitor's own. Names as the makers' Linux packages install them.
const std::vector<RunnableBrowser>& table() {
  static const std::vector<RunnableBrowser> kKnown = {
      {"google-chrome", "", BrowserProtocol::devtools},
      {"google-chrome-stable", "", BrowserProtocol::devtools},
      {"chromium", "", BrowserProtocol::devtools},
      {"chromium-browser", "", BrowserProtocol::devtools},
      {"microsoft-edge", "", BrowserProtocol::devtools},
      {"microsoft-edge-stable", "", BrowserProtocol::devtools},
      {"brave-browser", "", BrowserProtocol::devtools},
      {"brave", "", BrowserProtocol::devtools},
      {"vivaldi", "", BrowserProtocol::devtools},
      {"vivaldi-stable", "", BrowserProtocol::devtools},
      {"opera", "", BrowserProtocol::devtools},
      {"firefox-esr", "", BrowserProtocol::bidi},
      {"firefox", "", BrowserProtocol::bidi},
      {"librewolf", "", BrowserProtocol::bidi},
  };
  return kKnown;
}

std::string find_in_path(std::string_view program) {
  const char* path = std::getenv("PATH");
  for (const auto folder : split(path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path, ':')) {
    std::string file = std::string(folder) + "/" + std::string(program);
    if (file.front() == '/' && access(file.c_str(), X_OK) == 0) return file;
  }
  return {};
}

}  // namespace

std::vector<RunnableBrowser> choose_browsers(const std::function<std::string(std::string_view)>& find) {
  std::vector<RunnableBrowser> chosen;
  for (const RunnableBrowser& known : table()) {
    if (std::ranges::find(chosen, known.protocol, &RunnableBrowser::protocol) != chosen.end()) continue;
    RunnableBrowser here = known;
    here.path = find(known.name);
    if (!here.path.empty()) chosen.push_back(std::move(here));
  }
  return chosen;
}

std::vector<RunnableBrowser> runnable_browsers() {
  return choose_browsers(find_in_path);
}

std::vector<RunnableBrowser> runnable_browsers(std::string_view like) {
  return choose_browsers(
      [like](std::string_view name) { return name.find(like) == name.npos ? std::string{} : find_in_path(name); });
}

const RunnableBrowser* known_browser(std::string_view name) {
  const auto found = std::ranges::find(table(), name, &RunnableBrowser::name);
  return found == table().end() ? nullptr : &*found;
}

}  // namespace fix502
