#include "browser/sqlite_image.hpp"

#include <sqlite3.h>

#include <map>

#include "browser/bytes.hpp"

namespace fix502 {
namespace {

constexpr std::string_view kMagic{"SQLite format 3\0", 16};
constexpr std::size_t kLogHeader = 32;
constexpr std::size_t kFrameHeader = 24;
constexpr std::uint32_t kLogMagic = 0x377f0682;  // check sums are little-endian; with the lowest bit set, big-endian
constexpr std::size_t kLargest = 256UL * 1024 * 1024;

struct Sum {
  std::uint32_t a = 0, b = 0;
  bool operator==(const Sum&) const = default;
};

Sum add_up(Sum sum, std::string_view bytes, std::endian order) {
  Bytes words(bytes, order);
  while (words.left() >= 8) {
    sum.a += words.u32() + sum.b;
    sum.b += words.u32() + sum.a;
  }
  return sum;
}

std::size_t page_size_of(std::string_view database) {
  Bytes bytes(database, std::endian::big);
  bytes.go_to(16);
  const std::size_t size = bytes.u16();
  return size == 1 ? 65536 : size;
}

}  // namespace

Result<std::string> with_log(std::string database, std::string_view log) {
  if (database.size() < 100 || !database.starts_with(kMagic)) return fail("not an SQLite database");
  const std::size_t page_size = page_size_of(database);
  if (page_size < 512 || (page_size & (page_size - 1)) != 0) return fail("an SQLite database with a senseless header");
  // An image in memory has no log of its own: versions "1" mean a rollback journal (section 1.3.3).
  database[18] = database[19] = 1;
  Bytes header(log, std::endian::big);
  const std::uint32_t magic = header.u32();
  header.skip(4);
  const std::uint32_t log_page_size = header.u32();
  header.skip(4);
  const auto salt = header.take(8);
  Sum expected{header.u32(), header.u32()};
  if (!header.ok() || (magic & ~1U) != kLogMagic || log_page_size != page_size) return database;
  const std::endian order = (magic & 1U) != 0 ? std::endian::big : std::endian::little;
  Sum sum = add_up({}, log.substr(0, kLogHeader - 8), order);
  if (sum != expected) return database;

  std::map<std::uint32_t, std::string_view> pages;  // since the last commit
  for (std::size_t at = kLogHeader; at + kFrameHeader + page_size <= log.size(); at += kFrameHeader + page_size) {
    Bytes frame(log.substr(at, kFrameHeader), std::endian::big);
    const std::uint32_t number = frame.u32();
    const std::uint32_t pages_after = frame.u32();
    const bool same_salt = frame.take(8) == salt;
    expected = {frame.u32(), frame.u32()};
    const auto page = log.substr(at + kFrameHeader, page_size);
    sum = add_up(add_up(sum, log.substr(at, 8), order), page, order);
    if (!same_salt || sum != expected || number == 0) break;
    pages[number] = page;
    if (pages_after == 0) continue;
    const std::size_t size = static_cast<std::size_t>(pages_after) * page_size;
    if (size > kLargest) return fail("an SQLite database that would be too large");
    database.resize(size, '\0');
    for (const auto& [which, bytes] : pages)
      if (which <= pages_after) database.replace((which - std::size_t{1}) * page_size, page_size, bytes);
    pages.clear();
    database[18] = database[19] = 1;
  }
  return database;
}

void CloseDatabase::operator()(sqlite3* database) const noexcept {
  sqlite3_close(database);
}

Result<Database> open_image(std::string& image) {
  sqlite3* opened = nullptr;
  const int status = sqlite3_open_v2(":memory:", &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY, nullptr);
  Database database(opened);
  if (status != SQLITE_OK) return fail("SQLite cannot be started");
  // The bytes come from outside: nothing in them may run (https://www.sqlite.org/security.html).
  sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  sqlite3_limit(opened, SQLITE_LIMIT_LENGTH, 16 * 1024 * 1024);
  sqlite3_limit(opened, SQLITE_LIMIT_VDBE_OP, 25'000);
  const auto size = static_cast<sqlite3_int64>(image.size());
  if (sqlite3_deserialize(opened, "main", reinterpret_cast<unsigned char*>(image.data()), size, size, 0) != SQLITE_OK)
    return fail("not an SQLite database");
  return database;
}

}  // namespace fix502
