#include "browser/places.hpp"

#include <cstdlib>

namespace fix502 {

Roots roots_of(const std::map<std::string, std::string, std::less<>>& environment) {
  const auto folder = [&](std::string_view name, const std::filesystem::path& otherwise) {
    const auto found = environment.find(name);
    // XDG Base Directory Specification: relative paths are to be ignored.
    const bool usable = found != environment.end() && std::filesystem::path(found->second).is_absolute();
    return usable ? std::filesystem::path(found->second) : otherwise;
  };
  const auto below = [](const std::filesystem::path& home, const char* path) {
    return home.empty() ? std::filesystem::path{} : home / path;
  };
  Roots roots;
  roots.home = folder("HOME", {});
  roots.config = folder("XDG_CONFIG_HOME", below(roots.home, ".config"));
  roots.cache = folder("XDG_CACHE_HOME", below(roots.home, ".cache"));
  roots.application_support = below(roots.home, "Library/Application Support");
  roots.caches = below(roots.home, "Library/Caches");
  roots.app_data = folder("APPDATA", {});
  roots.local_app_data = folder("LOCALAPPDATA", {});
  return roots;
}

Roots own_roots() {
  std::map<std::string, std::string, std::less<>> environment;
  for (const char* name : {"HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "APPDATA", "LOCALAPPDATA"})
    if (const char* value = std::getenv(name)) environment.emplace(name, value);
  return roots_of(environment);
}

const std::vector<Place>& browser_places() {
  static const std::vector<Place> kPlaces = {
#define BROWSER_PLACE(browser, engine, system, root, path, cache_root, cache_path) \
  {browser, Engine::engine, System::system, &Roots::root, path, &Roots::cache_root, cache_path},
#include "../../data/browser_places.def"
#undef BROWSER_PLACE
  };
  return kPlaces;
}

System this_system() {
#if defined(_WIN32)
  return System::on_windows;
#elif defined(__APPLE__)
  return System::on_macos;
#else
  return System::on_linux;
#endif
}

}  // namespace fix502
