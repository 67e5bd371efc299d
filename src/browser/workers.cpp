#include "browser/workers.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "browser/bytes.hpp"
#include "browser/leveldb.hpp"
#include "browser/profile_file.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxWorkers = 10'000;
constexpr std::size_t kMaxUrl = 2048;

/// Texts of a protocol buffer's message, by field number; the first of each.
std::map<std::uint64_t, std::string> proto_texts(std::string_view message) {
  std::map<std::uint64_t, std::string> texts;
  Bytes bytes(message);
  while (bytes.ok() && bytes.left() > 0) {
    const std::uint64_t tag = bytes.varint();
    switch (tag & 7U) {
      case 0:
        static_cast<void>(bytes.varint());
        break;
      case 1:
        bytes.skip(8);
        break;
      case 2: {
        const auto text = bytes.take(static_cast<std::size_t>(bytes.varint()));
        if (bytes.ok()) texts.emplace(tag >> 3U, text);
        break;
      }
      case 5:
        bytes.skip(4);
        break;
      default:
        return texts;
    }
  }
  return texts;
}

std::string origin_of(std::string_view url) {
  const auto target = parse_target(url);
  return target ? target->origin() : std::string{};
}

ServiceWorker worker(std::string_view scope, std::string_view script) {
  return {origin_of(scope), printable(scope, kMaxUrl), printable(script, kMaxUrl)};
}

constexpr std::string_view kRegistration = "REG:";

/// By their keys: "REG:", the storage key, NUL, a number.
Result<std::vector<std::pair<std::string, ServiceWorker>>> registrations(const LevelDbFiles& files) {
  const auto pairs = leveldb_pairs(files, std::string(kRegistration));
  if (!pairs) return std::unexpected(pairs.error());
  constexpr std::uint64_t kScope = 2;
  constexpr std::uint64_t kScript = 3;
  std::vector<std::pair<std::string, ServiceWorker>> all;
  for (const auto& [key, value] : *pairs) {
    if (all.size() >= kMaxWorkers) break;
    auto texts = proto_texts(value);
    if (ServiceWorker one = worker(texts[kScope], texts[kScript]); !one.origin.empty())
      all.emplace_back(key, std::move(one));
  }
  return all;
}

}  // namespace

Result<std::vector<ServiceWorker>> chromium_workers(const LevelDbFiles& files) {
  const auto all = registrations(files);
  if (!all) return std::unexpected(all.error());
  std::vector<ServiceWorker> workers;
  for (const auto& [key, one] : *all) workers.push_back(one);
  return workers;
}

Result<std::vector<std::string>> keys_of_workers(const LevelDbFiles& files, std::string_view origin) {
  const auto all = registrations(files);
  if (!all) return std::unexpected(all.error());
  std::vector<std::string> keys;
  for (const auto& [key, one] : *all) {
    const auto nul = key.find('\0');
    if (one.origin != origin || nul == key.npos) continue;
    keys.push_back(key);
    keys.push_back("REGID_TO_ORIGIN:" + key.substr(nul + 1));
    keys.push_back("INITDATA_UNIQUE_ORIGIN:" + key.substr(kRegistration.size(), nul - kRegistration.size()));
  }
  return keys;
}

std::vector<ServiceWorker> firefox_workers(std::string_view text) {
  std::vector<ServiceWorker> workers;
  std::vector<std::string_view> record;
  bool header = true;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text = end == text.npos ? std::string_view{} : text.substr(end + 1);
    if (std::exchange(header, false)) continue;  // the version
    if (line != "#") {
      if (record.size() < 64) record.push_back(line);
      continue;
    }
    // Origin attributes, scope, script, and more that differs by version.
    if (record.size() >= 3 && workers.size() < kMaxWorkers)
      if (ServiceWorker one = worker(record[1], record[2]); !one.origin.empty()) workers.push_back(std::move(one));
    record.clear();
  }
  return workers;
}

fs::path worker_database(const Profile& profile) {
  return profile.folder / "Service Worker" / "Database";
}

std::vector<ServiceWorker> workers_for(std::vector<ServiceWorker> all, const Target& page) {
  std::erase_if(all, [&](const ServiceWorker& one) { return one.origin != page.origin(); });
  std::ranges::stable_partition(all, [&](const ServiceWorker& one) { return page.url.starts_with(one.scope); });
  constexpr std::size_t kShown = 10;
  if (all.size() > kShown) all.resize(kShown);
  return all;
}

Result<std::vector<ServiceWorker>> read_workers(const Profile& profile) {
  if (profile.engine == Engine::chromium) {
    const auto files = read_leveldb_files(worker_database(profile));
    if (!files) return std::unexpected(files.error());
    return chromium_workers(*files);
  }
  const fs::path file = profile.folder / "serviceworker.txt";
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return std::vector<ServiceWorker>{};
  const auto text = read_profile_file(file, kMaxRegistry);
  if (!text) return std::unexpected(text.error());
  return firefox_workers(*text);
}

}  // namespace fix502
