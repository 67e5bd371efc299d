#include "resolver/processes.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "sys/linux/files.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxCommandLine = 64 * 1024;
constexpr std::size_t kMaxWords = 1000;

std::vector<pid_t> all_processes(const fs::path& proc) {
  std::vector<pid_t> pids;
  std::error_code error;
  for (fs::directory_iterator each(proc, error), end; !error && each != end; each.increment(error)) {
    const std::string name = each->path().filename().string();
    pid_t pid = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (read.ec == std::errc{} && read.ptr == name.data() + name.size()) pids.push_back(pid);
  }
  return pids;
}

std::string name_of(pid_t pid, const fs::path& proc) {
  return std::string(trim(read_text(proc / std::to_string(pid) / "comm", 64)));
}

bool holds(const fs::path& process, const std::string& link) {
  std::error_code error;
  for (fs::directory_iterator each(process / "fd", error), end; !error && each != end; each.increment(error)) {
    std::error_code unreadable;
    if (fs::read_symlink(each->path(), unreadable).string() == link) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> Process::option(std::string_view wanted) const {
  const bool is_long = wanted.starts_with("--");
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (!word.starts_with(wanted)) continue;
    if (word.size() == wanted.size()) {
      if (i + 1 < arguments.size()) return arguments[i + 1];
    } else if (is_long && word[wanted.size()] == '=') {
      return word.substr(wanted.size() + 1);
    } else if (!is_long) {
      return word.substr(wanted.size());
    }
  }
  return std::nullopt;
}

std::optional<Process> read_process(pid_t pid, const fs::path& proc) {
  const fs::path place = proc / std::to_string(pid);
  struct stat about{};
  if (stat(place.c_str(), &about) != 0) return std::nullopt;
  Process process;
  process.pid = pid;
  process.uid = about.st_uid;
  std::error_code unreadable;
  process.name = fs::read_symlink(place / "exe", unreadable).filename().string();
  // A program that was replaced by an update while it runs.
  if (constexpr std::string_view kGone = " (deleted)"; process.name.ends_with(kGone))
    process.name.resize(process.name.size() - kGone.size());
  if (process.name.empty()) process.name = trim(read_text(place / "comm", 64));
  process.folder = fs::read_symlink(place / "cwd", unreadable);
  const std::string line = read_text(place / "cmdline", kMaxCommandLine);
  for (std::size_t at = 0; at < line.size() && process.arguments.size() < kMaxWords;) {
    const auto end = std::min(line.find('\0', at), line.size());
    process.arguments.push_back(line.substr(at, end - at));
    at = end + 1;
  }
  return process;
}

std::optional<Process> holder_of(std::uint64_t inode, const std::function<bool(std::string_view name)>& is_wanted,
                                 const fs::path& proc) {
  const std::string link = fmt::format("socket:[{}]", inode);
  // Looking through the descriptors of everybody takes long.
  std::vector<pid_t> first, others;
  for (const pid_t pid : all_processes(proc)) (is_wanted(name_of(pid, proc)) ? first : others).push_back(pid);
  for (const auto* list : {&first, &others})
    for (const pid_t pid : *list)
      if (holds(proc / std::to_string(pid), link)) return read_process(pid, proc);
  return std::nullopt;
}

std::optional<Process> only_process(const std::function<bool(std::string_view name)>& is_wanted, const fs::path& proc) {
  std::vector<pid_t> found;
  for (const pid_t pid : all_processes(proc))
    if (is_wanted(name_of(pid, proc))) found.push_back(pid);
  return found.size() == 1 ? read_process(found.front(), proc) : std::nullopt;
}

}  // namespace fix502
