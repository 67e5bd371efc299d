#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "gateway/machine_facts.hpp"
#include "gateway/process.hpp"
#include "owner/sock_diag.hpp"

namespace fix502 {

/// Whose a socket is, by its inode. The first process that holds it by number: a master before its workers.
using SocketOwners = std::map<std::uint64_t, int>;
/// Looks through everybody's descriptors for these; `unreadable` counts processes that may not be looked into.
[[nodiscard]] SocketOwners find_owners(const std::vector<RunningProgram>& programs,
                                       const std::set<std::uint64_t>& wanted, std::size_t& unreadable);
/// The sockets that one process holds.
[[nodiscard]] std::set<std::uint64_t> sockets_of(int pid);

/// Who listens where, TCP first; at most 2,000. Pure, but for the units' names.
[[nodiscard]] std::vector<ListenSocket> listeners_of(const std::vector<InetSocket>& inet,
                                                     const std::vector<UnixSocket>& unix_ones,
                                                     const SocketOwners& owners,
                                                     const std::vector<RunningProgram>& programs);

}  // namespace fix502
