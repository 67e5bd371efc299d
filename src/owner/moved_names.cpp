#include "owner/moved_names.hpp"

#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>

#include "base/text.hpp"
#include "sys/linux/files.hpp"
#include "sys/resolver_files.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostHosts = 4UL * 1024 * 1024;

double seconds_of(const timespec& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

double clock_now(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return seconds_of(now);
}

/// In seconds of the wall clock; a process's start is told in ticks since boot (proc(5)).
double started_at(const RunningProgram& program) {
  const auto per_second = static_cast<double>(std::max(1L, sysconf(_SC_CLK_TCK)));
  return clock_now(CLOCK_REALTIME) - clock_now(CLOCK_BOOTTIME) + static_cast<double>(program.started) / per_second;
}

}  // namespace

std::vector<std::string> moved_names(const Route& route, const std::string& root,
                                     const std::vector<const RunningProgram*>& workers) {
  const std::string hosts = root + "/etc/hosts";
  struct stat about{};
  if (stat(hosts.c_str(), &about) != 0) return {};
  const double changed = seconds_of(about.st_mtim);
  if (std::ranges::none_of(workers, [&](const RunningProgram* worker) { return started_at(*worker) < changed; }))
    return {};
  const std::string text = read_text(hosts, kMostHosts);
  std::vector<std::string> names;
  for (const auto& server : route.servers)
    if (server.is_name() && !lists(names, server.host) && !parse_hosts(text, server.host).addresses.empty())
      names.push_back(server.host);
  return names;
}

}  // namespace fix502
