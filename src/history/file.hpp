#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "base/result.hpp"

namespace fix502 {

/// One process at a time opens the history, makes its tables, or moves it aside. The lock goes with the process.
class OpeningLock {
 public:
  [[nodiscard]] static Result<OpeningLock> take(const std::string& path, std::chrono::milliseconds patience);
  OpeningLock(OpeningLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  OpeningLock& operator=(OpeningLock&&) = delete;
  ~OpeningLock();

 private:
  explicit OpeningLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

/// The folder, and an empty file that only its owner may read: SQLite gives its other files the same rights.
[[nodiscard]] Result<void> make_private_file(const std::string& path);

/// Renames the database and its companions to PATH.broken-N, the first N that is free; gives the new name.
[[nodiscard]] Result<std::string> set_aside(const std::string& path);

}  // namespace fix502
