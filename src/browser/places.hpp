#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fix502 {

enum class Engine { chromium, firefox };
enum class System { on_linux, on_macos, on_windows };

/// The folders that places are told from; an empty one is not known here.
struct Roots {
  std::filesystem::path home;                 ///< "~"
  std::filesystem::path config;               ///< $XDG_CONFIG_HOME
  std::filesystem::path cache;                ///< $XDG_CACHE_HOME
  std::filesystem::path application_support;  ///< macOS, ~/Library/Application Support
  std::filesystem::path caches;               ///< macOS, ~/Library/Caches
  std::filesystem::path app_data;             ///< Windows, %APPDATA%
  std::filesystem::path local_app_data;       ///< Windows, %LOCALAPPDATA%
};
/// Of the user that this program runs as.
[[nodiscard]] Roots own_roots();
/// From HOME, XDG_CONFIG_HOME, XDG_CACHE_HOME, APPDATA, LOCALAPPDATA.
[[nodiscard]] Roots roots_of(const std::map<std::string, std::string, std::less<>>& environment);

/// One way in which a browser is installed: where its profiles are, and where their caches.
struct Place {
  std::string_view browser;
  Engine engine;
  System system;
  std::filesystem::path Roots::* root;
  std::string_view path;
  std::filesystem::path Roots::* cache_root;
  std::string_view cache_path;
};
/// data/browser_places.def
[[nodiscard]] const std::vector<Place>& browser_places();
/// The system that this program was built for.
[[nodiscard]] System this_system();

}  // namespace fix502
