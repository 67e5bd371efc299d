#include "browser/profiles.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "browser/profile_file.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxLocalState = 32UL * 1024 * 1024;
constexpr std::size_t kMaxIni = 1024UL * 1024;
constexpr std::size_t kMaxProfiles = 64;

bool stands(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

/// Names out of a browser's own file lead nowhere else.
bool is_plain_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.find_first_of(std::string_view("/\\\0", 3)) == name.npos;
}

Profile chromium_profile(std::string browser, const fs::path& root, const fs::path& folder,
                         const fs::path& cache_root) {
  // The cache stands beside the profile's name under the cache's root, or in the profile (chromium
  // docs/user_data_dir.md).
  const fs::path apart = cache_root / folder.filename() / "Cache" / "Cache_Data";
  const bool beside = !cache_root.empty() && stands(apart);
  return {std::move(browser), Engine::chromium, root, folder, beside ? apart : folder / "Cache" / "Cache_Data"};
}

std::vector<Profile> chromium_profiles(const std::string& browser, const fs::path& root, const fs::path& cache_root) {
  const auto state = read_profile_file(root / "Local State", kMaxLocalState);
  std::vector<std::string> names = state ? read_local_state(*state) : std::vector<std::string>{};
  if (std::ranges::find(names, "Default") == names.end()) names.emplace_back("Default");
  std::vector<Profile> profiles;
  for (const auto& name : names)
    if (stands(root / name)) profiles.push_back(chromium_profile(browser, root, root / name, cache_root));
  // Opera's folder is the profile itself.
  if (profiles.empty() && stands(root / "Preferences")) {
    Profile whole = chromium_profile(browser, root, root, {});
    if (const fs::path apart = cache_root / "Cache" / "Cache_Data"; stands(apart)) whole.cache = apart;
    profiles.push_back(std::move(whole));
  }
  return profiles;
}

Profile firefox_profile(std::string browser, const fs::path& folder, const fs::path& cache_root) {
  const fs::path apart = cache_root / folder.filename() / "cache2";
  const bool beside = !cache_root.empty() && stands(apart);
  return {std::move(browser), Engine::firefox, folder, folder, beside ? apart : folder / "cache2"};
}

std::vector<Profile> firefox_profiles(const std::string& browser, const fs::path& root, const fs::path& cache_root) {
  const auto text = read_profile_file(root / "profiles.ini", kMaxIni);
  std::vector<Profile> profiles;
  for (const auto& entry : text ? read_profiles_ini(*text) : std::vector<IniProfile>{}) {
    const fs::path folder = entry.relative ? root / entry.path : fs::path(entry.path);
    // On macOS and Windows the path begins with Profiles/, and so does the cache's.
    const fs::path caches = entry.relative ? cache_root / fs::path(entry.path).parent_path() : cache_root;
    if (stands(folder)) profiles.push_back(firefox_profile(browser, folder, caches));
  }
  return profiles;
}

bool looks_like_firefox(const fs::path& folder) {
  return stands(folder / "cache2") || stands(folder / "prefs.js") || stands(folder / "cookies.sqlite");
}

bool looks_like_chromium(const fs::path& folder) {
  return stands(folder / "Preferences") || stands(folder / "Cache" / "Cache_Data");
}

bool same(const fs::path& a, const fs::path& b) {
  std::error_code ignored;
  return fs::equivalent(a, b, ignored);
}

}  // namespace

std::vector<Profile> find_profiles(const Roots& roots, System system) {
  std::vector<Profile> all;
  for (const auto& place : browser_places()) {
    const fs::path& root = roots.*place.root;
    if (place.system != system || root.empty()) continue;
    const fs::path caches = (roots.*place.cache_root).empty() ? fs::path{} : roots.*place.cache_root / place.cache_path;
    const std::string browser(place.browser);
    for (auto& profile : place.engine == Engine::chromium ? chromium_profiles(browser, root / place.path, caches)
                                                          : firefox_profiles(browser, root / place.path, caches))
      if (all.size() < kMaxProfiles) all.push_back(std::move(profile));
  }
  return all;
}

Result<std::vector<Profile>> profiles_at(const fs::path& folder, const Roots& roots, System system) {
  std::error_code ignored;
  fs::path named = folder.lexically_normal();
  if (!named.has_filename()) named = named.parent_path();
  if (!fs::is_directory(named, ignored)) return fail("no such folder of a browser's profile", folder.string());
  // One of those that would be found by themselves brings its name, and its cache that stands elsewhere.
  std::vector<Profile> known;
  for (auto& profile : find_profiles(roots, system))
    if (same(profile.folder, named) || same(profile.root, named)) known.push_back(std::move(profile));
  if (!known.empty()) return known;
  if (looks_like_firefox(named)) return std::vector{firefox_profile("Firefox", named, {})};
  if (looks_like_chromium(named)) return std::vector{chromium_profile("Chromium", named.parent_path(), named, {})};
  auto inside = chromium_profiles("Chromium", named, {});
  if (inside.empty()) return fail("that folder is no browser's profile", folder.string());
  return inside;
}

Result<std::vector<Profile>> wanted_profiles(const std::vector<std::string>& named, const Roots& roots, System system) {
  if (named.empty()) return find_profiles(roots, system);
  std::vector<Profile> profiles;
  for (const auto& folder : named) {
    auto found = profiles_at(folder, roots, system);
    if (!found) return fail("--browser-profile: " + found.error().what, printable(found.error().where, 200));
    for (auto& profile : *found) profiles.push_back(std::move(profile));
  }
  return profiles;
}

std::vector<std::string> read_local_state(std::string_view json) {
  const auto state = nlohmann::json::parse(json, nullptr, false);
  std::vector<std::string> names;
  if (!state.is_object() || !state.contains("profile") || !state["profile"].is_object()) return names;
  const auto& profile = state["profile"];
  if (!profile.contains("info_cache") || !profile["info_cache"].is_object()) return names;
  for (const auto& [name, about] : profile["info_cache"].items())
    if (is_plain_name(name) && names.size() < kMaxProfiles) names.push_back(name);
  return names;
}

std::vector<IniProfile> read_profiles_ini(std::string_view text) {
  std::vector<IniProfile> profiles;
  bool in_profile = false;
  for (const auto line : split(text, '\n')) {
    if (line.starts_with('[')) {
      in_profile = line.starts_with("[Profile") && profiles.size() < kMaxProfiles;
      if (in_profile) profiles.emplace_back();
      continue;
    }
    if (!in_profile) continue;
    if (line.starts_with("Path=")) profiles.back().path = line.substr(5);
    if (line.starts_with("IsRelative=")) profiles.back().relative = line.substr(11) != "0";
  }
  std::erase_if(profiles, [](const IniProfile& profile) {
    return profile.path.empty() || profile.path.find('\0') != std::string::npos ||
           (profile.relative && profile.path.find("..") != std::string::npos);
  });
  return profiles;
}

}  // namespace fix502
