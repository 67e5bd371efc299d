#include "browser/cookies.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "browser/fixture.hpp"
#include "browser/sqlite_image.hpp"

namespace fix502 {
namespace {

// The tables as Chromium 156 and Firefox ESR 153 make them, the columns that matter.
constexpr const char* kChromium = R"(CREATE TABLE cookies(creation_utc INTEGER NOT NULL, host_key TEXT NOT NULL,
  top_frame_site_key TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, encrypted_value BLOB NOT NULL,
  path TEXT NOT NULL, expires_utc INTEGER NOT NULL, is_secure INTEGER NOT NULL, has_expires INTEGER NOT NULL);
INSERT INTO cookies VALUES
  (1, 'shop.example', '', 'big', '', zeroblob(147), '/', 13439900000000000, 0, 1),
  (2, '.shop.example', '', 'id', 'abc', zeroblob(0), '/', 0, 0, 0),
  (3, '.shop.example', '', 'gone', 'abc', zeroblob(0), '/', 13000000000000000, 0, 1),
  (4, 'shop.example', '', 'cart', 'abc', zeroblob(0), '/cart', 13439900000000000, 0, 1),
  (5, 'shop.example', '', 'safe', 'abc', zeroblob(0), '/', 13439900000000000, 1, 1),
  (6, 'other.example', '', 'x', 'abc', zeroblob(0), '/', 13439900000000000, 0, 1),
  (7, '.notshop.example', '', 'x', 'abc', zeroblob(0), '/', 13439900000000000, 0, 1);)";
constexpr const char* kFirefox = R"(CREATE TABLE moz_cookies(id INTEGER PRIMARY KEY, originAttributes TEXT, name TEXT,
  value TEXT, host TEXT, path TEXT, expiry INTEGER, isSecure INTEGER);
INSERT INTO moz_cookies VALUES
  (1, '', 'sid', '0123456789', 'shop.example', '/', 1795400000000, 0),
  (2, '', 'old', '0123456789', 'shop.example', '/', 1795300000000, 0),
  (3, '', 'sec', '0123456789', '.shop.example', '/', 1795400000, 0),
  (4, '^userContextId=2', 'box', '0123456789', 'shop.example', '/', 1795400000000, 0);)";

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};

/// A database file with its log, the log as a browser at work leaves it.
struct CookieFiles {
  test::Folder folder;
  std::string database, log;

  explicit CookieFiles(const char* sql, bool in_log = false) {
    const auto path = (folder.path() / "cookies").string();
    sqlite3* opened = nullptr;
    sqlite3_open(path.c_str(), &opened);
    const std::unique_ptr<sqlite3, Close> owned(opened);
    if (in_log) sqlite3_exec(opened, "CREATE TABLE empty(x); PRAGMA journal_mode=WAL;", nullptr, nullptr, nullptr);
    EXPECT_EQ(sqlite3_exec(opened, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(opened);
    database = test::bytes_of(path);
    if (in_log) log = test::bytes_of(path + "-wal");
  }
};

CookieSize size_of(const CookieFiles& files, Engine engine, const std::string& url) {
  auto image = with_log(files.database, files.log);
  EXPECT_TRUE(image) << image.error().message();
  const auto size = cookie_size(*std::move(image), engine, *parse_target(url), test::kThen);
  EXPECT_TRUE(size) << size.error().message();
  return size.value_or(CookieSize{});
}

TEST(Cookies, OfChromiumAreMeasuredWithoutTheirValues) {
  const CookieFiles files(kChromium);
  // "big" has 96 to 111 bytes; "id=abc" beside it, and "; " between them.
  const CookieSize plain = size_of(files, Engine::chromium, "http://www.shop.example/");
  EXPECT_EQ(plain, (CookieSize{1, 6, 0}));
  const CookieSize page = size_of(files, Engine::chromium, "http://shop.example/");
  EXPECT_EQ(page.count, 2);
  EXPECT_EQ(page.bytes, 4U + 104 + 2 + 6);
  EXPECT_EQ(page.doubt, 8U);
  EXPECT_EQ(size_of(files, Engine::chromium, "http://shop.example/cart/1?x").count, 3);
  EXPECT_EQ(size_of(files, Engine::chromium, "http://shop.example/cartoon").count, 2);
  EXPECT_EQ(size_of(files, Engine::chromium, "https://shop.example/").count, 3);
}

TEST(Cookies, OfFirefoxAreExact) {
  const CookieFiles files(kFirefox);
  EXPECT_EQ(size_of(files, Engine::firefox, "http://shop.example/"), (CookieSize{2, 30, 0}));
}

TEST(Cookies, AreReadFromTheLogOfABrowserAtWork) {
  const CookieFiles files(kFirefox, true);
  ASSERT_GT(files.log.size(), 32U);
  EXPECT_EQ(size_of(files, Engine::firefox, "http://shop.example/"), (CookieSize{2, 30, 0}));
}

TEST(Cookies, SurviveALogCutAnywhere) {
  const CookieFiles files(kFirefox, true);
  for (std::size_t length = 0; length < files.log.size(); length += 61) {
    const auto image = with_log(files.database, std::string_view(files.log).substr(0, length));
    ASSERT_TRUE(image) << length;
    static_cast<void>(cookie_size(*image, Engine::firefox, *parse_target("http://shop.example/"), test::kThen));
  }
}

TEST(Cookies, SayWhatCannotBeRead) {
  EXPECT_FALSE(with_log("", ""));
  EXPECT_FALSE(with_log(std::string(4096, 'x'), ""));
  const CookieFiles files("CREATE TABLE other(x);");
  EXPECT_FALSE(
      cookie_size(*with_log(files.database, ""), Engine::chromium, *parse_target("http://a.example/"), test::kThen));
}

}  // namespace
}  // namespace fix502
