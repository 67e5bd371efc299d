#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct sqlite3;

namespace fix502 {

/// A database file with what stands committed in its write-ahead log put into place: what a reader would see, without
/// opening the user's file, which would lock it and might write. Frames after the last commit, or with a wrong check
/// sum, are left out. Source: https://www.sqlite.org/fileformat2.html (section 4).
[[nodiscard]] Result<std::string> with_log(std::string database, std::string_view log);

struct CloseDatabase {
  void operator()(sqlite3* database) const noexcept;
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

/// The image as a database in memory; `image` must outlive it and may be changed by it.
[[nodiscard]] Result<Database> open_image(std::string& image);

}  // namespace fix502
