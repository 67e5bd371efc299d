#include "owner/kernel_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <ctime>

#include "base/text.hpp"
#include "sys/linux/fd.hpp"
#include "sys/linux/tool.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostLines = 20'000;
constexpr std::size_t kMostRecord = 8192;  // Documentation/ABI/testing/dev-kmsg: a record's bound is below that
constexpr std::size_t kShown = 300;

Result<std::vector<std::string>> from_kmsg(std::chrono::seconds since) {
  const Fd log(open("/dev/kmsg", O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!log) return fail(std::strerror(errno), "/dev/kmsg");
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  const auto from = std::chrono::seconds(now.tv_sec) - since;
  std::vector<std::string> lines;
  std::string record(kMostRecord, '\0');
  for (std::size_t reads = 0; reads < 10 * kMostLines; ++reads) {
    const auto size = read(log.get(), record.data(), record.size());
    if (size < 0 && errno == EPIPE) continue;  // records were overwritten while we read
    if (size <= 0) break;
    auto line = read_kmsg({record.data(), static_cast<std::size_t>(size)});
    if (line && line->at >= from && lines.size() < kMostLines) lines.push_back(std::move(line->text));
  }
  return lines;
}

}  // namespace

std::string memory_kill_in(std::string_view line) {
  // mm/oom_kill.c: "Out of memory: Killed process 812 (node) ...", "Memory cgroup out of memory: Killed process ...";
  // older kernels: "Kill process". The killed one's children are named the same way.
  if (!contains_ignoring_case(line, "out of memory")) return {};
  const auto at = line.find("Kill");
  const auto process = line.find(" process ");
  if (at == line.npos || process == line.npos) return {};
  const auto close = line.find(')', process);
  return printable(line.substr(0, close == line.npos ? close : close + 1), kShown);
}

bool is_denial(std::string_view line, const std::vector<std::string>& programs) {
  const bool selinux = line.contains("avc:") && line.contains("denied");
  const bool apparmor = line.contains("apparmor=\"DENIED\"");
  if (!selinux && !apparmor) return false;
  return std::ranges::any_of(programs, [&](const std::string& program) {
    // The kernel cuts comm to 15 letters.
    return line.contains("comm=\"" + program.substr(0, 15) + "\"") ||
           (apparmor && line.contains("profile=\"" + program + "\"")) ||
           (apparmor && line.contains("/" + program + "\""));
  });
}

Result<KernelLine> read_kmsg(std::string_view record) {
  const auto text = record.find(';');
  if (text == record.npos) return fail("no record of the kernel's log");
  const auto fields = split(record.substr(0, text), ',');
  std::int64_t micros = 0;
  if (fields.size() < 3 ||
      std::from_chars(fields[2].data(), fields[2].data() + fields[2].size(), micros).ec != std::errc{})
    return fail("no record of the kernel's log");
  const auto rest = record.substr(text + 1);
  return KernelLine{std::chrono::microseconds(micros), std::string(rest.substr(0, rest.find('\n')))};
}

Result<std::vector<std::string>> kernel_lines(std::chrono::seconds since,
                                              std::chrono::steady_clock::time_point deadline) {
  auto lines = from_kmsg(since);
  if (lines) return lines;
  const ToolEnd journal = run_program(
      {.words = {"journalctl", "-k", "-q", "--no-pager", "-o", "cat", "-n", "5000",
                 fmt::format("--since=-{}s", since.count())},
       .most_output = 1024UL * 1024},
      [](std::string_view) { return true; }, deadline);
  if (journal.status != 0) return lines;
  std::vector<std::string> found;
  for (const auto line : split(journal.output, '\n')) found.emplace_back(line);
  return found;
}

}  // namespace fix502
