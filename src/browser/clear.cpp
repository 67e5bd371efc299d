#include "browser/clear.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "browser/cache2.hpp"
#include "browser/cache_folder.hpp"
#include "browser/cache_key.hpp"
#include "browser/profile_file.hpp"
#include "browser/simple_cache.hpp"
#include "browser/site.hpp"
#include "browser/workers.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

/// Keys longer than this are read with a second look.
constexpr std::size_t kFirstLook = 512;
constexpr std::size_t kLastPage = 4096;

/// The key of an entry's file, in one small read for nearly all of them.
std::string simple_key_of(const fs::path& path) {
  const auto file = ProfileFile::open(path);
  if (!file) return {};
  auto key = read_simple_key(file->read(0, kFirstLook));
  if (!key) key = read_simple_key(file->read(0, kSimpleHead));
  return key.value_or("");
}

std::string cache2_key_of(const fs::path& path) {
  const auto file = ProfileFile::open(path);
  if (!file) return {};
  auto entry = read_cache2_entry({}, file->tail(kLastPage), file->size());
  if (!entry) entry = read_cache2_entry({}, file->tail(kCache2Tail), file->size());
  return entry ? std::move(entry->key) : std::string{};
}

bool is_simple_entry(const std::string& name) {
  constexpr std::size_t kHash = 16;
  return name.size() == kHash + 2 && name.find_first_not_of("0123456789abcdef") == kHash && name[kHash] == '_';
}

/// The files of a folder whose key is the site's.
Result<std::vector<fs::path>> files_of_site(const Profile& profile, std::string_view host) {
  const bool firefox = profile.engine == Engine::firefox;
  const fs::path folder = firefox ? profile.cache / "entries" : profile.cache;
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator each(folder, error), end; !error && each != end; each.increment(error)) {
    const fs::path& path = each->path();
    const bool of_site =
        firefox ? firefox_key_is_of_site(cache2_key_of(path), host)
                : is_simple_entry(path.filename().string()) && chromium_key_is_of_site(simple_key_of(path), host);
    if (of_site) files.push_back(path);
  }
  if (error) return fail("its cache cannot be listed: " + error.message(), folder.string());
  std::ranges::sort(files);
  return files;
}

struct KeysRow {
  std::string_view remedy;
  Engine engine;
  std::string_view text;
};
constexpr KeysRow kKeys[] = {
#define KEYS(remedy, engine, text) {remedy, Engine::engine, text},
#include "../../data/browser_keys.def"
#undef KEYS
};

Result<ProfileChanges> unregister_in_firefox(const Profile& profile, const Target& page) {
  const fs::path path = profile.folder / "serviceworker.txt";
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return ProfileChanges{};
  const auto registry = read_profile_file(path, kMaxRegistry);
  if (!registry) return std::unexpected(registry.error());
  std::string rest = without_workers_of(*registry, page.origin());
  if (rest == *registry) return ProfileChanges{};
  ProfileChanges changes;
  changes.write.push_back({path, std::move(rest)});
  changes.say = fmt::format("take the service worker of {} out of {}'s registry", page.origin(), profile.browser);
  return changes;
}

Result<ProfileChanges> unregister_in_chromium(const Profile& profile, const Target& page) {
  const auto files = read_leveldb_files(worker_database(profile));
  if (!files) return std::unexpected(files.error());
  const auto keys = keys_of_workers(*files, page.origin());
  if (!keys) return std::unexpected(keys.error());
  ProfileChanges changes;
  if (keys->empty()) return changes;
  auto changed = leveldb_without(*files, *keys);
  if (!changed) return std::unexpected(changed.error());
  for (auto& [name, bytes] : *changed) changes.write.push_back({worker_database(profile) / name, std::move(bytes)});
  std::ranges::stable_partition(changes.write, [](const auto& one) { return one.path.filename() != "CURRENT"; });
  changes.say = fmt::format("unregister the service worker of {} in {}", page.origin(), profile.browser);
  return changes;
}

}  // namespace

Result<ProfileChanges> clear_cache(const Profile& profile, const Target& page) {
  const std::string kind = cache_kind(profile);
  ProfileChanges changes;
  if (kind.empty()) return changes;
  if (kind != "simple" && kind != "cache2") {
    changes.move_away = {profile.cache};
    changes.say =
        fmt::format("move away the whole cache of {}: its entries cannot be told apart on the disk", profile.browser);
    return changes;
  }
  auto files = files_of_site(profile, page.host);
  if (!files) return std::unexpected(files.error());
  if (files->empty()) return changes;
  changes.say = fmt::format("move away {} stored answer{} of {} in {}", files->size(), files->size() == 1 ? "" : "s",
                            registrable_domain(page.host), profile.browser);
  changes.move_away = *std::move(files);
  return changes;
}

Result<ProfileChanges> unregister_worker(const Profile& profile, const Target& page) {
  return profile.engine == Engine::firefox ? unregister_in_firefox(profile, page)
                                           : unregister_in_chromium(profile, page);
}

std::string without_workers_of(std::string_view registry, std::string_view origin) {
  const auto version_end = std::min(registry.find('\n'), registry.size() - std::min<std::size_t>(registry.size(), 1));
  std::string kept(registry.substr(0, version_end + 1));
  std::string_view rest = registry.substr(std::min(version_end + 1, registry.size()));
  while (!rest.empty()) {
    // A record ends with a line of "#" alone.
    const auto mark = rest.find("\n#\n");
    const auto size = rest.starts_with("#\n") ? 2 : mark == rest.npos ? rest.size() : mark + 3;
    const auto record = rest.substr(0, size);
    rest.remove_prefix(size);
    const auto found = firefox_workers("12\n" + std::string(record));
    if (found.empty() || found.front().origin != origin) kept += record;
  }
  return kept;
}

std::string keys_for(std::string_view remedy, const Profile& profile) {
  for (const auto& row : kKeys)
    if (row.remedy == remedy && row.engine == profile.engine)
      return fmt::format("{} is running, and its files are left alone: {}", profile.browser, row.text);
  return {};
}

}  // namespace fix502
