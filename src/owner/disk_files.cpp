#include "owner/disk_files.hpp"

#include <fcntl.h>
#include <glob.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "sys/linux/fd.hpp"

namespace fix502 {
namespace {

/// Opens a path below another root; links in it lead to places below that root too (openat2(2)).
int open_below(const std::string& root, const std::string& path, int flags) {
  if (root.empty()) return open(path.c_str(), flags);
  const Fd folder(open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!folder) return -1;
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags);
  how.resolve = RESOLVE_IN_ROOT;
  const long opened = syscall(SYS_openat2, folder.get(), path.c_str(), &how, sizeof how);
  if (opened >= 0 || errno != ENOSYS) return static_cast<int>(opened);
  return open((root + path).c_str(), flags);
}

std::string namespace_of(const std::string& process, const char* kind) {
  std::error_code unreadable;
  return std::filesystem::read_symlink("/proc/" + process + "/" + kind, unreadable).string();
}

}  // namespace

DiskFiles::DiskFiles(std::string root) : root_(root == "/" ? std::string() : std::move(root)) {}

Result<std::string> DiskFiles::read(const std::string& path) {
  const Fd file(open_below(root_, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat about{};
  if (!file || fstat(file.get(), &about) != 0) return fail(std::strerror(errno), path);
  if (S_ISDIR(about.st_mode)) return fail(std::strerror(EISDIR), path);
  if (!S_ISREG(about.st_mode)) return fail("not a regular file", path);
  std::string text;
  while (text.size() <= kLargestConfig) {
    const std::size_t before = text.size();
    text.resize(before + 256UL * 1024);
    const auto size = ::read(file.get(), text.data() + before, text.size() - before);
    text.resize(before + static_cast<std::size_t>(size > 0 ? size : 0));
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return fail(std::strerror(errno), path);
    if (size == 0) return text;
  }
  return fail("larger than any configuration", path);
}

std::vector<std::string> DiskFiles::match(const std::string& pattern) {
  std::vector<std::string> found;
  glob_t paths{};
  // Sorted by byte: what the locale makes of the order is no gateway's.
  if (glob((root_ + pattern).c_str(), GLOB_NOSORT, nullptr, &paths) == 0)
    for (std::size_t i = 0; i < paths.gl_pathc && found.size() < kMostFiles; ++i)
      found.emplace_back(std::string_view(paths.gl_pathv[i]).substr(root_.size()));
  globfree(&paths);
  std::ranges::sort(found);
  return found;
}

bool DiskFiles::is_folder(const std::string& path) {
  const Fd file(open_below(root_, path, O_PATH | O_CLOEXEC));
  struct stat about{};
  return file && fstat(file.get(), &about) == 0 && S_ISDIR(about.st_mode);
}

std::string root_of(int pid) {
  if (pid <= 0) return {};
  const std::string process = std::to_string(pid);
  const std::string theirs = namespace_of(process, "ns/mnt");
  const bool same_mounts = theirs.empty() || theirs == namespace_of("self", "ns/mnt");
  const std::string root = namespace_of(process, "root");
  const bool same_root = root.empty() || root == namespace_of("self", "root");
  return same_mounts && same_root ? std::string() : "/proc/" + process + "/root";
}

}  // namespace fix502
