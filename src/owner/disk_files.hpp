#pragma once

#include <string>
#include <vector>

#include "gateway/files.hpp"

namespace fix502 {

/// This machine's files; of a process that lives in another root (a container, systemd's PrivateTmp), through
/// /proc/PID/root.
class DiskFiles final : public Files {
 public:
  DiskFiles() = default;
  /// `root`: "/proc/812/root"; "/" or empty: this machine's own.
  explicit DiskFiles(std::string root);

  [[nodiscard]] Result<std::string> read(const std::string& path) override;
  [[nodiscard]] std::vector<std::string> match(const std::string& pattern) override;
  [[nodiscard]] bool is_folder(const std::string& path) override;
  /// The path by which we reach it.
  [[nodiscard]] std::string real(const std::string& path) const { return root_ + path; }

 private:
  std::string root_;  // empty: ours
};

/// "/proc/PID/root" where that process has another root or other mounts than we have; empty: the same.
[[nodiscard]] std::string root_of(int pid);

}  // namespace fix502
