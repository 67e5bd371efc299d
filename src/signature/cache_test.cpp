#include <gtest/gtest.h>

#include "signature/answer.hpp"
#include "signature/http_date.hpp"
#include "signature/signature.hpp"

namespace fix502 {
namespace {

struct CacheCase {
  const char* fields;
  bool known;
  bool hit;
  const char* by;
};

constexpr CacheCase kCaches[] = {
    {"Cache-Status: \"Netlify Edge\"; hit", true, true, "cache-status"},
    {"Cache-Status: edge; fwd=miss", true, false, "cache-status"},
    {"Cache-Status: HIT", true, true, "cache-status"},
    {"CF-Cache-Status: HIT", true, true, "cf-cache-status"},
    {"CF-Cache-Status: DYNAMIC", true, false, "cf-cache-status"},
    {"CF-Cache-Status: STALE", true, true, "cf-cache-status"},
    {"CF-Cache-Status: EXPIRED", true, false, "cf-cache-status"},
    {"X-Cache: Hit from cloudfront", true, true, "x-cache"},
    {"X-Cache: RefreshHit from cloudfront", true, true, "x-cache"},
    {"X-Cache: Miss from cloudfront", true, false, "x-cache"},
    {"X-Cache: Error from cloudfront", false, false, ""},
    {"X-Cache: Error from cloudfront\nAge: 7", true, true, "age"},
    {"X-Cache: HIT, MISS", true, true, "x-cache"},
    {"X-Cache: MISS, MISS\nX-Cache-Hits: 0, 0", true, false, "x-cache"},
    {"X-Cache: TCP_MEM_HIT from a23-1.deploy", true, true, "x-cache"},
    {"X-Cache: TCP_REFRESH_MISS from a23-1", true, false, "x-cache"},
    {"X-Cache: MISS from proxy\nX-Cache-Lookup: HIT from proxy:3128", true, false, "x-cache"},
    {"X-Cache-Lookup: Cache Hit", true, true, "x-cache-lookup"},
    {"X-Cache: HIT: 12", true, true, "x-cache"},
    {"X-Cache: CONFIG_NOCACHE", true, false, "x-cache"},
    {"X-Cache-Status: HIT", true, true, "x-cache-status"},
    {"X-Proxy-Cache: HIT", true, true, "x-proxy-cache"},
    {"CDN-Cache: HIT", true, true, "cdn-cache"},
    {"X-Vercel-Cache: PRERENDER", true, true, "x-vercel-cache"},
    {"Akamai-Cache-Status: Hit from child", true, true, "akamai-cache-status"},
    {"X-Sucuri-Cache: BYPASS", true, false, "x-sucuri-cache"},
    {"X-Kinsta-Cache: HIT", true, true, "x-kinsta-cache"},
    {"X-Varnish: 32770", true, false, "x-varnish"},
    {"X-Varnish: 32770 3", true, true, "x-varnish"},
    {"X-Varnish: my page", false, false, ""},
    {"Via: http/1.1 edge (ApacheTrafficServer/9.2.9 [cHs f ])", true, true, "via"},
    {"Via: http/1.1 edge (ApacheTrafficServer/9.2.9 [cMsSf ])", true, false, "via"},
    {"Via: 1.1 varnish", false, false, ""},
    {"Age: 30", true, true, "age"},
    {"Age: 0", false, false, ""},
    {"Age: -5", false, false, ""},
    {"Age: soon", false, false, ""},
    {"X-Cache: MISS\nAge: 30", true, true, "age"},
    {"Cache-Control: max-age=60, hit", false, false, ""},
    {"Cache-Tag: hit", false, false, ""},
    {"X-Cache: white", false, false, ""},
    {"X-Cache-Debug: the url was a hit", false, false, ""},
    {"Server: nginx", false, false, ""},
};

TEST(ReadCache, KnowsTheManyFields) {
  for (const auto& row : kCaches) {
    const auto reading = read_cache(answer_of("502", row.fields, ""));
    EXPECT_EQ(reading.known, row.known) << row.fields;
    EXPECT_EQ(reading.hit, row.hit) << row.fields;
    EXPECT_EQ(reading.by, row.by) << row.fields;
  }
  EXPECT_EQ(read_cache(answer_of("502", "Age: 30", "")).age_seconds, 30);
}

struct StoreCase {
  const char* status;
  const char* fields;
  bool stored;
  std::optional<long> fresh = {};
};

constexpr const char* kModified = "Date: Sun, 06 Nov 1994 08:49:37 GMT\nLast-Modified: Sun, 06 Nov 1994 07:49:37 GMT";

const StoreCase kStores[] = {
    {"502", "Cache-Control: max-age=600", true, 600},
    {"502", "Cache-Control: public, max-age=\"600\"", true, 600},
    {"502", "Cache-Control: max-age=600\nAge: 500", true, 100},
    {"502", "Cache-Control: max-age=600\nAge: 600", false, 0},
    {"502", "Date: Sun, 06 Nov 1994 08:49:37 GMT\nExpires: Sun, 06 Nov 1994 08:50:37 GMT", true, 60},
    {"502", "Date: Sun, 06 Nov 1994 08:49:37 GMT\nExpires: 0", false, 0},
    {"502", "Cache-Control: max-age=0\nDate: Sun, 06 Nov 1994 08:49:37 GMT\nExpires: Sun, 06 Nov 1994 08:50:37 GMT",
     false, 0},
    {"502", "Cache-Control: max-age=600, no-store", false},
    {"502", "Cache-Control: max-age=600\nCache-Control: no-cache", false},
    {"502", "Cache-Control: max-age=600\nPragma: no-cache", false},
    {"502", "Cache-Control: max-age=600\nVary: *", false},
    {"502", "Cache-Control: max-age=600\nVary: Cookie", true, 600},
    {"502", "Cache-Control: max-age=99999999999999999999", true, 2'147'483'648},
    {"502", "Cache-Control: max-age=-1", false, 0},
    {"502", kModified, false, 0},
    {"502", "", false, 0},
    {"200", kModified, true, 360},
    {"200", "", false, 0},
    {"410", "", true},
    {"404", kModified, false, 0},
};

TEST(BrowserWouldStore, FollowsChromium) {
  for (const auto& row : kStores) {
    const auto kept = browser_would_store(answer_of(row.status, row.fields, ""));
    EXPECT_EQ(kept.stored, row.stored) << row.status << ' ' << row.fields;
    EXPECT_EQ(kept.fresh_seconds, row.fresh) << row.status << ' ' << row.fields;
    EXPECT_FALSE(kept.why.empty());
  }
  auto posted = answer_of("200", "Cache-Control: max-age=600", "");
  posted.method = "POST";
  EXPECT_FALSE(browser_would_store(posted).stored);
  auto cut = answer_of("200", "Cache-Control: max-age=600", "");
  cut.failure = Failure::truncated;
  EXPECT_FALSE(browser_would_store(cut).stored);
}

TEST(RetryAfter, IsSecondsOrADate) {
  const auto of = [](const char* fields) { return retry_after(answer_of("503", fields, "")); };
  EXPECT_EQ(of("Retry-After: 120"), 120);
  EXPECT_EQ(of("Retry-After: 9999999999999999999999"), 86'400);
  EXPECT_EQ(of("Date: Sun, 06 Nov 1994 08:49:37 GMT\nRetry-After: Sun, 06 Nov 1994 08:59:37 GMT"), 600);
  EXPECT_EQ(of("Date: Sun, 06 Nov 1994 08:49:37 GMT\nRetry-After: Sun, 06 Nov 1994 07:59:37 GMT"), 0);
  EXPECT_FALSE(of("Retry-After: Sun, 06 Nov 1994 08:59:37 GMT"));
  EXPECT_FALSE(of("Retry-After: -1"));
  EXPECT_FALSE(of("Retry-After: soon"));
  EXPECT_FALSE(of(""));
}

TEST(HttpDate, HasThreeForms) {
  const auto moment = WallTime(std::chrono::seconds(784'111'777));
  for (const char* text :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
    EXPECT_EQ(parse_http_date(text), moment) << text;
  for (const char* text :
       {"", "0", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 06 Nox 1994 08:49:37 GMT", "Sun, -6 Nov 1994 08:49:37 GMT"})
    EXPECT_FALSE(parse_http_date(text)) << text;
}

}  // namespace
}  // namespace fix502
