// What every profile holds for the pages of a diagnosis.

#include <algorithm>

#include "base/text.hpp"
#include "browser/browsers.hpp"
#include "browser/cache_folder.hpp"
#include "browser/cookies.hpp"
#include "browser/freshness.hpp"
#include "browser/profile_file.hpp"
#include "browser/profiles.hpp"
#include "browser/sqlite_image.hpp"
#include "browser/workers.hpp"
#include "signature/heading.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

/// Chromium follows 20 redirects, stored ones included.
constexpr int kMostRedirects = 20;
/// A stored header can be long; what a report shows of it is what decides.
constexpr std::string_view kKept[] = {
    "age",          "cache-control", "content-encoding", "content-type", "date",
    "etag",         "expires",       "last-modified",    "location",     "pragma",
    "proxy-status", "retry-after",   "server",           "vary",         "via",
    "x-cache",      "cf-ray",        "cf-cache-status",  "x-served-by",  "x-amz-cf-id",
    "x-powered-by", "cache-status",  "x-varnish",        "x-azure-ref",  "x-vercel-error"};

StoredAnswer stored_answer(const CacheEntry& entry, const PageKey& key, const Target& page, const Serving& serving) {
  StoredAnswer answer;
  answer.url = page.url;
  answer.reached_by = key.reached_by;
  answer.status = entry.status;
  for (const auto& field : entry.headers)
    if (std::ranges::find(kKept, field.name) != std::end(kKept)) answer.headers.push_back(field);
  answer.stored = entry.responded;
  answer.fresh_seconds = serving.fresh_seconds;
  answer.served = serving.served;
  answer.why = serving.why;
  answer.body_bytes = entry.body_bytes;
  // A good page may be the visitor's own affair: only what looks like an error page is taken along.
  std::string sample = body_sample(entry);
  if (entry.status >= 400 || status_in_heading(sample) != 0) answer.body_sample = std::move(sample);
  answer.address = entry.address;
  const auto location = std::ranges::find(entry.headers, "location", &HeaderField::name);
  if (entry.status >= 301 && entry.status <= 308 && entry.status != 304 && location != entry.headers.end())
    if (const auto next = resolve_reference(page, location->value)) answer.location = next->url;
  return answer;
}

class Look {
 public:
  Look(const Profile& profile, WallTime now) : profile_(profile), now_(now) {
    seen_.browser = profile.browser;
    seen_.running = is_running(profile);
    seen_.cache = cache_kind(profile);
    if (seen_.cache == "sql") unreadable("cache", Error{"it is kept in an SQL database, which is not read", ""});
  }

  void stored(const Target& page) {
    Target at = page;
    for (int stop = 0; stop <= kMostRedirects && !known(at.url); ++stop) {
      const auto next = page_in_cache(at);
      if (!next) return;
      at = *next;
    }
  }

  void workers(const Target& page) {
    auto all = read_workers(profile_);
    if (!all) return unreadable("service workers", all.error());
    seen_.workers = workers_for(*std::move(all), page);
  }

  void cookies(const Target& page) {
    const bool chromium = profile_.engine == Engine::chromium;
    fs::path file = profile_.folder / (chromium ? "Cookies" : "cookies.sqlite");
    std::error_code ignored;
    if (chromium && !fs::exists(file, ignored)) file = profile_.folder / "Network" / "Cookies";
    if (!fs::exists(file, ignored)) return;
    auto bytes = read_profile_file(file, kMaxCookies);
    if (!bytes) return unreadable("cookies", bytes.error());
    const auto log = read_profile_file(file.string() + "-wal", kMaxCookies);
    auto image = with_log(*std::move(bytes), log ? std::string_view(*log) : std::string_view{});
    if (!image) return unreadable("cookies", image.error());
    const auto size = cookie_size(*std::move(image), profile_.engine, page, now_);
    if (!size) return unreadable("cookies", size.error());
    seen_.cookies = *size;
  }

  [[nodiscard]] BrowserProfile take() && { return std::move(seen_); }

 private:
  [[nodiscard]] bool known(const std::string& url) const {
    return std::ranges::find(seen_.stored, url, &StoredAnswer::url) != seen_.stored.end();
  }

  void unreadable(std::string_view what, const Error& error) {
    constexpr std::size_t kMost = 8;
    if (seen_.unreadable.size() < kMost)
      seen_.unreadable.push_back(std::string(what) + ": " + printable(error.message(), 200));
  }

  /// Notes all that is stored for the address; gives where a stored redirect leads that would be followed unasked.
  std::optional<Target> page_in_cache(const Target& page) {
    std::optional<Target> next;
    const bool chromium = profile_.engine == Engine::chromium;
    for (const auto& key : chromium ? chromium_page_keys(page) : firefox_page_keys(page)) {
      const auto entry = find_entry(profile_, seen_.cache, key.key);
      if (!entry) unreadable("cache", entry.error());
      if (!entry || !*entry || (*entry)->status == 0) continue;
      const Serving serving = chromium ? chromium_serves(**entry, now_) : firefox_serves(**entry, now_);
      StoredAnswer answer = stored_answer(**entry, key, page, serving);
      if (answer.served && !answer.location.empty() && !next)
        if (auto target = parse_target(answer.location)) next = *std::move(target);
      seen_.stored.push_back(std::move(answer));
    }
    return next;
  }

  const Profile& profile_;
  WallTime now_;
  BrowserProfile seen_;
};

class Installed final : public Browsers {
 public:
  Installed(std::vector<Profile> profiles, Roots roots) : profiles_(std::move(profiles)), roots_(std::move(roots)) {}

  [[nodiscard]] std::vector<BrowserProfile> look(const std::vector<Target>& pages, WallTime now) const override {
    std::vector<BrowserProfile> all;
    for (const auto& profile : profiles_) {
      Look one(profile, now);
      for (const auto& page : pages) one.stored(page);
      if (!pages.empty()) {
        one.workers(pages.front());
        one.cookies(pages.front());
      }
      BrowserProfile seen = std::move(one).take();
      seen.profile = shown(profile.folder);
      all.push_back(std::move(seen));
    }
    return all;
  }

 private:
  /// A home's name is a person's; a report travels.
  [[nodiscard]] std::string shown(const fs::path& folder) const {
    const std::string path = folder.string();
    const std::string home = roots_.home.string();
    const bool inside = !home.empty() && path.starts_with(home + "/");
    return printable(inside ? "~" + path.substr(home.size()) : path, 300);
  }

  std::vector<Profile> profiles_;
  Roots roots_;
};

}  // namespace

Result<std::unique_ptr<Browsers>> installed_browsers(const std::vector<std::string>& named, const Roots& roots) {
  auto profiles = wanted_profiles(named, roots, this_system());
  if (!profiles) return std::unexpected(profiles.error());
  return std::make_unique<Installed>(*std::move(profiles), roots);
}

}  // namespace fix502
