#include "edge/setting.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

namespace fix502 {
namespace {

constexpr std::string_view kNetworks[] = {"cloudflare",       "cloudfront", "fastly", "akamai",
                                          "azure-front-door", "google",     "bunny"};
constexpr EdgeKind kKinds[] = {
#define EDGE_KIND(id, word, what, value) EdgeKind::id,
#include "edge/kinds.def"
#undef EDGE_KIND
};

TEST(CdnSettings, StandThereOnceEach) {
  std::set<std::pair<std::string_view, EdgeKind>> seen;
  for (const auto& row : cdn_settings())
    EXPECT_TRUE(seen.insert({row.cdn, row.kind}).second) << row.cdn << " " << to_word(row.kind);
}

TEST(CdnSettings, HaveASourceAndAValue) {
  for (const auto& row : cdn_settings()) {
    EXPECT_TRUE(row.source.starts_with("https://")) << row.cdn << " " << to_word(row.kind);
    EXPECT_FALSE(row.value.empty()) << row.cdn << " " << to_word(row.kind);
  }
}

/// What every network can be told, or has a published list for.
TEST(CdnSettings, NameTheUsualOnesForEveryNetwork) {
  for (const auto cdn : kNetworks) {
    EXPECT_NE(name_of_cdn(cdn), cdn);
    for (const EdgeKind kind : kKinds) {
      if (kind == EdgeKind::force_https || kind == EdgeKind::header_limit) continue;
      const CdnSetting* row = find_setting(cdn, kind);
      ASSERT_NE(row, nullptr) << cdn << " " << to_word(kind);
      EXPECT_FALSE(row->panel.empty() && row->api.empty()) << cdn << " " << to_word(kind);
    }
  }
}

TEST(CdnSettings, UseOnlyBracesThatAreFilled) {
  constexpr std::string_view kWords[] = {"{host}", "{port}",   "{origin}", "{seconds}",
                                         "{ms}",   "{status}", "{path}",   "{names}"};
  const auto check = [&](std::string value) {
    for (const auto word : kWords)
      for (auto at = value.find(word); at != value.npos; at = value.find(word)) value.erase(at, word.size());
    EXPECT_EQ(value.find_first_of("{}"), value.npos) << value;
  };
  for (const auto& row : cdn_settings()) check(std::string(row.value));
  for (const EdgeKind kind : kKinds) check(std::string(usual_value(kind)));
}

TEST(CdnSettings, KnowWhatIsNotThere) {
  EXPECT_EQ(find_setting("keycdn", EdgeKind::port), nullptr);
  EXPECT_EQ(header_limit_of("keycdn"), 0U);
  EXPECT_EQ(name_of_cdn("keycdn"), "keycdn");
  EXPECT_EQ(header_limit_of("fastly"), 69U * 1024U);
}

}  // namespace
}  // namespace fix502
