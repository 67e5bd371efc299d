#pragma once

// The kernel's texts (proc(5)), read. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/process.hpp"

namespace fix502 {

[[nodiscard]] std::vector<std::string> nul_separated(std::string_view bytes);
/// /proc/PID/stat: name, parent, start. The name may hold blanks and brackets.
bool read_proc_stat(std::string_view text, RunningProgram& program);
/// /proc/PID/status: effective user and group, supplementary groups.
void read_proc_status(std::string_view text, RunningProgram& program);
/// /proc/PID/limits: the soft limit of open files; nothing: unlimited, or not there.
[[nodiscard]] std::optional<std::uint64_t> open_file_limit(std::string_view text);
/// /proc/PID/cgroup: the innermost systemd unit, "gunicorn.service"; empty: none.
[[nodiscard]] std::string unit_in_cgroup(std::string_view text);
/// Its path in the memory controller, version 2 ("", "/system.slice/...") or 1 ("memory", ...); empty path: none.
[[nodiscard]] std::pair<std::string, std::string> memory_cgroup(std::string_view text);
/// A counter of /proc/net/netstat or snmp: pairs of lines, names and numbers.
[[nodiscard]] std::optional<std::uint64_t> counter_in(std::string_view text, std::string_view group,
                                                      std::string_view name);
/// "oom_kill 3": a line's number by its key (memory.events, memory.oom_control).
[[nodiscard]] std::optional<std::uint64_t> keyed_number(std::string_view text, std::string_view key);
/// ip_local_port_range: how many ports there are.
[[nodiscard]] std::optional<std::uint64_t> ports_in_range(std::string_view text);

}  // namespace fix502
