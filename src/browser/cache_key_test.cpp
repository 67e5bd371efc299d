#include "browser/cache_key.hpp"

#include <gtest/gtest.h>

#include "browser/site.hpp"

namespace fix502 {
namespace {

TEST(Site, IsTheRegistrableDomainWithoutPort) {
  const std::pair<const char*, const char*> cases[] = {
      {"http://shop.example/", "http://shop.example"}, {"http://www.shop.example:8080/", "http://shop.example"},
      {"https://a.b.co.uk/", "https://b.co.uk"},       {"https://me.github.io/", "https://me.github.io"},
      {"http://192.0.2.7:8080/", "http://192.0.2.7"},  {"http://[2001:db8::1]/", "http://[2001:db8::1]"},
      {"http://intranet/", "http://intranet"},         {"https://co.uk/", "https://co.uk"},
  };
  for (const auto& [url, site] : cases) EXPECT_EQ(site_of(*parse_target(url)), site) << url;
}

TEST(CacheKey, OfChromiumHasBothForms) {
  const auto keys = chromium_page_keys(*parse_target("http://www.shop.example:22080/s?q=1#top"));
  ASSERT_EQ(keys.size(), 3U);
  EXPECT_EQ(keys[0].key, "1/0/_dk_http://shop.example http://shop.example http://www.shop.example:22080/s?q=1");
  EXPECT_EQ(keys[1].key, "1/0/_dk_cn_http://shop.example http://shop.example http://www.shop.example:22080/s?q=1");
  EXPECT_EQ(keys[1].reached_by, "link");
}

TEST(CacheKey, OfFirefoxNamesThePartition) {
  const auto keys = firefox_page_keys(*parse_target("http://shop.example/ok"));
  EXPECT_EQ(keys[0].key, "O^partitionKey=%28http%2Cshop.example%29,:http://shop.example/ok");
  EXPECT_EQ(keys[1].key, "O^userContextId=1&partitionKey=%28http%2Cshop.example%29,:http://shop.example/ok");
}

struct SiteCase {
  std::string_view key;
  bool of_shop;
};

TEST(CacheKey, OfChromiumTellsWhoseItIs) {
  const SiteCase cases[] = {
      {"1/0/_dk_http://shop.example http://shop.example http://shop.example/", true},
      {"1/0/_dk_http://shop.example http://shop.example http://cdn.test/x.js", true},
      {"1/0/_dk_s_http://news.test http://shop.example http://shop.example/frame", true},
      {"1/0/_dk_http://news.test http://news.test https://img.shop.example/a.png", true},
      {"1/0/https://shop.example/", true},
      {"1/0/_dk_http://news.test http://news.test http://news.test/?about=shop.example", false},
      {"1/0/_dk_http://notshop.example http://notshop.example http://notshop.example/", false},
      {"", false},
  };
  for (const auto& [key, of_shop] : cases) EXPECT_EQ(chromium_key_is_of_site(key, "www.shop.example"), of_shop) << key;
}

TEST(CacheKey, OfFirefoxTellsWhoseItIs) {
  const SiteCase cases[] = {
      {"O^partitionKey=%28http%2Cshop.example%29,:http://shop.example/ok", true},
      {"O^partitionKey=%28http%2Cshop.example%29,a,~FETCH,:http://cdn.test/cors", true},
      {"O^partitionKey=%28https%2Cnews.test%29,:https://www.shop.example/logo", true},
      {":http://shop.example/", true},
      {"O^partitionKey=%28https%2Cnews.test%29,:https://news.test/shop.example", false},
      {"O^partitionKey=%28https%2Cnotshop.example%29,:https://notshop.example/", false},
  };
  for (const auto& [key, of_shop] : cases) EXPECT_EQ(firefox_key_is_of_site(key, "shop.example"), of_shop) << key;
}

}  // namespace
}  // namespace fix502
