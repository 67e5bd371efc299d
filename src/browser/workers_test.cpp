#include "browser/workers.hpp"

#include <gtest/gtest.h>
#include <leveldb/db.h>

#include <algorithm>
#include <memory>

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

LevelDbFiles chromiums_log() {
  return {{"000003.log", test::bytes_of(test::fixture("chromium-worker/000003.log"))}};
}

TEST(Workers, OfChromiumStandInItsLog) {
  const auto workers = chromium_workers(chromiums_log());
  ASSERT_TRUE(workers);
  ASSERT_EQ(workers->size(), 1U);
  EXPECT_EQ((*workers)[0].origin, "https://shop.example");
  EXPECT_EQ((*workers)[0].scope, "https://shop.example/");
  EXPECT_EQ((*workers)[0].script, "https://shop.example/worker.js");
}

TEST(Workers, SurviveEveryTruncation) {
  const std::string log = chromiums_log().begin()->second;
  for (std::size_t length = 0; length < log.size(); length += 7) {
    const auto workers = chromium_workers({{"000003.log", log.substr(0, length)}});
    if (workers) {
      EXPECT_LE(workers->size(), 1U);
    }
  }
}

/// A database like Chromium's with a worker for each of these sites, every other one of them in a sorted table.
LevelDbFiles database_of(const std::vector<std::string>& origins) {
  const test::Folder folder;
  leveldb::Options options;
  options.create_if_missing = true;
  leveldb::DB* opened = nullptr;
  EXPECT_TRUE(leveldb::DB::Open(options, folder.path().string(), &opened).ok());
  const std::unique_ptr<leveldb::DB> database(opened);
  int id = 0;
  for (const auto& origin : origins) {
    const std::string number = std::to_string(id++);
    const std::string scope = origin + "/";
    std::string value{'\x12', static_cast<char>(scope.size())};
    value += scope;
    database->Put({}, "INITDATA_UNIQUE_ORIGIN:" + scope, "");
    database->Put({}, "REG:" + scope + '\0' + number, value);
    database->Put({}, "REGID_TO_ORIGIN:" + number, scope);
    if (id % 2 == 1) database->CompactRange(nullptr, nullptr);
  }
  const auto files = read_leveldb_files(folder.path());
  EXPECT_TRUE(files);
  return files ? *files : LevelDbFiles{};
}

std::vector<std::string> origins_of(const LevelDbFiles& files) {
  std::vector<std::string> origins;
  const auto workers = chromium_workers(files);
  EXPECT_TRUE(workers);
  if (workers)
    for (const auto& one : *workers) origins.push_back(one.origin);
  return origins;
}

TEST(Workers, GoOneByOneOutOfChromiumsLogAndTables) {
  const std::vector<std::string> sites{"https://a.example", "https://b.example", "https://c.example"};
  LevelDbFiles files = database_of(sites);
  ASSERT_TRUE(std::ranges::any_of(files, [](const auto& one) { return one.first.ends_with(".ldb"); }));
  EXPECT_EQ(origins_of(files), sites);
  for (std::size_t gone = 0; gone < sites.size(); ++gone) {
    const auto keys = keys_of_workers(files, sites[gone]);
    ASSERT_TRUE(keys);
    EXPECT_EQ(keys->size(), 3U);
    const auto changed = leveldb_without(files, *keys);
    ASSERT_TRUE(changed);
    for (const auto& [name, bytes] : *changed) files[name] = bytes;
    EXPECT_EQ(origins_of(files), std::vector(sites.begin() + static_cast<std::ptrdiff_t>(gone) + 1, sites.end()));
    EXPECT_TRUE(keys_of_workers(files, sites[gone])->empty());
  }
  EXPECT_TRUE(leveldb_pairs(files, "INITDATA_UNIQUE_ORIGIN:")->empty());
}

TEST(Workers, OfAChromiumThatHasNoneAreNone) {
  EXPECT_TRUE(origins_of({}).empty());
}

TEST(Workers, OfADamagedDatabaseAreAnError) {
  EXPECT_FALSE(chromium_workers({{"CURRENT", "MANIFEST-000001\n"}}));  // which is not there
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
