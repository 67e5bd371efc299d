#pragma once

#include <fnmatch.h>

#include <map>
#include <string>
#include <vector>

#include "gateway/files.hpp"

namespace fix502::test {

/// Files that are texts of the test.
class MapFiles final : public Files {
 public:
  explicit MapFiles(std::map<std::string, std::string> texts) : texts_(std::move(texts)) {}

  Result<std::string> read(const std::string& path) override {
    const auto found = texts_.find(path);
    if (found == texts_.end()) return fail("No such file or directory", path);
    return found->second;
  }
  std::vector<std::string> match(const std::string& pattern) override {
    std::vector<std::string> paths;
    for (const auto& [path, text] : texts_)
      if (fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME) == 0) paths.push_back(path);
    return paths;
  }
  bool is_folder(const std::string& path) override {
    for (const auto& [name, text] : texts_)
      if (name.starts_with(path + "/")) return true;
    return false;
  }

 private:
  std::map<std::string, std::string> texts_;
};

}  // namespace fix502::test
