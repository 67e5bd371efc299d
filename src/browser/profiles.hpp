#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "browser/places.hpp"

namespace fix502 {

/// A profile on the disk.
struct Profile {
  std::string browser;
  Engine engine = Engine::chromium;
  std::filesystem::path root;    ///< Chromium: the user data folder, with its locks; Firefox: the profile itself
  std::filesystem::path folder;  ///< cookies, workers
  std::filesystem::path cache;   ///< Chromium: .../Cache/Cache_Data; Firefox: .../cache2
};

/// Every profile of every browser that is there.
[[nodiscard]] std::vector<Profile> find_profiles(const Roots& roots, System system);

/// The profiles that a named folder is, or holds: a profile of either engine, or Chromium's user data folder.
[[nodiscard]] Result<std::vector<Profile>> profiles_at(const std::filesystem::path& folder, const Roots& roots,
                                                       System system);

/// The named ones, an error where one of them is none; all that are found where none is named.
[[nodiscard]] Result<std::vector<Profile>> wanted_profiles(const std::vector<std::string>& named, const Roots& roots,
                                                           System system);

/// Names of the profiles' folders in Chromium's "Local State"; empty where that is no such file.
[[nodiscard]] std::vector<std::string> read_local_state(std::string_view json);

/// A [ProfileN] of Firefox's profiles.ini.
struct IniProfile {
  std::string path;
  bool relative = true;
};
[[nodiscard]] std::vector<IniProfile> read_profiles_ini(std::string_view text);

/// A program that has the profile open now. Lock files outlive crashes, so they are not believed: only an accepted
/// connection (Chromium) or a held lock (Firefox) counts.
[[nodiscard]] bool is_running(const Profile& profile);

}  // namespace fix502
