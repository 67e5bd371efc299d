#pragma once

// The few ways in which the journal touches the disk. Each is whole or not there at all after a crash, and where the
// system does not allow that (a mount point cannot be replaced), what is there is a beginning of the new bytes.

#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "repair/command.hpp"
#include "repair/file_state.hpp"

namespace fix502 {

/// Who carries out commands, and who is told of each step.
struct Disk {
  Runner run;
  std::function<void(std::string_view)> at_step;

  void step(std::string_view name) const {
    if (at_step) at_step(name);
  }
};

/// A file as it shall be.
struct Wanted {
  std::filesystem::path path;
  std::filesystem::path staged;   ///< holds the bytes, in the journal
  std::filesystem::path scratch;  ///< a name in the path's folder, of this change alone
  FileState now;                  ///< what stands at `path`
  FileState state;                ///< mode; owner, and times, where `restore`
  bool restore = false;           ///< owner and times count
};

/// Creates a file of the journal with these bytes, on the disk when it returns.
[[nodiscard]] Result<void> store(const std::filesystem::path& path, std::string_view bytes);
[[nodiscard]] Result<void> sync_folder(const std::filesystem::path& folder);

[[nodiscard]] Result<void> put_file(const Disk& disk, const Wanted& wanted);
[[nodiscard]] Result<void> put_link(const Disk& disk, const Wanted& wanted);
[[nodiscard]] Result<void> delete_file(const Disk& disk, const std::filesystem::path& path);
[[nodiscard]] Result<void> make_folder(const Disk& disk, const std::filesystem::path& path);
/// Gone where it is empty; stays where somebody else put something there.
[[nodiscard]] Result<void> delete_empty_folder(const Disk& disk, const std::filesystem::path& path);
[[nodiscard]] Result<void> restore_times(const Disk& disk, const std::filesystem::path& path, const FileState& state);

/// Renames, or copies across file systems; `scratch` is a name beside `to`, `aside` one beside `from`. Neither parent
/// folder is synchronised yet where a rename was enough.
[[nodiscard]] Result<void> move_path(const Disk& disk, const std::filesystem::path& from,
                                     const std::filesystem::path& to, const std::filesystem::path& scratch,
                                     const std::filesystem::path& aside);

}  // namespace fix502
