#include "owner/programs.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "owner/proc_texts.hpp"
#include "sys/linux/files.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostCommandLine = 64UL * 1024;
constexpr std::size_t kMostEnvironment = 128UL * 1024;
constexpr std::size_t kMostProcesses = 50'000;
constexpr std::size_t kMostStatus = 16UL * 1024;

std::string link_of(const fs::path& path) {
  std::error_code unreadable;
  std::string target = fs::read_symlink(path, unreadable).string();
  // A program that was replaced by an update while it runs.
  if (constexpr std::string_view kGone = " (deleted)"; target.ends_with(kGone))
    target.resize(target.size() - kGone.size());
  return target;
}

}  // namespace

std::optional<RunningProgram> running_program(int pid, const fs::path& proc) {
  const fs::path place = proc / std::to_string(pid);
  RunningProgram program;
  program.pid = pid;
  if (!read_proc_stat(read_text(place / "stat", kMostStatus), program)) return std::nullopt;
  read_proc_status(read_text(place / "status", kMostStatus), program);
  program.program = link_of(place / "exe");
  program.arguments = nul_separated(read_text(place / "cmdline", kMostCommandLine));
  program.folder = link_of(place / "cwd");
  const std::string root = link_of(place / "root");
  if (!root.empty()) program.root = root;
  for (const auto& entry : nul_separated(read_text(place / "environ", kMostEnvironment)))
    if (const auto equals = entry.find('='); equals != entry.npos && equals > 0)
      program.environment.push_back({entry.substr(0, equals), entry.substr(equals + 1)});
  return program;
}

std::vector<RunningProgram> running_programs(const fs::path& proc) {
  std::vector<int> pids;
  std::error_code error;
  for (fs::directory_iterator each(proc, error), end; !error && each != end; each.increment(error)) {
    const std::string name = each->path().filename().string();
    int pid = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (read.ec == std::errc{} && read.ptr == name.data() + name.size() && pids.size() < kMostProcesses)
      pids.push_back(pid);
  }
  std::ranges::sort(pids);
  std::vector<RunningProgram> programs;
  for (const int pid : pids)
    // A kernel thread has no command line; neither has a process that is gone but not yet waited for.
    if (auto program = running_program(pid, proc); program && !program->arguments.empty())
      programs.push_back(std::move(*program));
  return programs;
}

std::vector<int> children_of(int pid, const std::vector<RunningProgram>& all) {
  std::vector<int> children;
  for (const auto& program : all)
    if (program.parent == pid && pid > 0) children.push_back(program.pid);
  return children;
}

std::string unit_of(int pid, const fs::path& proc) {
  return unit_in_cgroup(read_text(proc / std::to_string(pid) / "cgroup", kMostStatus));
}

}  // namespace fix502
