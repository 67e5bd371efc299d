#include "browser/freshness.hpp"

#include <gtest/gtest.h>

namespace fix502 {
namespace {

// What the reference measured with Chromium 156 and Firefox ESR 153: an answer a minute old.
constexpr WallTime kStored{std::chrono::seconds(1'795'352'200)};
constexpr WallTime kNow = kStored + std::chrono::seconds(60);
const HeaderField kDate{"date", "Sun, 22 Nov 2026 12:56:40 GMT"};

struct Case {
  std::string_view about;
  int status;
  std::vector<HeaderField> headers;
  bool served;
  std::optional<long> fresh = {};
  bool incomplete = false;
};

CacheEntry entry_of(const Case& one) {
  CacheEntry entry;
  entry.status = one.status;
  entry.headers = one.headers;
  entry.headers.push_back(kDate);
  entry.requested = entry.responded = kStored;
  entry.incomplete = one.incomplete;
  return entry;
}

const Case kChromiumCases[] = {
    {"a 502 with max-age", 502, {{"cache-control", "max-age=600"}}, true, 540},
    {"a 502 with Expires", 502, {{"expires", "Sun, 22 Nov 2026 13:06:40 GMT"}}, true, 540},
    {"max-age beats Expires",
     502,
     {{"cache-control", "max-age=30"}, {"expires", "Sun, 22 Nov 2027 13:06:40 GMT"}},
     false},
    {"max-age and Vary", 502, {{"cache-control", "max-age=600"}, {"vary", "Accept-Encoding, Cookie"}}, true, 540},
    {"Vary: *", 502, {{"cache-control", "max-age=600"}, {"vary", "*"}}, false},
    {"nothing", 502, {}, false},
    {"an ETag only", 502, {{"etag", "\"1\""}}, false},
    {"Last-Modified only, on an error", 502, {{"last-modified", "Sun, 22 Nov 2020 12:56:40 GMT"}}, false},
    {"no-cache", 502, {{"cache-control", "no-cache, max-age=600"}}, false},
    {"Pragma: no-cache", 502, {{"cache-control", "max-age=600"}, {"pragma", "no-cache"}}, false},
    {"run out", 502, {{"cache-control", "max-age=59"}}, false},
    {"old when it came", 502, {{"cache-control", "max-age=600"}, {"age", "550"}}, false},
    {"stale-while-revalidate", 502, {{"cache-control", "max-age=30, stale-while-revalidate=100"}}, true, 70},
    {"a guess for a 200", 200, {{"last-modified", "Sun, 22 Nov 2026 11:16:40 GMT"}}, true, 540},
    {"no guess with must-revalidate",
     200,
     {{"last-modified", "Sun, 22 Nov 2026 11:16:40 GMT"}, {"cache-control", "must-revalidate"}},
     false},
    {"a 301 for ever", 301, {{"location", "/b"}}, true},
    {"a 302 without a word", 302, {{"location", "/b"}}, false},
    {"a 302 with max-age", 302, {{"location", "/b"}, {"cache-control", "max-age=600"}}, true, 540},
    {"a 410 for ever", 410, {}, true},
    {"a 404", 404, {}, false},
    {"an unreadable Expires", 502, {{"expires", "0"}}, false},
    {"broken off", 502, {{"cache-control", "max-age=600"}}, false, {}, true},
    {"quoted", 502, {{"cache-control", "max-age=\"600\""}}, true, 540},
    {"negative", 502, {{"cache-control", "max-age=-1"}}, false},
};

TEST(Freshness, OfChromium) {
  for (const auto& one : kChromiumCases) {
    const Serving serving = chromium_serves(entry_of(one), kNow);
    EXPECT_EQ(serving.served, one.served) << one.about << ": " << serving.why;
    if (one.served) {
      EXPECT_EQ(serving.fresh_seconds, one.fresh) << one.about;
    }
    EXPECT_FALSE(serving.why.empty()) << one.about;
  }
}

struct FirefoxCase {
  std::string_view about;
  int status;
  std::int64_t left;  // of what Firefox wrote; -1: zero, "ask again"; 0: never runs out
  bool served;
};

const FirefoxCase kFirefoxCases[] = {
    {"a stored 502", 502, 600, false},          {"a stored 503", 503, 600, false},
    {"a stored 404", 404, 600, false},          {"a stored 410", 410, 600, true},
    {"an error page as 200", 200, 600, true},   {"a 200 that has run out", 200, -60, false},
    {"a 200 without anything", 200, -1, false}, {"a 301 for ever", 301, 0, true},
    {"a 302 with max-age", 302, 600, true},
};

TEST(Freshness, OfFirefox) {
  for (const auto& one : kFirefoxCases) {
    CacheEntry entry;
    entry.status = one.status;
    entry.expires = one.left == -1 ? 0 : one.left == 0 ? 0xFFFFFFFF : kNow.time_since_epoch().count() + one.left;
    const Serving serving = firefox_serves(entry, kNow);
    EXPECT_EQ(serving.served, one.served) << one.about << ": " << serving.why;
  }
}

}  // namespace
}  // namespace fix502
