#pragma once

// What real browsers wrote: Chromium 156 and Firefox ESR 153 visiting http://shop.example/... once, a minute apart.

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "base/fields.hpp"

namespace fix502::test {

/// Half a minute after the browsers had been there: 22 Nov 2026 12:57:30 UTC.
inline constexpr WallTime kThen{std::chrono::seconds(1'795'352'250)};

inline std::filesystem::path fixture(const std::string& name) {
  return std::filesystem::path(FIX502_SOURCE_DIR) / "tests" / "browser" / name;
}

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// A folder of the test's own, gone with it.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "fix502-browser-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& name, const std::string& text) const {
    const auto path = path_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace fix502::test
