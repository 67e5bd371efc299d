// Moving a file, link or folder, across file systems too.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "base/text.hpp"
#include "repair/descriptor.hpp"
#include "repair/disk.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

constexpr int kDeepest = 64;  // of folders in each other

Result<void> sync_file(const fs::path& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file || fsync(file.get()) != 0) return fail_with_errno("cannot synchronise it", path);
  return {};
}

Result<void> copy_one(const fs::path& from, const fs::path& to, const FileState& state) {
  std::error_code error;
  if (state.is(FileState::Kind::link)) {
    fs::copy_symlink(from, to, error);
  } else if (state.is(FileState::Kind::file)) {
    fs::copy_file(from, to, error);
  } else {
    // A socket or the like belongs to a process, not to a copy.
    return fail("is neither file, link nor folder", printable(from.native(), 400));
  }
  if (error) return fail("cannot copy it: " + error.message(), printable(from.native(), 400));
  return {};
}

Result<void> dress(const fs::path& path, const FileState& state) {
  const bool link = state.is(FileState::Kind::link);
  struct stat about{};
  if (lstat(path.c_str(), &about) != 0) return fail_with_errno("cannot look at it", path);
  if ((about.st_uid != state.user || about.st_gid != state.group) && lchown(path.c_str(), state.user, state.group) != 0)
    return fail_with_errno("cannot set its owner", path);
  if (!link && chmod(path.c_str(), state.mode) != 0) return fail_with_errno("cannot set its mode", path);
  if (!link)
    if (auto synced = sync_file(path); !synced) return synced;
  return set_times(path, state);
}

Result<void> copy_tree(const fs::path& from, const fs::path& to, int depth) {
  const auto state = look_at(from);
  if (!state) return std::unexpected(state.error());
  if (depth > kDeepest) return fail("too many folders in each other", printable(from.native(), 400));
  if (!state->is(FileState::Kind::folder)) {
    if (auto copied = copy_one(from, to, *state); !copied) return copied;
    return dress(to, *state);
  }
  if (mkdir(to.c_str(), 0700) != 0) return fail_with_errno("cannot make the folder", to);
  std::error_code error;
  for (fs::directory_iterator each(from, error), end; !error && each != end; each.increment(error))
    if (auto copied = copy_tree(each->path(), to / each->path().filename(), depth + 1); !copied) return copied;
  if (error) return fail("cannot read the folder: " + error.message(), printable(from.native(), 400));
  return dress(to, *state);
}

}  // namespace

Result<void> move_path(const Disk& disk, const fs::path& from, const fs::path& to, const fs::path& scratch,
                       const fs::path& aside) {
  if (rename(from.c_str(), to.c_str()) == 0) {
    disk.step("moved");
    return {};
  }
  if (errno != EXDEV) return fail_with_errno("cannot move it", from);
  std::error_code error;
  fs::remove_all(scratch, error);
  if (auto copied = copy_tree(from, scratch, 0); !copied) {
    fs::remove_all(scratch, error);
    return copied;
  }
  disk.step("copied");
  if (rename(scratch.c_str(), to.c_str()) != 0) return fail_with_errno("cannot move it", scratch);
  if (auto synced = sync_folder(to.parent_path()); !synced) return synced;
  disk.step("copy in place");
  // From one moment to the next the original is whole, or gone.
  if (rename(from.c_str(), aside.c_str()) != 0) return fail_with_errno("cannot move it", from);
  if (auto synced = sync_folder(from.parent_path()); !synced) return synced;
  disk.step("original aside");
  fs::remove_all(aside, error);
  disk.step("original removed");
  return {};
}

}  // namespace fix502
