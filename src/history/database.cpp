#include "history/database.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/text.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostText = 4'096;  // bytes; longer than anything that is kept here

struct Finish {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finish>;

int bind(sqlite3_stmt* statement, int index, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return sqlite3_bind_int64(statement, index, *number);
  if (const auto* real = std::get_if<double>(&value)) return sqlite3_bind_double(statement, index, *real);
  if (const auto* text = std::get_if<std::string>(&value))
    return sqlite3_bind_text(statement, index, text->data(), static_cast<int>(std::min(text->size(), kMostText)),
                             SQLITE_TRANSIENT);
  return sqlite3_bind_null(statement, index);
}

}  // namespace

bool Row::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Row::number(int column) const {
  return sqlite3_column_int64(statement_, column);
}

double Row::real(int column) const {
  return sqlite3_column_double(statement_, column);
}

std::string Row::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (bytes == nullptr) return {};
  return printable({bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))}, kMostText);
}

Result<Database> Database::open(const std::string& path, std::chrono::milliseconds patience) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  Database database(handle);
  if (code != SQLITE_OK) return fail(handle == nullptr ? "no memory left" : sqlite3_errmsg(handle), path);
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, static_cast<int>(patience.count()));
  // A file that somebody else wrote must not run functions of its own: https://www.sqlite.org/security.html
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  return database;
}

std::unexpected<Error> Database::failed(int code) {
  const int primary = code & 0xff;
  damaged_ = primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
  switch (primary) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return fail("another process keeps it busy");
    case SQLITE_FULL:
      return fail("the disk is full");
    case SQLITE_READONLY:
      return fail("it cannot be written to");
    default:
      break;
  }
  const int reason = sqlite3_system_errno(handle_.get());
  const bool of_the_system = (primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN) && reason != 0;
  return fail(of_the_system ? std::strerror(reason) : sqlite3_errmsg(handle_.get()));
}

Result<void> Database::run(const char* statement, const std::vector<Value>& values,
                           const std::function<void(const Row&)>& each) {
  sqlite3_stmt* raw = nullptr;
  int code = sqlite3_prepare_v2(handle_.get(), statement, -1, &raw, nullptr);
  const Statement prepared(raw);
  if (code != SQLITE_OK) return failed(code);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (code = bind(raw, static_cast<int>(i + 1), values[i]); code != SQLITE_OK) return failed(code);
  while ((code = sqlite3_step(raw)) == SQLITE_ROW)
    if (each) each(Row(raw));
  if (code != SQLITE_DONE) return failed(code);
  return {};
}

Result<void> Database::script(const char* statements) {
  const int code = sqlite3_exec(handle_.get(), statements, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failed(code);
  return {};
}

Result<std::int64_t> Database::number(const char* statement, const std::vector<Value>& values) {
  std::int64_t number = 0;
  bool first = true;
  auto ran = run(statement, values, [&](const Row& row) {
    if (std::exchange(first, false)) number = row.number(0);
  });
  if (!ran) return std::unexpected(ran.error());
  return number;
}

Result<Transaction> Transaction::begin(Database& database) {
  // IMMEDIATE: a lock for reading that becomes one for writing cannot be waited for.
  // https://www.sqlite.org/lang_transaction.html
  if (auto begun = database.script("BEGIN IMMEDIATE"); !begun) return std::unexpected(begun.error());
  return Transaction(database);
}

Transaction::~Transaction() {
  if (database_ != nullptr) (void)database_->script("ROLLBACK");
}

Result<void> Transaction::commit() {
  auto committed = database_->script("COMMIT");
  if (committed) database_ = nullptr;
  return committed;
}

}  // namespace fix502
