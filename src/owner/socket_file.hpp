#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/machine_facts.hpp"
#include "gateway/process.hpp"

namespace fix502 {

/// Owner and mode of a file or folder.
struct Permissions {
  unsigned user = 0, group = 0;
  std::uint32_t mode = 0;  ///< the permission bits
};
inline constexpr std::uint32_t kWrite = 2, kSearch = 1;

/// Whether somebody may do that with it: the class that he belongs to decides alone (path_resolution(7)). Root may.
/// Pure.
[[nodiscard]] bool is_allowed(const Permissions& about, const RunningProgram& who, std::uint32_t want);

/// The socket's file with the eyes of `who` (a worker); `root` is by which way his files are reached ("/proc/812/root",
/// empty: ours), `listening` the paths on which somebody listens.
[[nodiscard]] SocketFile look_at_socket_file(const std::string& path, const RunningProgram& who,
                                             const std::string& root, const std::vector<std::string>& listening);

}  // namespace fix502
