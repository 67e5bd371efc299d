#include <gtest/gtest.h>

#include "base/text.hpp"
#include "signature/address.hpp"
#include "signature/answer.hpp"
#include "signature/rule.hpp"
#include "signature/signature.hpp"

namespace fix502 {
namespace {

using TwoTexts = std::pair<const char*, const char*>;

TEST(CdnInFront, IsSeenInGoodAnswersToo) {
  const TwoTexts kCases[] = {
      {"Server: cloudflare\nCF-RAY: 1-FRA", "cloudflare"},
      {"Server: nginx\nX-Amz-Cf-Id: x", "cloudfront"},
      {"X-Served-By: cache-fra-1, cache-ams-2\nVia: 1.1 varnish", "fastly"},
      {"Server: GitHub.com\nX-Fastly-Request-ID: x", "github-pages"},
      {"Server-Timing: ak_p; desc=\"1_2\"", "akamai"},
      {"X-Azure-Ref: x", "azure-front-door"},
      {"Server: BunnyCDN-DE1-1047", "bunny"},
      {"X-Vercel-Id: fra1::x", "vercel"},
      {"Via: 1.1 google", "google"},
      {"X-ShopId: 1\nCF-RAY: 1", "cloudflare"},
      {"Server: nginx\nVia: 1.1 varnish (Varnish/7.1)\nX-Varnish: 3", ""},
      {"X-Served-By: cache-db-replica", ""},
      {"Server: nginx", ""},
  };
  for (const auto& [fields, cdn] : kCases) EXPECT_EQ(cdn_in_front(answer_of("200", fields, "")), cdn) << fields;
}

TEST(CdnOfName, GoesByTheSuffix) {
  const TwoTexts kCases[] = {
      {"d1234.cloudfront.net", "cloudfront"},
      {"D1234.CloudFront.NET.", "cloudfront"},
      {"shop.example.edgekey.net", "akamai"},
      {"prod.map.fastly.net", "fastly"},
      {"example.github.io", "github-pages"},
      {"cloudfront.net.evil.example", ""},
      {"notcloudfront.net", ""},
      {"", ""},
  };
  for (const auto& [name, cdn] : kCases) EXPECT_EQ(cdn_of_name(name), cdn) << name;
}

TEST(CdnOfAddress, GoesByPublishedRanges) {
  const TwoTexts kCases[] = {
      {"104.16.1.1", "cloudflare"},
      {"104.27.255.255", "cloudflare"},
      {"104.28.0.0", ""},
      {"172.71.0.9", "cloudflare"},
      {"2606:4700::6810:1", "cloudflare"},
      {"151.101.1.69", "fastly"},
      {"185.199.108.153", "github-pages"},
      {"2606:50c0:8003::153", "github-pages"},
      {"203.0.113.1", ""},
      {"2001:db8::1", ""},
      {"nonsense", ""},
      {"", ""},
  };
  for (const auto& [address, cdn] : kCases) EXPECT_EQ(cdn_of_address(address), cdn) << address;
}

TEST(Address, IsStrict) {
  for (const char* text :
       {"0.0.0.0", "255.255.255.255", "::", "::1", "1::", "1:2:3:4:5:6:7:8", "::ffff:192.0.2.1", "a::b:c"})
    EXPECT_TRUE(parse_address(text)) << text;
  for (const char* text :
       {"1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.", "1..2.3", "-1.2.3.4", ":", ":::", "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "1:", "::1%lo", "1:2:3:4:5:6:7::8", "1.2.3.4::"})
    EXPECT_FALSE(parse_address(text)) << text;
  EXPECT_FALSE(parse_prefix("1.2.3.4/33"));
  EXPECT_FALSE(parse_prefix("1.2.3.4"));
  EXPECT_TRUE(parse_prefix("2a06:98c0::/29")->contains(*parse_address("2a06:98c7:ffff::")));
  EXPECT_FALSE(parse_prefix("2a06:98c0::/29")->contains(*parse_address("2a06:98c8::")));
  EXPECT_TRUE(parse_prefix("0.0.0.0/0")->contains(*parse_address("9.9.9.9")));
}

TEST(Tables, AreWellFormed) {
#define CDN_RANGE(cdn, prefix) EXPECT_TRUE(parse_prefix(prefix)) << prefix;
#include "../../data/cdn_ranges.def"
#undef CDN_RANGE
  const auto is_lower = [](std::string_view text) { return lower(text) == text; };
  for (const auto table :
       {tables::cdn_errors(), tables::platform_errors(), tables::gateway_errors(), tables::applications(),
        tables::servers(), tables::refusals(), tables::portals(), tables::cdn_marks()}) {
    for (const Rule& rule : table) {
      EXPECT_FALSE(rule.product.empty() || rule.source.empty());
      EXPECT_LE(rule.statuses.from, rule.statuses.to) << rule.product;
      for (const Mark& mark : rule.marks) EXPECT_TRUE(is_lower(mark.name) && is_lower(mark.text)) << mark.text;
    }
  }
  for (const auto words : {tables::gateway_words(), tables::cdn_words()})
    for (const Word& word : words) EXPECT_TRUE(is_lower(word.mark.text)) << word.mark.text;
}

}  // namespace
}  // namespace fix502
