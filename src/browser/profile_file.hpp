#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace fix502 {

/// A file of a browser's profile, open for reading only: nothing about it changes, the time of its last reading
/// included where the system lets us leave that alone. Only regular files are opened.
class ProfileFile {
 public:
  [[nodiscard]] static Result<ProfileFile> open(const std::filesystem::path& path);
  ProfileFile(ProfileFile&& other) noexcept;
  ProfileFile(const ProfileFile&) = delete;
  ProfileFile& operator=(const ProfileFile&) = delete;
  ProfileFile& operator=(ProfileFile&&) = delete;
  ~ProfileFile();

  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// What stands there, at most `size` bytes; less at the end of the file.
  [[nodiscard]] std::string read(std::uint64_t offset, std::size_t size) const;
  /// The last bytes, at most `size` of them.
  [[nodiscard]] std::string tail(std::size_t size) const { return read(size_ > size ? size_ - size : 0, size); }

 private:
  ProfileFile(int descriptor, std::uint64_t size) : descriptor_(descriptor), size_(size) {}
  int descriptor_;
  std::uint64_t size_;
};

/// All of a file, an error where it is larger than `limit`.
[[nodiscard]] Result<std::string> read_profile_file(const std::filesystem::path& path, std::size_t limit);

}  // namespace fix502
