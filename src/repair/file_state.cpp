#include "repair/file_state.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>

#include "base/text.hpp"
#include "repair/descriptor.hpp"

namespace fix502 {
namespace {

FileState::Kind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return FileState::Kind::file;
  if (S_ISLNK(mode)) return FileState::Kind::link;
  return S_ISDIR(mode) ? FileState::Kind::folder : FileState::Kind::other;
}

}  // namespace

std::unexpected<Error> fail_with_errno(std::string what, const std::filesystem::path& path) {
  const int error = errno;
  return fail(fmt::format("{} ({})", what, std::strerror(error)), printable(path.native(), 400));
}

bool FileState::same_but_times(const FileState& other) const {
  return kind == other.kind && mode == other.mode && user == other.user && group == other.group &&
         target == other.target;
}

Result<FileState> look_at(const std::filesystem::path& path) {
  struct stat about{};
  FileState state;
  if (lstat(path.c_str(), &about) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return state;
    return fail_with_errno("cannot look at it", path);
  }
  const auto kind = kind_of(about.st_mode);
  state.kind = static_cast<int>(kind);
  state.mode = about.st_mode & 07777U;
  state.user = about.st_uid;
  state.group = about.st_gid;
  state.modified_s = about.st_mtim.tv_sec;
  state.modified_ns = about.st_mtim.tv_nsec;
  state.read_s = about.st_atim.tv_sec;
  state.read_ns = about.st_atim.tv_nsec;
  if (kind == FileState::Kind::link) {
    std::array<char, PATH_MAX> target{};
    const auto size = readlink(path.c_str(), target.data(), target.size());
    if (size < 0) return fail_with_errno("cannot read the link", path);
    state.target.assign(target.data(), static_cast<std::size_t>(size));
  }
  return state;
}

Result<std::string> read_whole(const std::filesystem::path& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
  struct stat about{};
  if (!file || fstat(file.get(), &about) != 0) return fail_with_errno("cannot read it", path);
  if (!S_ISREG(about.st_mode)) return fail("is no regular file", printable(path.native(), 400));
  std::string bytes;
  std::array<char, 65'536> block{};
  while (true) {
    const auto got = read(file.get(), block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_with_errno("cannot read it", path);
    if (got == 0) return bytes;
    bytes.append(block.data(), static_cast<std::size_t>(got));
    if (bytes.size() > kLargestFile) return fail("is larger than 256 MiB", printable(path.native(), 400));
  }
}

Result<void> set_times(const std::filesystem::path& path, const FileState& state) {
  const std::array<timespec, 2> times{timespec{state.read_s, state.read_ns},
                                      timespec{state.modified_s, state.modified_ns}};
  if (utimensat(AT_FDCWD, path.c_str(), times.data(), AT_SYMLINK_NOFOLLOW) != 0)
    return fail_with_errno("cannot set its times", path);
  return {};
}

}  // namespace fix502
