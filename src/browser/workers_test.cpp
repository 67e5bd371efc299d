#include "browser/workers.hpp"

#include <gtest/gtest.h>

#include "browser/fixture.hpp"

namespace fix502 {
namespace {

TEST(Workers, OfFirefoxStandInItsRegistry) {
  const std::string text = test::bytes_of(test::fixture("firefox-worker/serviceworker.txt"));
  const auto workers = firefox_workers(text);
  ASSERT_EQ(workers.size(), 1U);
  EXPECT_EQ(workers[0].origin, "https://shop.example");
  EXPECT_EQ(workers[0].scope, "https://shop.example/");
  EXPECT_EQ(workers[0].script, "https://shop.example/worker.js");
}

TEST(Workers, OfChromiumStandInItsLog) {
  const std::string log = test::bytes_of(test::fixture("chromium-worker/000003.log"));
  const auto workers = chromium_workers(read_leveldb_log(log));
  ASSERT_EQ(workers.size(), 1U);
  EXPECT_EQ(workers[0].origin, "https://shop.example");
  EXPECT_EQ(workers[0].scope, "https://shop.example/");
  EXPECT_EQ(workers[0].script, "https://shop.example/worker.js");
}

TEST(Workers, SurviveEveryTruncation) {
  const std::string log = test::bytes_of(test::fixture("chromium-worker/000003.log"));
  for (std::size_t length = 0; length < log.size(); ++length)
    EXPECT_LE(chromium_workers(read_leveldb_log(std::string_view(log).substr(0, length))).size(), 1U);
}

TEST(Workers, OfThePageComeFirst) {
  const Target page = *parse_target("https://shop.example/cart");
  const auto found = workers_for({{"https://shop.example", "https://shop.example/blog/", "a"},
                                  {"https://shop.example", "https://shop.example/", "b"},
                                  {"https://other.example", "https://other.example/", "c"}},
                                 page);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].script, "b");
}

}  // namespace
}  // namespace fix502
