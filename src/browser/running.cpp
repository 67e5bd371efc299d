// Is a browser at work on a profile? Chromium listens on a socket that its user data folder links to
// (chromium, chrome/browser/process_singleton_posix.cc); Firefox holds a lock on .parentlock
// (gecko, toolkit/profile/nsProfileLock.cpp).

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "browser/profiles.hpp"

namespace fix502 {
namespace {

bool somebody_listens(const std::filesystem::path& socket_link) {
  std::error_code error;
  const auto target = std::filesystem::read_symlink(socket_link, error);
  const std::string path = error ? std::string{} : target.string();
  sockaddr_un address{};
  if (path.empty() || path.size() >= sizeof address.sun_path) return false;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return false;
  const int connected = connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  // A full queue of connections has an owner too.
  const bool listens = connected == 0 || errno == EAGAIN;
  close(descriptor);
  return listens;
}

/// Asks for the lock without taking it. This process never holds one there, so closing the file drops none.
bool is_locked(const std::filesystem::path& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return false;
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  const bool held = fcntl(descriptor, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  close(descriptor);
  return held;
}

}  // namespace

bool is_running(const Profile& profile) {
  if (profile.engine == Engine::firefox) return is_locked(profile.folder / ".parentlock");
  // An embedded or headless Chromium has no such socket, but LevelDB's lock is held by all of them.
  return somebody_listens(profile.root / "SingletonSocket") ||
         is_locked(profile.folder / "Local Storage" / "leveldb" / "LOCK");
}

}  // namespace fix502
