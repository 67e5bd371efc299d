#include "browser/cookies.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <memory>

#include "base/text.hpp"
#include "browser/sqlite_image.hpp"

namespace fix502 {
namespace {

constexpr int kMaxRows = 100'000;

/// One cookie as both databases give it: never its value.
struct Cookie {
  std::string host;  ///< with a leading dot: for names below as well
  std::string path;
  bool secure = false;
  std::uint64_t name = 0, value = 0, doubt = 0;
};

struct Finish {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finish>;

// Both give: host, path, secure, length of the name, plain length of the value, length of what is encrypted.
// What has run out is not sent. CHIPS and other partitioned cookies are another site's business.
constexpr const char* kChromiumRows =
    "SELECT host_key, path, is_secure, length(CAST(name AS BLOB)), length(CAST(value AS BLOB)), "
    "length(encrypted_value) FROM cookies WHERE (has_expires = 0 OR expires_utc > ?1)";
constexpr const char* kFirefoxRows =
    "SELECT host, path, isSecure, length(CAST(name AS BLOB)), length(CAST(value AS BLOB)), 0 "
    "FROM moz_cookies WHERE (expiry > ?1 OR expiry < 100000000000 AND expiry > ?1 / 1000) "
    "AND originAttributes NOT LIKE '%userContextId%'";

/// RFC 6265 5.1.3.
bool domain_matches(std::string_view cookie, std::string_view host) {
  if (!cookie.starts_with('.')) return cookie == host;
  return host == cookie.substr(1) || host.ends_with(cookie);
}

/// RFC 6265 5.1.4.
bool path_matches(std::string_view cookie, std::string_view path) {
  path = path.substr(0, path.find('?'));
  if (!path.starts_with(cookie)) return false;
  return path.size() == cookie.size() || cookie.ends_with('/') || path[cookie.size()] == '/';
}

/// Chromium since database version 24: "v10", then AES-128-CBC of a SHA-256 and the value, padded to 16 (measured).
void read_encrypted(std::uint64_t length, Cookie& cookie) {
  if (length < 3 + 16) return;
  const std::uint64_t blocks = (length - 3) / 16;
  const std::uint64_t most = 16 * blocks > 33 ? 16 * blocks - 33 : 0;
  const std::uint64_t least = most > 15 ? most - 15 : 0;
  cookie.value = (least + most + 1) / 2;
  cookie.doubt = (most - least + 1) / 2;
}

std::string text_at(sqlite3_stmt* row, int column) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
  return text == nullptr ? std::string{}
                         : std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(row, column)));
}

std::uint64_t length_at(sqlite3_stmt* row, int column) {
  return static_cast<std::uint64_t>(std::max<sqlite3_int64>(0, sqlite3_column_int64(row, column)));
}

Cookie read_row(sqlite3_stmt* row) {
  Cookie cookie;
  cookie.host = lower(text_at(row, 0));
  cookie.path = text_at(row, 1);
  cookie.secure = sqlite3_column_int(row, 2) != 0;
  cookie.name = length_at(row, 3);
  cookie.value = length_at(row, 4);
  if (cookie.value == 0) read_encrypted(length_at(row, 5), cookie);
  return cookie;
}

bool is_secure_place(const Target& page) {
  return page.scheme == "https" || page.host == "localhost" || page.host.ends_with(".localhost");
}

}  // namespace

Result<CookieSize> cookie_size(std::string image, Engine engine, const Target& page, WallTime now) {
  const auto database = open_image(image);
  if (!database) return std::unexpected(database.error());
  sqlite3_stmt* prepared = nullptr;
  const char* query = engine == Engine::chromium ? kChromiumRows : kFirefoxRows;
  const int status = sqlite3_prepare_v2(database->get(), query, -1, &prepared, nullptr);
  const Statement statement(prepared);
  if (status != SQLITE_OK) return fail("its cookie database is of an unknown form");
  constexpr std::int64_t kFrom1601To1970 = 11'644'473'600;
  const std::int64_t seconds = now.time_since_epoch().count();
  // Chromium counts microseconds since 1601; Firefox milliseconds since 1970, and seconds before version 16.
  sqlite3_bind_int64(statement.get(), 1,
                     engine == Engine::chromium ? (seconds + kFrom1601To1970) * 1'000'000 : seconds * 1'000);
  CookieSize size;
  int step = SQLITE_ROW;
  for (int rows = 0; rows < kMaxRows && (step = sqlite3_step(statement.get())) == SQLITE_ROW; ++rows) {
    const Cookie cookie = read_row(statement.get());
    if (!domain_matches(cookie.host, page.host) || !path_matches(cookie.path, page.path)) continue;
    if (cookie.secure && !is_secure_place(page)) continue;
    size.bytes += (size.count > 0 ? 2 : 0) + cookie.name + (cookie.name > 0 ? 1 : 0) + cookie.value;
    size.doubt += cookie.doubt;
    ++size.count;
  }
  if (step != SQLITE_DONE && step != SQLITE_ROW) return fail("its cookie database is damaged");
  return size;
}

}  // namespace fix502
