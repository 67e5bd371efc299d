#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/fields.hpp"
#include "base/result.hpp"

namespace fix502 {

/// What stands at a path, but for its bytes.
struct FileState {
  enum class Kind { absent, file, link, folder, other };  // stored as numbers: only ever append
  int kind = 0;
  std::uint32_t mode = 0;  ///< permission bits, set-id and sticky ones among them
  std::uint32_t user = 0, group = 0;
  std::int64_t modified_s = 0, modified_ns = 0;
  std::int64_t read_s = 0, read_ns = 0;
  std::string target;  ///< of a link

  [[nodiscard]] bool is(Kind one) const { return kind == static_cast<int>(one); }
  /// Same kind, owner, mode and target: what nobody changes by reading or by writing the same bytes.
  [[nodiscard]] bool same_but_times(const FileState& other) const;

  bool operator==(const FileState&) const = default;
  static constexpr void fields(auto&& field) {
    field("kind", &FileState::kind);
    field("mode", &FileState::mode);
    field("user", &FileState::user);
    field("group", &FileState::group);
    field("modified_s", &FileState::modified_s);
    field("modified_ns", &FileState::modified_ns);
    field("read_s", &FileState::read_s);
    field("read_ns", &FileState::read_ns);
    field("target", &FileState::target);
  }
};

/// Never follows a link. Fails only where it cannot be told (no leave to look, a broken disk).
[[nodiscard]] Result<FileState> look_at(const std::filesystem::path& path);

/// All bytes of a regular file; refuses what is larger than `kLargestFile`, and links.
[[nodiscard]] Result<std::string> read_whole(const std::filesystem::path& path);
inline constexpr std::size_t kLargestFile = 256U * 1024 * 1024;

/// Sets the times of what stands there; a link's own, not its target's.
[[nodiscard]] Result<void> set_times(const std::filesystem::path& path, const FileState& state);

/// "what: strerror", about the path.
[[nodiscard]] std::unexpected<Error> fail_with_errno(std::string what, const std::filesystem::path& path);

}  // namespace fix502
