#include <gtest/gtest.h>

#include <map>

#include "browser/browsers.hpp"
#include "browser/fixture.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

std::vector<BrowserProfile> look(const std::string& profile, const std::string& url) {
  const auto browsers = installed_browsers({test::fixture(profile).string()}, {});
  EXPECT_TRUE(browsers) << browsers.error().message();
  return (*browsers)->look({*parse_target(url)}, test::kThen);
}

TEST(Look, SeesTheFresh502ThatChromiumServes) {
  const auto seen = look("chromium/Default", "http://shop.example/maxage");
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].browser, "Chromium");
  EXPECT_EQ(seen[0].cache, "simple");
  EXPECT_FALSE(seen[0].running);
  ASSERT_EQ(seen[0].stored.size(), 1U);
  EXPECT_TRUE(seen[0].stored[0].served);
  EXPECT_EQ(seen[0].stored[0].status, 502);
  EXPECT_NE(seen[0].stored[0].body_sample.find("502 Bad Gateway"), std::string::npos);
}

TEST(Look, FollowsAStoredRedirect) {
  const auto seen = look("chromium/Default", "http://shop.example/moved");
  ASSERT_EQ(seen[0].stored.size(), 2U);
  EXPECT_EQ(seen[0].stored[0].location, "http://shop.example/maxage");
  EXPECT_EQ(seen[0].stored[1].status, 502);
}

TEST(Look, KnowsWhatIsNotServed) {
  const auto seen = look("chromium/Default", "http://shop.example/plain");
  ASSERT_EQ(seen[0].stored.size(), 1U);
  EXPECT_FALSE(seen[0].stored[0].served);
  EXPECT_TRUE(look("chromium/Default", "http://shop.example/never")[0].stored.empty());
}

TEST(Look, SeesThatFirefoxAsksAgainForA502) {
  const auto seen = look("firefox", "http://shop.example/maxage");
  EXPECT_EQ(seen[0].cache, "cache2");
  ASSERT_EQ(seen[0].stored.size(), 1U);
  EXPECT_FALSE(seen[0].stored[0].served);
  EXPECT_TRUE(look("firefox", "http://shop.example/gone")[0].stored.at(0).served);
}

std::map<std::string, std::string> everything_in(const fs::path& folder) {
  std::map<std::string, std::string> all;
  for (const auto& each : fs::recursive_directory_iterator(folder))
    all[each.path().string()] = each.is_regular_file() ? test::bytes_of(each.path()) : "";
  return all;
}

TEST(Look, ChangesNothing) {
  const test::Folder home;
  fs::copy(test::fixture("chromium"), home.path() / "chromium", fs::copy_options::recursive);
  fs::copy(test::fixture("firefox"), home.path() / "firefox", fs::copy_options::recursive);
  home.write("chromium/Default/Cookies", "not a database");
  home.write("chromium/Default/Service Worker/Database/000003.log", "not a log");
  home.write("firefox/serviceworker.txt", "12\n");
  const auto before = everything_in(home.path());
  const auto browsers =
      installed_browsers({(home.path() / "chromium/Default").string(), (home.path() / "firefox").string()}, {});
  ASSERT_TRUE(browsers);
  const auto seen = (*browsers)->look({*parse_target("http://shop.example/maxage")}, test::kThen);
  EXPECT_EQ(seen.size(), 2U);
  EXPECT_FALSE(seen[0].unreadable.empty());
  EXPECT_EQ(everything_in(home.path()), before);
}

TEST(Look, RefusesWhatIsNoProfile) {
  const auto browsers = installed_browsers({"/nowhere/at/all"}, {});
  ASSERT_FALSE(browsers);
  EXPECT_EQ(browsers.error().message(), "--browser-profile: no such folder of a browser's profile: /nowhere/at/all");
}

}  // namespace
}  // namespace fix502
