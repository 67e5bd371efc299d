#include "owner/listening.hpp"

#include <netinet/tcp.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "base/text.hpp"
#include "owner/programs.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostListeners = 2'000;
constexpr std::size_t kMostName = 100;

/// "socket:[12345]"
std::uint64_t inode_in(std::string_view link) {
  constexpr std::string_view kPrefix = "socket:[";
  std::uint64_t inode = 0;
  if (link.starts_with(kPrefix)) std::from_chars(link.data() + kPrefix.size(), link.data() + link.size(), inode);
  return inode;
}

/// False where it may not be looked into.
bool read_sockets(int pid, std::set<std::uint64_t>& sockets) {
  std::error_code error;
  const fs::path folder = fs::path("/proc") / std::to_string(pid) / "fd";
  fs::directory_iterator each(folder, error);
  if (error == std::errc::permission_denied) return false;
  for (const fs::directory_iterator end; !error && each != end; each.increment(error)) {
    std::error_code gone;
    if (const auto inode = inode_in(fs::read_symlink(each->path(), gone).string()); inode > 0) sockets.insert(inode);
  }
  return true;
}

/// "gunicorn" of a script that a Python runs, "php-fpm8.2": what a person looks for in a list of processes.
std::string called(const RunningProgram& program) {
  const std::string file = fs::path(program.program).filename().string();
  const bool interpreter = file.starts_with("python") || file.starts_with("ruby") || file.starts_with("perl");
  return printable(interpreter || file.empty() ? program.name : file, kMostName);
}

void set_owner(ListenSocket& socket, std::uint64_t inode, const SocketOwners& owners,
               const std::vector<RunningProgram>& programs) {
  const auto owner = owners.find(inode);
  if (owner == owners.end()) return;
  socket.pid = owner->second;
  const auto program = std::ranges::find(programs, socket.pid, &RunningProgram::pid);
  if (program != programs.end()) socket.program = called(*program);
  socket.unit = unit_of(socket.pid);
}

}  // namespace

SocketOwners find_owners(const std::vector<RunningProgram>& programs, const std::set<std::uint64_t>& wanted,
                         std::size_t& unreadable) {
  SocketOwners owners;
  for (const auto& program : programs) {
    std::set<std::uint64_t> held;
    if (!read_sockets(program.pid, held)) ++unreadable;
    for (const auto inode : held)
      if (wanted.contains(inode)) {
        // systemd holds the sockets of units that it starts on demand; whoever serves them is told.
        const auto [owner, first] = owners.try_emplace(inode, program.pid);
        if (!first && owner->second == 1) owner->second = program.pid;
      }
  }
  return owners;
}

std::set<std::uint64_t> sockets_of(int pid) {
  std::set<std::uint64_t> sockets;
  read_sockets(pid, sockets);
  return sockets;
}

std::vector<ListenSocket> listeners_of(const std::vector<InetSocket>& inet, const std::vector<UnixSocket>& unix_ones,
                                       const SocketOwners& owners, const std::vector<RunningProgram>& programs) {
  std::vector<ListenSocket> listeners;
  for (const auto& socket : inet) {
    if (socket.state != TCP_LISTEN || listeners.size() == kMostListeners) continue;
    ListenSocket one;
    one.address = socket.local;
    one.port = socket.local_port;
    one.only_ipv6 = socket.only_ipv6;
    one.waiting = socket.receive_queue;
    one.backlog = socket.send_queue;
    set_owner(one, socket.inode, owners, programs);
    // Workers that share a port (SO_REUSEPORT) are one door, whose fullest queue counts.
    const auto same = std::ranges::find_if(listeners, [&](const ListenSocket& other) {
      return other.port == one.port && other.address == one.address && other.program == one.program;
    });
    if (same == listeners.end())
      listeners.push_back(std::move(one));
    else if (one.waiting > same->waiting)
      same->waiting = one.waiting;
  }
  for (const auto& socket : unix_ones) {
    if (socket.state != TCP_LISTEN || socket.path.empty() || listeners.size() == kMostListeners) continue;
    ListenSocket one;
    one.path = socket.path;
    one.waiting = socket.receive_queue;
    one.backlog = socket.send_queue;
    set_owner(one, socket.inode, owners, programs);
    listeners.push_back(std::move(one));
  }
  return listeners;
}

}  // namespace fix502
