#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace fix502 {

/// "Memory cgroup out of memory: Killed process 812 (node) ...": whom the kernel killed, as "Killed process 812 (node)"
/// with what came before; empty: the line is about something else. Pure.
[[nodiscard]] std::string memory_kill_in(std::string_view line);
/// A line by which SELinux or AppArmor denies a program of these names (comm, profile) something. Pure.
[[nodiscard]] bool is_denial(std::string_view line, const std::vector<std::string>& programs);

/// A record of /dev/kmsg: "6,1234,98765432,-;the text": its microseconds since boot, and the text. Pure.
struct KernelLine {
  std::chrono::microseconds at{};
  std::string text;
};
[[nodiscard]] Result<KernelLine> read_kmsg(std::string_view record);

/// Its lines of that long, at most 20,000: /dev/kmsg, or the journal where it keeps the kernel's.
[[nodiscard]] Result<std::vector<std::string>> kernel_lines(std::chrono::seconds since,
                                                            std::chrono::steady_clock::time_point deadline);

}  // namespace fix502
