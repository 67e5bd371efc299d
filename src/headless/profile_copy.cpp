#include "headless/profile_copy.hpp"

#include <openssl/sha.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "target/target.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMostBytes = 512UL * 1024 * 1024;
constexpr int kMostFiles = 20'000;

fs::path from_environment(const char* name, const char* below_home) {
  if (const char* given = std::getenv(name); given != nullptr && *given == '/') return given;
  const char* home = std::getenv("HOME");
  return fs::path(home == nullptr ? "/" : home) / below_home;
}
fs::path caches() {
  return from_environment("XDG_CACHE_HOME", ".cache");
}
fs::path settings_folder() {
  return from_environment("XDG_CONFIG_HOME", ".config");
}

struct Copying {
  std::uintmax_t bytes = kMostBytes;
  int files = kMostFiles;
  bool whole = true;

  /// Files that are not there are none; links and devices are left out.
  void file(const fs::path& from, const fs::path& to) {
    std::error_code failed;
    if (!fs::is_regular_file(fs::symlink_status(from, failed)) || failed) return;
    const auto size = fs::file_size(from, failed);
    if (failed || size > bytes || files <= 0) {
      whole = whole && failed;
      return;
    }
    fs::create_directories(to.parent_path(), failed);
    if (fs::copy_file(from, to, fs::copy_options::overwrite_existing, failed)) {
      bytes -= size;
      --files;
    }
    fs::permissions(to, fs::perms::owner_read | fs::perms::owner_write, failed);
  }

  void folder(const fs::path& from, const fs::path& to) {
    std::error_code failed;
    for (auto entry = fs::recursive_directory_iterator(from, failed); !failed && entry != fs::end(entry);
         entry.increment(failed))
      file(entry->path(), to / entry->path().lexically_relative(from));
  }
};

/// "shop.example.co.uk": itself, "example.co.uk", "co.uk".
std::vector<std::string> borders(const Target& page) {
  std::vector<std::string> list{page.host};
  if (page.host_is_address) return list;
  for (auto dot = page.host.find('.'); dot != page.host.npos; dot = page.host.find('.', dot + 1))
    if (page.host.find('.', dot + 1) != page.host.npos) list.push_back(page.host.substr(dot + 1));
  return list;
}

std::string digest(std::string_view key) {
  std::string bytes(SHA_DIGEST_LENGTH, '\0');
  SHA1(reinterpret_cast<const unsigned char*>(key.data()), key.size(), reinterpret_cast<unsigned char*>(bytes.data()));
  return bytes;
}

std::string hex_of(std::string_view bytes, const char* digits) {
  std::string text;
  for (const char byte : bytes) {
    text.push_back(digits[static_cast<unsigned char>(byte) >> 4U]);
    text.push_back(digits[static_cast<unsigned char>(byte) & 15U]);
  }
  return text;
}

/// Chromium names an entry after the first 8 bytes of its key's SHA-1, read as a little-endian number
/// (net/disk_cache/simple/simple_util.cc).
std::string simple_name(const std::string& key) {
  std::string bytes = digest(key).substr(0, 8);
  return hex_of(std::string(bytes.rbegin(), bytes.rend()), "0123456789abcdef");
}

void copy_chromium(Copying& copying, const OwnProfile& from, const std::vector<std::string>& pages,
                   const fs::path& into) {
  const fs::path folder = from.folder;
  const fs::path own = into / "Default";
  copying.file(fs::path(from.root) / "Local State", into / "Local State");
  for (const char* name : {"Preferences", "TransportSecurity", "Network Persistent State", "Network/TransportSecurity",
                           "Network/Network Persistent State"})
    copying.file(folder / name, own / name);
  copying.folder(folder / "Service Worker", own / "Service Worker");
  const fs::path cache = own / "Cache" / "Cache_Data";
  std::error_code ignored;
  const bool simple = fs::is_directory(fs::path(from.cache) / "index-dir", ignored);
  if (!simple) copying.folder(from.cache, cache);
  if (!simple) return;
  copying.file(fs::path(from.cache) / "index", cache / "index");
  for (const auto& page : pages)
    for (const auto& name : cache_files_of(page, BrowserProtocol::devtools))
      for (const char* stream : {"_0", "_1", "_s"})
        copying.file(fs::path(from.cache) / (name + stream), cache / (name + stream));
}

void copy_firefox(Copying& copying, const OwnProfile& from, const std::vector<std::string>& pages,
                  const fs::path& into) {
  const fs::path folder = from.folder;
  for (const char* name : {"prefs.js", "serviceworker.txt", "SiteSecurityServiceState.bin", "AlternateServices.bin",
                           "cert9.db", "pkcs11.txt"})
    copying.file(folder / name, into / name);
  for (const auto& page : pages) {
    const auto target = parse_target(page);
    if (!target) continue;
    for (const auto& name : cache_files_of(page, BrowserProtocol::bidi))
      copying.file(fs::path(from.cache) / "entries" / name, into / "cache2" / "entries" / name);
    // Where an origin keeps its worker's script: "https+++shop.example" or "...+8443".
    const std::string origin = target->scheme + "+++" + target->host;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder / "storage" / "default", ignored)) {
      const std::string name = entry.path().filename();
      const bool ours = name.starts_with(origin) &&
                        (name.size() == origin.size() || name[origin.size()] == '+' || name[origin.size()] == '^');
      if (ours) copying.folder(entry.path(), into / "storage" / "default" / name);
    }
  }
  copying.file(folder / "storage.sqlite", into / "storage.sqlite");
}

}  // namespace

std::vector<std::string> cache_files_of(const std::string& page, BrowserProtocol protocol) {
  const auto target = parse_target(page);
  if (!target) return {};
  std::vector<std::string> names;
  for (const auto& border : borders(*target)) {
    if (protocol == BrowserProtocol::bidi) {
      const std::string key = "O^partitionKey=%28" + target->scheme + "%2C" + border + "%29,:" + target->url;
      names.push_back(hex_of(digest(key), "0123456789ABCDEF"));
      continue;
    }
    const std::string site = target->scheme + "://" + border;
    for (const char* kind : {"1/0/_dk_", "1/0/_dk_cn_"})
      names.push_back(simple_name(kind + site + " " + site + " " + target->url));
  }
  return names;
}

Result<void> copy_profile(const OwnProfile& from, const std::vector<std::string>& pages, const std::string& into) {
  std::error_code failed;
  if (!fs::is_directory(from.folder, failed)) return fail("there is no such profile", from.folder);
  Copying copying;
  if (from.protocol == BrowserProtocol::devtools)
    copy_chromium(copying, from, pages, into);
  else
    copy_firefox(copying, from, pages, into);
  if (!copying.whole) return fail("the profile is too large to be copied", from.folder);
  return {};
}

Result<OwnProfile> own_profile_at(const std::string& folder) {
  std::error_code failed;
  fs::path place = fs::canonical(folder, failed);
  if (failed) return fail("there is no such profile", folder);
  if (fs::exists(place / "prefs.js", failed) || fs::exists(place / "times.json", failed)) {
    const fs::path apart = caches() / "mozilla/firefox" / place.filename() / "cache2";
    const fs::path inside = place / "cache2";
    return OwnProfile{BrowserProtocol::bidi, place, place, fs::exists(inside, failed) ? inside : apart};
  }
  if (fs::exists(place / "Local State", failed)) place /= "Default";
  const fs::path root = place.parent_path();
  if (!fs::exists(root / "Local State", failed) || !fs::is_directory(place, failed))
    return fail("that folder is no browser's profile", folder);
  // Below ~/.config the cache is at the same place below ~/.cache, anywhere else inside the profile.
  const fs::path inside = place / "Cache" / "Cache_Data";
  const fs::path apart = caches() / place.lexically_relative(settings_folder()) / "Cache" / "Cache_Data";
  return OwnProfile{BrowserProtocol::devtools, root, place, fs::exists(inside, failed) ? inside : apart};
}

}  // namespace fix502
