#pragma once

// What to change in a closed profile so that it forgets a site. Plans only: src/repair carries them out, and keeps what
// undo needs. Other sites' entries stay, and are still served, wherever the format lets a single one go.

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "browser/profiles.hpp"
#include "target/target.hpp"

namespace fix502 {

struct ProfileChanges {
  struct Write {
    std::filesystem::path path;
    std::string bytes;
  };
  std::vector<std::filesystem::path> move_away;  ///< files, and folders as a whole
  std::vector<Write> write;
  std::string say;  ///< "move away 12 stored answers of shop.example in Chromium"; empty: there is nothing to do

  [[nodiscard]] bool empty() const { return move_away.empty() && write.empty(); }
};

/// Everything that the site's pages brought, or that came from the site's hosts.
/// The simple cache and cache2 lose single files, which both browsers take well (measured); a blockfile or SQL cache
/// loses everything, because its entries are linked with each other.
[[nodiscard]] Result<ProfileChanges> clear_cache(const Profile& profile, const Target& page);

/// The cookies of the site's registrable domain: its rows out of a copy of the database, with what its log holds.
[[nodiscard]] Result<ProfileChanges> clear_cookies(const Profile& profile, const Target& page);

/// The service workers of the page's origin. Firefox: the records leave its registry. Chromium: its database is told to
/// forget them; other sites' workers stay.
[[nodiscard]] Result<ProfileChanges> unregister_worker(const Profile& profile, const Target& page);

/// serviceworker.txt without the records of that origin.
[[nodiscard]] std::string without_workers_of(std::string_view registry, std::string_view origin);

/// The keys that do by hand, in a browser that is running, what the remedy would do: a line for a person.
[[nodiscard]] std::string keys_for(std::string_view remedy, const Profile& profile);

}  // namespace fix502
