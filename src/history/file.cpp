#include "history/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <thread>

namespace fix502 {
namespace {

constexpr std::chrono::milliseconds kLook{20};
constexpr int kMostBroken = 1'000;

std::unexpected<Error> cannot(const char* what, const std::string& path) {
  return fail(fmt::format("{}: {}", what, std::strerror(errno)), path);
}

}  // namespace

Result<OpeningLock> OpeningLock::take(const std::string& path, std::chrono::milliseconds patience) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return cannot("cannot write there", path);
  OpeningLock lock(descriptor);
  const auto end = std::chrono::steady_clock::now() + patience;
  while (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return cannot("cannot lock it", path);
    if (std::chrono::steady_clock::now() > end) return fail("another process keeps it busy", path);
    std::this_thread::sleep_for(kLook);
  }
  return lock;
}

OpeningLock::~OpeningLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

Result<void> make_private_file(const std::string& path) {
  std::error_code error;
  const auto folder = std::filesystem::path(path).parent_path();
  if (!std::filesystem::exists(folder, error)) {
    std::filesystem::create_directories(folder, error);
    if (error) return fail("cannot make the folder: " + error.message(), folder);
    // XDG base directories: what an application makes there is the user's alone.
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  }
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return cannot("cannot write there", path);
  close(descriptor);
  return {};
}

Result<std::string> set_aside(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  for (int n = 1; n <= kMostBroken; ++n) {
    std::string aside = fmt::format("{}.broken-{}", path, n);
    if (fs::exists(fs::symlink_status(aside, error))) continue;
    fs::rename(path, aside, error);
    if (error) return fail("it is damaged, and cannot be moved aside: " + error.message(), path);
    // A log that is left behind would be taken for the fresh file's own.
    for (const char* companion : {"-wal", "-shm"}) fs::rename(path + companion, aside + companion, error);
    return aside;
  }
  return fail("it is damaged, and too many damaged ones stand beside it", path);
}

}  // namespace fix502
