#pragma once

// The port to files, so that a reader of configurations can be tested with a map of texts.

#include <string>
#include <vector>

#include "base/result.hpp"

namespace fix502 {

class Files {
 public:
  Files() = default;
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;
  virtual ~Files() = default;

  /// All bytes, at most `kLargestConfig`. The error's `what` is in strerror's words: "No such file or directory".
  [[nodiscard]] virtual Result<std::string> read(const std::string& path) = 0;
  /// Paths that match a shell pattern (glob(7)), sorted by byte; none is no error.
  [[nodiscard]] virtual std::vector<std::string> match(const std::string& pattern) = 0;
  [[nodiscard]] virtual bool is_folder(const std::string& path) = 0;
};
inline constexpr std::size_t kLargestConfig = 16U * 1024 * 1024;  ///< of one file
inline constexpr std::size_t kMostFiles = 20'000;                 ///< of one configuration
inline constexpr int kDeepestInclude = 64;

}  // namespace fix502
