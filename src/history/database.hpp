#pragma once

// SQLite's C interface, as thin as it can be: a handle that closes itself, statements with bound values, and a
// transaction that takes itself back. https://www.sqlite.org/cintro.html

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"

namespace fix502 {

/// A value of a statement's `?`.
using Value = std::variant<std::monostate, std::int64_t, double, std::string>;

/// One row of a result, while it is looked at. Anybody may have written the file: a text is made printable and bounded.
class Row {
 public:
  explicit Row(sqlite3_stmt* statement) : statement_(statement) {}
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] std::string text(int column) const;

 private:
  sqlite3_stmt* statement_;
};

class Database {
 public:
  /// Waits as long as `patience` where another process is writing.
  [[nodiscard]] static Result<Database> open(const std::string& path, std::chrono::milliseconds patience);

  [[nodiscard]] Result<void> run(const char* statement, const std::vector<Value>& values = {},
                                 const std::function<void(const Row&)>& each = {});
  /// Several statements without values.
  [[nodiscard]] Result<void> script(const char* statements);
  /// The first column of the first row; 0 where there is none.
  [[nodiscard]] Result<std::int64_t> number(const char* statement, const std::vector<Value>& values = {});
  /// What went wrong last is that the file is no database, or a damaged one.
  [[nodiscard]] bool is_damaged() const { return damaged_; }

 private:
  struct Close {
    void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
  };
  explicit Database(sqlite3* handle) : handle_(handle) {}
  [[nodiscard]] std::unexpected<Error> failed(int code);

  std::unique_ptr<sqlite3, Close> handle_;
  bool damaged_ = false;
};

/// All or nothing; what is not committed is taken back.
class Transaction {
 public:
  [[nodiscard]] static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  [[nodiscard]] Result<void> commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

}  // namespace fix502
