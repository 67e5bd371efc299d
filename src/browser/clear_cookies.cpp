#include <fmt/format.h>
#include <sqlite3.h>

#include "browser/clear.hpp"
#include "browser/cookies.hpp"
#include "browser/profile_file.hpp"
#include "browser/site.hpp"
#include "browser/sqlite_image.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

/// Deleted rows are overwritten with zeros; host ?1 and everything below it.
std::string deletion(Engine engine) {
  const bool chromium = engine == Engine::chromium;
  const std::string_view host = chromium ? "host_key" : "host";
  return fmt::format("DELETE FROM {} WHERE {} = ?1 OR {} = '.' || ?1 OR substr({}, -length(?1) - 1) = '.' || ?1",
                     chromium ? "cookies" : "moz_cookies", host, host, host);
}

/// The number of rows deleted; the image is changed in place.
Result<int> delete_rows(std::string& image, Engine engine, const std::string& domain) {
  const auto database = open_image(image);
  if (!database) return std::unexpected(database.error());
  sqlite3_exec(database->get(), "PRAGMA secure_delete = ON", nullptr, nullptr, nullptr);
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database->get(), deletion(engine).c_str(), -1, &statement, nullptr) != SQLITE_OK)
    return fail("its cookie database is of an unknown form");
  sqlite3_bind_text(statement, 1, domain.c_str(), static_cast<int>(domain.size()), SQLITE_STATIC);
  const int step = sqlite3_step(statement);
  sqlite3_finalize(statement);
  if (step != SQLITE_DONE) return fail("its cookie database is damaged");
  return sqlite3_changes(database->get());
}

}  // namespace

Result<ProfileChanges> clear_cookies(const Profile& profile, const Target& page) {
  const bool chromium = profile.engine == Engine::chromium;
  fs::path path = profile.folder / (chromium ? "Cookies" : "cookies.sqlite");
  std::error_code ignored;
  if (chromium && !fs::exists(path, ignored)) path = profile.folder / "Network" / "Cookies";
  if (!fs::exists(path, ignored)) return ProfileChanges{};
  const auto journal = read_profile_file(path.string() + "-journal", kMaxCookies);
  if (journal && !journal->empty() && journal->front() != '\0')
    return fail("its cookies were left in the middle of a change; open and close the browser once", profile.browser);
  auto bytes = read_profile_file(path, kMaxCookies);
  if (!bytes) return std::unexpected(bytes.error());
  const auto log = read_profile_file(path.string() + "-wal", kMaxCookies);
  auto image = with_log(*std::move(bytes), log ? std::string_view(*log) : std::string_view{});
  if (!image) return std::unexpected(image.error());
  const std::string domain = registrable_domain(page.host);
  const auto deleted = delete_rows(*image, profile.engine, domain);
  if (!deleted) return std::unexpected(deleted.error());
  ProfileChanges changes;
  if (*deleted == 0) return changes;
  // The log is in the new bytes already; left behind, it would be read into them once more. It goes first.
  for (const char* beside : {"-wal", "-shm"})
    if (const fs::path file = path.string() + beside; fs::exists(file, ignored)) changes.move_away.push_back(file);
  changes.write.push_back({path, *std::move(image)});
  changes.say =
      fmt::format("delete {} cookie{} of {} in {}", *deleted, *deleted == 1 ? "" : "s", domain, profile.browser);
  return changes;
}

}  // namespace fix502
