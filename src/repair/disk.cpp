#include "repair/disk.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <string>

#include "base/text.hpp"
#include "repair/descriptor.hpp"

namespace fix502 {
namespace {

/// Whether more rights would help.
bool lacks_rights(int error) {
  return error == EACCES || error == EPERM;
}

Result<void> write_all(const Descriptor& file, std::string_view bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const auto written = write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail_with_errno("cannot write it", path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

/// Labels of SELinux and access lists go along as far as this user may set them.
void copy_attributes(const std::filesystem::path& from, const Descriptor& to) {
  std::string names(4096, '\0');
  const auto size = llistxattr(from.c_str(), names.data(), names.size());
  std::string value(65'536, '\0');
  for (ssize_t at = 0; at < size;
       at += static_cast<ssize_t>(std::char_traits<char>::length(&names[static_cast<std::size_t>(at)])) + 1) {
    const char* name = &names[static_cast<std::size_t>(at)];
    const auto length = lgetxattr(from.c_str(), name, value.data(), value.size());
    if (length >= 0 && fsetxattr(to.get(), name, value.data(), static_cast<std::size_t>(length), 0) != 0) continue;
  }
}

Result<void> run_as_root(const Disk& disk, std::vector<std::string> words) {
  const Command command{std::move(words), true};
  if (!disk.run) return fail("needs more rights than this user has", command.words.back());
  return disk.run(command);
}

std::string octal(std::uint32_t mode) {
  return fmt::format("{:o}", mode);
}

/// cp keeps owner and mode of a file that is there; install makes one anew, and never writes through a link.
Result<void> put_as_root(const Disk& disk, const Wanted& wanted) {
  if (wanted.restore)
    if (auto set = set_times(wanted.staged, wanted.state); !set) return set;
  if (wanted.now.is(FileState::Kind::file))
    return run_as_root(disk, {"cp", "--preserve=timestamps", "--no-target-directory", wanted.staged, wanted.path});
  std::vector<std::string> words{"install", "--preserve-timestamps", "--no-target-directory", "--mode",
                                 octal(wanted.state.mode)};
  if (wanted.restore)
    words.insert(words.end(),
                 {"--owner", std::to_string(wanted.state.user), "--group", std::to_string(wanted.state.group)});
  words.insert(words.end(), {wanted.staged, wanted.path});
  return run_as_root(disk, std::move(words));
}

Result<void> put_in_place(const Disk& disk, const Wanted& wanted, std::string_view bytes) {
  const Descriptor file(open(wanted.path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
  if (!file && lacks_rights(errno)) return put_as_root(disk, wanted);
  struct stat about{};
  if (!file || fstat(file.get(), &about) != 0) return fail_with_errno("cannot write it", wanted.path);
  if (!S_ISREG(about.st_mode)) return fail("is no regular file", wanted.path);
  if (ftruncate(file.get(), 0) != 0) return fail_with_errno("cannot write it", wanted.path);
  disk.step("cut in place");
  const auto half = bytes.size() / 2;
  if (auto written = write_all(file, bytes.substr(0, half), wanted.path); !written) return written;
  disk.step("half written in place");
  if (auto written = write_all(file, bytes.substr(half), wanted.path); !written) return written;
  if (fsync(file.get()) != 0) return fail_with_errno("cannot write it", wanted.path);
  disk.step("written in place");
  return {};
}

/// The new file beside the old one, ready to be renamed; false where it cannot stand there with the right owner.
Result<bool> put_beside(const Wanted& wanted, std::string_view bytes) {
  unlink(wanted.scratch.c_str());
  const Descriptor file(open(wanted.scratch.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file && (lacks_rights(errno) || errno == EROFS)) return false;
  if (!file) return fail_with_errno("cannot write it", wanted.scratch);
  const bool there = wanted.now.is(FileState::Kind::file);
  const auto& owner = wanted.restore ? wanted.state : wanted.now;
  if ((wanted.restore || there) && fchown(file.get(), owner.user, owner.group) != 0) return false;
  if (auto written = write_all(file, bytes, wanted.scratch); !written) return std::unexpected(written.error());
  if (there) copy_attributes(wanted.path, file);
  if (fchmod(file.get(), wanted.state.mode) != 0) return fail_with_errno("cannot set its mode", wanted.scratch);
  const std::array<timespec, 2> times{timespec{wanted.state.read_s, wanted.state.read_ns},
                                      timespec{wanted.state.modified_s, wanted.state.modified_ns}};
  if (wanted.restore && futimens(file.get(), times.data()) != 0)
    return fail_with_errno("cannot set its times", wanted.scratch);
  if (fsync(file.get()) != 0) return fail_with_errno("cannot write it", wanted.scratch);
  return true;
}

/// A second name of the same file must go on naming it.
bool has_other_names(const std::filesystem::path& path) {
  struct stat about{};
  return lstat(path.c_str(), &about) == 0 && S_ISREG(about.st_mode) && about.st_nlink > 1;
}

}  // namespace

Result<void> sync_folder(const std::filesystem::path& folder) {
  const Descriptor handle(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // A folder that may be written to but not read cannot be synchronised by its user.
  if (!handle && errno == EACCES) return {};
  if (!handle || (fsync(handle.get()) != 0 && errno != EINVAL)) return fail_with_errno("cannot synchronise it", folder);
  return {};
}

Result<void> store(const std::filesystem::path& path, std::string_view bytes) {
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return fail_with_errno("cannot write it", path);
  if (auto written = write_all(file, bytes, path); !written) return written;
  if (fsync(file.get()) != 0) return fail_with_errno("cannot write it", path);
  return sync_folder(path.parent_path());
}

Result<void> put_file(const Disk& disk, const Wanted& wanted) {
  const auto bytes = read_whole(wanted.staged);
  if (!bytes) return std::unexpected(bytes.error());
  const bool there = wanted.now.is(FileState::Kind::file);
  if (!there || !has_other_names(wanted.path)) {
    const auto beside = put_beside(wanted, *bytes);
    disk.step("written beside");
    if (!beside || !*beside) unlink(wanted.scratch.c_str());
    if (!beside) return std::unexpected(beside.error());
    if (*beside) {
      if (rename(wanted.scratch.c_str(), wanted.path.c_str()) == 0) {
        disk.step("renamed");
        return sync_folder(wanted.path.parent_path());
      }
      const int error = errno;
      unlink(wanted.scratch.c_str());
      errno = error;
      if (error != EBUSY) return fail_with_errno("cannot replace it", wanted.path);
    } else if (!there) {
      return put_as_root(disk, wanted);
    }
  }
  if (auto put = put_in_place(disk, wanted, *bytes); !put) return put;
  return wanted.restore ? restore_times(disk, wanted.path, wanted.state) : Result<void>();
}

Result<void> put_link(const Disk& disk, const Wanted& wanted) {
  unlink(wanted.scratch.c_str());
  if (symlink(wanted.state.target.c_str(), wanted.scratch.c_str()) != 0) {
    if (!lacks_rights(errno)) return fail_with_errno("cannot make the link", wanted.path);
    return run_as_root(disk,
                       {"ln", "--symbolic", "--force", "--no-target-directory", wanted.state.target, wanted.path});
  }
  if (lchown(wanted.scratch.c_str(), wanted.state.user, wanted.state.group) != 0 && geteuid() == 0)
    return fail_with_errno("cannot set its owner", wanted.scratch);
  if (auto set = set_times(wanted.scratch, wanted.state); !set) return set;
  disk.step("linked beside");
  if (rename(wanted.scratch.c_str(), wanted.path.c_str()) != 0)
    return fail_with_errno("cannot replace it", wanted.path);
  disk.step("renamed");
  return sync_folder(wanted.path.parent_path());
}

Result<void> delete_file(const Disk& disk, const std::filesystem::path& path) {
  if (unlink(path.c_str()) != 0) {
    if (errno == ENOENT) return {};
    if (!lacks_rights(errno)) return fail_with_errno("cannot remove it", path);
    return run_as_root(disk, {"rm", "--force", "--", path});
  }
  disk.step("removed");
  return sync_folder(path.parent_path());
}

Result<void> make_folder(const Disk& disk, const std::filesystem::path& path) {
  if (mkdir(path.c_str(), 0755) != 0) {
    if (errno == EEXIST) return {};
    if (!lacks_rights(errno)) return fail_with_errno("cannot make the folder", path);
    return run_as_root(disk, {"mkdir", "--mode", "755", "--", path});
  }
  disk.step("folder made");
  return sync_folder(path.parent_path());
}

Result<void> delete_empty_folder(const Disk& disk, const std::filesystem::path& path) {
  if (rmdir(path.c_str()) == 0) return sync_folder(path.parent_path());
  if (errno == ENOENT || errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR) return {};
  if (!lacks_rights(errno)) return fail_with_errno("cannot remove the folder", path);
  return run_as_root(disk, {"rmdir", "--ignore-fail-on-non-empty", "--", path});
}

Result<void> restore_times(const Disk& disk, const std::filesystem::path& path, const FileState& state) {
  const auto now = look_at(path);
  if (now && now->modified_s == state.modified_s && now->modified_ns == state.modified_ns) return {};
  if (auto set = set_times(path, state); set || geteuid() == 0) return set;
  return run_as_root(disk, {"touch", "--no-create", "--no-dereference", "--time=mtime", "--date",
                            fmt::format("@{}.{:09}", state.modified_s, state.modified_ns), path});
}

}  // namespace fix502
