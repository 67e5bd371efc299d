// proc(5): /proc/self/stat and /proc/self/fd.

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "base/text.hpp"
#include "serve/prober.hpp"

namespace fix502 {
namespace {

struct CloseFolder {
  void operator()(DIR* folder) const noexcept { closedir(folder); }
};

double open_files() {
  const std::unique_ptr<DIR, CloseFolder> folder(opendir("/proc/self/fd"));
  if (!folder) return 0;
  double count = -3;  // "." and "..", and the folder itself
  while (readdir(folder.get()) != nullptr) ++count;
  return count;
}

/// The start in seconds since 1970, by the kernel's start (btime).
double start_of(double ticks_after_boot, double per_second) {
  std::FILE* file = std::fopen("/proc/stat", "r");
  if (file == nullptr) return 0;
  char line[512];
  double booted = 0;
  while (std::fgets(line, sizeof line, file) != nullptr)
    if (std::sscanf(line, "btime %lf", &booted) == 1) break;
  std::fclose(file);
  return booted + ticks_after_boot / per_second;
}

}  // namespace

void write_process(MetricsText& text) {
  char line[1024] = {};
  if (std::FILE* file = std::fopen("/proc/self/stat", "r"); file != nullptr) {
    (void)std::fgets(line, sizeof line, file);
    std::fclose(file);
  }
  // The second field is the program's name in parentheses, and may hold anything.
  const auto fields = words(std::string_view(line).substr(std::string_view(line).rfind(')') + 1));
  const auto number = [&](std::size_t field) {  // numbered as proc(5) has them
    double value = 0;
    if (fields.size() > field - 3) (void)std::sscanf(std::string(fields[field - 3]).c_str(), "%lf", &value);
    return value;
  };
  const auto per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  text.family("process_cpu_seconds_total", "counter", "Total user and system CPU time spent in seconds.");
  text.sample((number(14) + number(15)) / per_second);
  text.gauge("process_max_fds", "Maximum number of open file descriptors.", static_cast<double>(files.rlim_cur));
  text.gauge("process_open_fds", "Number of open file descriptors.", open_files());
  text.gauge("process_resident_memory_bytes", "Resident memory size in bytes.",
             number(24) * static_cast<double>(sysconf(_SC_PAGESIZE)));
  text.gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.",
             start_of(number(22), per_second));
  text.gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.", number(23));
}

}  // namespace fix502
