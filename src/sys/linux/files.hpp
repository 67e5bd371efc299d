#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace fix502 {

/// The file's first `limit` bytes; empty where it cannot be read. Only regular files (and those of /proc) are read.
[[nodiscard]] std::string read_text(const std::filesystem::path& path, std::size_t limit);

/// What a command prints, at most 64 KiB; empty where it is not there, fails, or is not done in time. It is killed
/// then.
[[nodiscard]] std::string output_of(const std::vector<std::string>& command, std::chrono::milliseconds timeout);

}  // namespace fix502
