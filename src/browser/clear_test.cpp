#include "browser/clear.hpp"

#include <gtest/gtest.h>

#include "browser/fixture.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

Profile chromium_at(const fs::path& root) {
  return {"Chromium", Engine::chromium, root, root / "Default", root / "Default/Cache/Cache_Data"};
}

Profile firefox_at(const fs::path& root) {
  return {"Firefox", Engine::firefox, root, root, root / "cache2"};
}

TEST(Clear, MovesAwayTheSitesFilesAlone) {
  const Target page = *parse_target("http://www.shop.example/any");
  const auto chromium = clear_cache(chromium_at(test::fixture("chromium")), page);
  ASSERT_TRUE(chromium);
  EXPECT_EQ(chromium->move_away.size(), 5U);  // and not the index
  EXPECT_TRUE(chromium->write.empty());
  EXPECT_EQ(chromium->say, "move away 5 stored answers of shop.example in Chromium");
  const auto firefox = clear_cache(firefox_at(test::fixture("firefox")), page);
  ASSERT_TRUE(firefox);
  EXPECT_EQ(firefox->move_away.size(), 4U);
  const auto other = clear_cache(chromium_at(test::fixture("chromium")), *parse_target("http://other.example/"));
  ASSERT_TRUE(other);
  EXPECT_TRUE(other->empty());
}

TEST(Clear, MovesAWholeBlockfileCacheAway) {
  const test::Folder folder;
  folder.write("Default/Cache/Cache_Data/index", std::string("\xc3\xca\x03\xc1\0\0\3\0", 8) + std::string(400, '\0'));
  const auto changes = clear_cache(chromium_at(folder.path()), *parse_target("http://shop.example/"));
  ASSERT_TRUE(changes);
  EXPECT_EQ(changes->move_away, (std::vector<fs::path>{folder.path() / "Default/Cache/Cache_Data"}));
}

TEST(Clear, CutsTheSitesWorkerOutOfFirefoxsRegistry) {
  const std::string other = "\nhttps://other.example/\nhttps://other.example/w.js\ntrue\n{x}\n0\n1\n2\n3\n#\n";
  const std::string shop = "\nhttps://shop.example/\nhttps://shop.example/worker.js\ntrue\n{y}\n0\n1\n2\n3\n#\n";
  for (const auto& text : {"12\n" + other + shop, "12\n" + shop + other, "12\n" + shop + other + shop})
    EXPECT_EQ(without_workers_of(text, "https://shop.example"), "12\n" + other);
  for (const auto& text : {std::string("12\n") + other, std::string("12\n"), std::string("12"), std::string()})
    EXPECT_EQ(without_workers_of(text, "https://shop.example"), text);
  // A record of one empty line; the one behind it must not be taken for a part of it.
  EXPECT_EQ(without_workers_of("12\n\n#\n" + shop, "https://shop.example"), "12\n\n#\n");
}

TEST(Clear, SaysWhichKeysToPress) {
  for (const char* remedy : {"clear-cache", "clear-cookies", "unregister-worker"})
    for (const auto& profile : {chromium_at("/x"), firefox_at("/x")})
      EXPECT_NE(keys_for(remedy, profile).find(profile.browser + " is running"), std::string::npos) << remedy;
}

}  // namespace
}  // namespace fix502
