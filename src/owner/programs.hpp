#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "gateway/process.hpp"

namespace fix502 {

/// Everything that runs and may be seen, by pid; kernel threads are left out.
[[nodiscard]] std::vector<RunningProgram> running_programs(const std::filesystem::path& proc = "/proc");
[[nodiscard]] std::optional<RunningProgram> running_program(int pid, const std::filesystem::path& proc = "/proc");
/// The pids of its children.
[[nodiscard]] std::vector<int> children_of(int pid, const std::vector<RunningProgram>& all);
/// The systemd unit of a process by its cgroup, "gunicorn.service"; empty: none, or not known.
[[nodiscard]] std::string unit_of(int pid, const std::filesystem::path& proc = "/proc");

}  // namespace fix502
