#include "browser/profile_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace fix502 {
namespace {

#ifdef O_NOATIME
constexpr int kLeaveNoTrace = O_NOATIME;  // allowed to the file's owner
#else
constexpr int kLeaveNoTrace = 0;
#endif

}  // namespace

Result<ProfileFile> ProfileFile::open(const std::filesystem::path& path) {
  constexpr int kFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
  int descriptor = ::open(path.c_str(), kFlags | kLeaveNoTrace);
  if (descriptor < 0 && errno == EPERM) descriptor = ::open(path.c_str(), kFlags);
  if (descriptor < 0) return fail(std::strerror(errno), path.filename().string());
  struct stat about{};
  if (fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode)) {
    ::close(descriptor);
    return fail("not a regular file", path.filename().string());
  }
  return ProfileFile(descriptor, static_cast<std::uint64_t>(about.st_size));
}

ProfileFile::ProfileFile(ProfileFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_) {}

ProfileFile::~ProfileFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::string ProfileFile::read(std::uint64_t offset, std::size_t size) const {
  if (offset >= size_) return {};
  std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>(size, size_ - offset)), '\0');
  std::size_t got = 0;
  while (got < bytes.size()) {
    const auto more = pread(descriptor_, bytes.data() + got, bytes.size() - got, static_cast<off_t>(offset + got));
    if (more <= 0) break;
    got += static_cast<std::size_t>(more);
  }
  bytes.resize(got);
  return bytes;
}

Result<std::string> read_profile_file(const std::filesystem::path& path, std::size_t limit) {
  const auto file = ProfileFile::open(path);
  if (!file) return std::unexpected(file.error());
  if (file->size() > limit)
    return fail(fmt::format("larger than {} MiB", limit / 1024 / 1024), path.filename().string());
  return file->read(0, static_cast<std::size_t>(file->size()));
}

}  // namespace fix502
