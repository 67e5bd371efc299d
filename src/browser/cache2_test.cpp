#include "browser/cache2.hpp"

#include <gtest/gtest.h>

#include "browser/cache_key.hpp"
#include "browser/fixture.hpp"

namespace fix502 {
namespace {

Result<CacheEntry> read_cache2(std::string_view bytes) {
  return read_cache2_entry(bytes, bytes, bytes.size());
}

std::string cache2_entry(const std::string& url) {
  const auto keys = firefox_page_keys(*parse_target(url));
  return test::bytes_of(test::fixture("firefox/cache2/entries/" + cache2_entry_name(keys.front().key)));
}

struct Cache2Case {
  std::string url;
  int status;
  bool must_ask;
  std::uint64_t body;
};

const Cache2Case kCache2Entries[] = {
    {"http://shop.example/maxage", 502, true, 157},
    {"http://shop.example/ok", 200, false, 16},
    {"http://shop.example/as200", 200, false, 157},
    {"http://shop.example/gone", 410, false, 4},
};

TEST(Cache2, FindsAndReadsWhatFirefoxWrote) {
  for (const auto& [url, status, must_ask, body] : kCache2Entries) {
    const auto entry = read_cache2(cache2_entry(url));
    ASSERT_TRUE(entry) << url << ": " << entry.error().message();
    EXPECT_EQ(entry->url, url);
    EXPECT_EQ(entry->status, status) << url;
    EXPECT_EQ(entry->body_bytes, body) << url;
    EXPECT_EQ(entry->expires == 0, must_ask) << url;
    EXPECT_FALSE(entry->incomplete) << url;
  }
}

TEST(Cache2, ReadsOlderEntriesWithAShorterTrailer) {
  // Up to version 3 the trailer is the offset alone; this one is Firefox's own, so changed.
  std::string older = cache2_entry("http://shop.example/gone");
  const std::size_t header = 4 + 4 + 2;
  ASSERT_EQ(older[header + 3], 4);
  older[header + 3] = 3;
  older.erase(older.size() - 8, 4);
  const auto entry = read_cache2(older);
  ASSERT_TRUE(entry) << entry.error().message();
  EXPECT_EQ(entry->status, 410);
  EXPECT_EQ(entry->body_bytes, 4U);
}

TEST(Cache2, SurvivesEveryTruncation) {
  const std::string whole = cache2_entry("http://shop.example/ok");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto entry = read_cache2(std::string_view(whole).substr(0, length));
    EXPECT_TRUE(!entry || entry->status == 0 || entry->key.size() < whole.size()) << length;
  }
}

TEST(Cache2, SeesABodyThatIsCutShort) {
  std::string cut = cache2_entry("http://shop.example/gone");
  const auto length = cut.find("Content-Length: 4");
  ASSERT_NE(length, std::string::npos);
  cut[length + 16] = '9';
  const auto entry = read_cache2(cut);
  ASSERT_TRUE(entry);
  EXPECT_TRUE(entry->incomplete);
}

}  // namespace
}  // namespace fix502
