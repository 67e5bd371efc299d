// nscd, which glibc asks before everything else. It hands its database of hosts, read-only, to whoever asks for it
// (glibc 2.36 nscd/connections.c, GETFDHST): so every program can see what is stored, and how long it still will be.

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>

#include "resolver/fd.hpp"
#include "resolver/nscd_database.hpp"
#include "resolver/program.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMaxDatabase = 64 * 1024 * 1024;  // nscd.conf(5): max-db-size is 32 MiB unless told

/// The open file that comes with the answer; none where nscd does not share.
Fd shared_database(Moment deadline) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, kNscdSocket, sizeof address.sun_path - 1);
  const Fd connection(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!connection || connect(connection.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return Fd(-1);
  const std::string question = nscd_question(kNscdHostsDatabase, "hosts");
  const auto sent = send(connection.get(), question.data(), question.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(question.size()) || !wait_for(connection.get(), POLLIN, deadline)) return Fd(-1);
  std::array<char, 64> text{};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  iovec into{text.data(), text.size()};
  msghdr message{};
  message.msg_iov = &into;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  if (recvmsg(connection.get(), &message, MSG_CMSG_CLOEXEC) <= 0) return Fd(-1);
  const cmsghdr* part = CMSG_FIRSTHDR(&message);
  if (part == nullptr || part->cmsg_type != SCM_RIGHTS || part->cmsg_len != CMSG_LEN(sizeof(int))) return Fd(-1);
  int file = -1;
  std::memcpy(&file, CMSG_DATA(part), sizeof file);
  return Fd(file);
}

std::string whole(const Fd& file) {
  struct stat about{};
  if (!file || fstat(file.get(), &about) != 0 || about.st_size <= 0) return {};
  std::string bytes(std::min(static_cast<std::size_t>(about.st_size), kMaxDatabase), '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    const auto got = pread(file.get(), bytes.data() + have, bytes.size() - have, static_cast<off_t>(have));
    if (got <= 0) break;
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

/// What it answers; that it has kept the answer cannot be told from that alone.
void ask(ResolverCache& cache, Moment deadline) {
  const auto spoken = speak(
      kNscdSocket, nscd_question(kNscdAddresses, cache.name),
      [](std::string_view so_far) {
        const auto size = nscd_reply_size(so_far);
        return size > 0 && so_far.size() >= size;
      },
      deadline);
  if (!spoken) {
    cache.problem = spoken.error().message();
    return;
  }
  if (const auto reply = read_nscd_reply(spoken->bytes)) cache.addresses = reply->addresses;
}

void look(const LocalResolver&, ResolverCache& cache, Moment deadline) {
  const auto records = read_nscd_database(whole(shared_database(deadline)), cache.name);
  if (!records) {
    cache.problem = "it does not share its cache";
    ask(cache, deadline);
    return;
  }
  cache.looked = true;
  const auto now =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
  for (const auto& record : *records) {
    if (record.until <= now.count()) continue;
    cache.cached = Cached::yes;
    const auto left = static_cast<std::uint32_t>(std::min<std::int64_t>(record.until - now.count(), 0x7fff'ffff));
    for (const auto& address : record.addresses) add_stored(cache, address, left);
  }
  if (cache.cached != Cached::yes) cache.cached = Cached::no;
}

std::vector<std::string> asks(const LocalResolver&, const std::string&, Moment) {
  return {};
}

void plan(const LocalResolver&, ResolverCache& cache) {
  cache.flush = {{"nscd", "-i", "hosts"}};
  cache.flushes_all = true;
  cache.needs_root = true;
}

}  // namespace

extern const CacheProgram nscd_program{
    .id = "nscd",
    .executables = "nscd",
    .calls_itself = {},
    .look = look,
    .asks = asks,
    .plan = plan,
};

}  // namespace fix502
