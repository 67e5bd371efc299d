#pragma once

// The programs that keep answers on this machine: how each is looked into, and how it is made to forget a name.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "observation/resolver_cache.hpp"
#include "resolver/processes.hpp"
#include "resolver/talk.hpp"

namespace fix502 {

inline constexpr const char* kNscdSocket = "/var/run/nscd/socket";
inline constexpr const char* kResolvedSocket = "/run/systemd/resolve/io.systemd.Resolve";

/// One of them, running.
struct LocalResolver {
  std::string server;  ///< where it answers DNS, "127.0.0.53:53"; empty: it does not
  Process process;     ///< pid 0: it could not be told
};

struct CacheProgram {
  std::string_view id;
  std::string_view executables;   ///< names of it, with blanks between
  std::string_view calls_itself;  ///< what its CHAOS version begins with; empty: it has none
  /// Fills in what is stored for `cache.name` and `cache.aliases`, and sets `looked`; or says why not in `problem`.
  void (*look)(const LocalResolver& resolver, ResolverCache& cache, Moment deadline);
  /// Whom it asks about `name` when it does not know; empty: the zones themselves, or it cannot be told.
  std::vector<std::string> (*asks)(const LocalResolver& resolver, const std::string& name, Moment deadline);
  /// Fills in `flush` and what it takes.
  void (*plan)(const LocalResolver& resolver, ResolverCache& cache);
};

[[nodiscard]] std::span<const CacheProgram* const> cache_programs();
/// By the name of the executable, or of the process (which the kernel cuts to 15 letters).
[[nodiscard]] const CacheProgram* program_called(std::string_view executable);
[[nodiscard]] const CacheProgram* program_with_version(std::string_view version);

/// The name and its aliases.
[[nodiscard]] std::vector<std::string> names_of(const ResolverCache& cache);
/// Puts in a stored address record: its address once, the smallest TTL.
void add_stored(ResolverCache& cache, std::string address, std::uint32_t ttl);
/// Reads "NAME TTL IN A ADDRESS" and the like (RFC 1035 5.1) if it is about one of the names, case aside, and adds it.
/// `ttl_column` counts from 0. False where it is about something else.
bool add_stored_line(ResolverCache& cache, const std::vector<std::string>& names, std::string_view line,
                     std::size_t ttl_column);
/// A path of the program's own command line, made absolute.
[[nodiscard]] std::string path_of(const Process& process, const std::string& path);
/// Of "zone -> servers" pairs those of the longest zone that the name lies in, as "192.0.2.1:53".
struct Forward {
  std::string zone;  ///< "." is everything
  std::vector<std::string> servers;
};
[[nodiscard]] std::vector<std::string> nearest_forward(const std::vector<Forward>& forwards, std::string_view name);

}  // namespace fix502
