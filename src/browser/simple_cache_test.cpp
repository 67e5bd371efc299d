#include "browser/simple_cache.hpp"

#include <gtest/gtest.h>

#include "browser/cache_key.hpp"
#include "browser/fixture.hpp"

namespace fix502 {
namespace {

const std::string kFolder = "chromium/Default/Cache/Cache_Data/";

Result<CacheEntry> read(std::string_view bytes) {
  return read_simple_entry(bytes, bytes, bytes.size());
}

std::string entry_of(const std::string& url) {
  const auto keys = chromium_page_keys(*parse_target(url));
  return test::bytes_of(test::fixture(kFolder + simple_entry_name(keys.front().key) + "_0"));
}

struct EntryCase {
  std::string url;
  int status;
  std::string header, value;
  std::uint64_t body;
};

const EntryCase kEntries[] = {
    {"http://shop.example/maxage", 502, "cache-control", "max-age=600", 157},
    {"http://shop.example/plain", 502, "content-type", "text/html", 157},
    {"http://shop.example/ok", 200, "cache-control", "max-age=600", 16},
    {"http://shop.example/moved", 301, "location", "/maxage", 0},
    {"http://shop.example/as200", 200, "content-length", "157", 157},
};

TEST(SimpleCache, FindsAndReadsWhatChromiumWrote) {
  for (const auto& [url, status, header, value, body] : kEntries) {
    const auto entry = read(entry_of(url));
    ASSERT_TRUE(entry) << url << ": " << entry.error().message();
    EXPECT_EQ(entry->url, url);
    EXPECT_EQ(entry->status, status) << url;
    EXPECT_EQ(entry->body_bytes, body) << url;
    EXPECT_EQ(entry->body.size(), body) << url;
    EXPECT_EQ(entry->address, "203.0.113.10") << url;
    EXPECT_FALSE(entry->incomplete);
    ASSERT_TRUE(entry->responded);
    EXPECT_LT(test::kThen - *entry->responded, std::chrono::minutes(1)) << url;
    bool found = false;
    for (const auto& field : entry->headers) found = found || (field.name == header && field.value == value);
    EXPECT_TRUE(found) << url << " " << header;
  }
}

TEST(SimpleCache, ReadsALargeEntryFromItsTwoEnds) {
  const std::string whole = entry_of("http://shop.example/maxage");
  const std::string_view view = whole;
  const auto entry = read_simple_entry(view.substr(0, 200), view.substr(view.size() - 400), whole.size());
  ASSERT_TRUE(entry) << entry.error().message();
  EXPECT_EQ(entry->status, 502);
  EXPECT_EQ(entry->body_bytes, 157U);
  EXPECT_LT(entry->body.size(), 157U);
}

TEST(SimpleCache, SurvivesEveryTruncation) {
  const std::string whole = entry_of("http://shop.example/maxage");
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(read(std::string_view(whole).substr(0, length))) << length;
}

TEST(SimpleCache, RefusesAHeaderThatWasDamaged) {
  std::string whole = entry_of("http://shop.example/maxage");
  whole[whole.size() - 100] = static_cast<char>(whole[whole.size() - 100] ^ 1);
  EXPECT_FALSE(read(whole));
}

TEST(SimpleCache, NamesFilesAsChromiumDoes) {
  EXPECT_EQ(simple_entry_name("1/0/_dk_http://shop.example http://shop.example http://shop.example/maxage"),
            "43b1d14410becfc4");
}

}  // namespace
}  // namespace fix502
