#pragma once

// The processes of this machine, as far as /proc lets this user see them.

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fix502 {

struct Process {
  pid_t pid = 0;
  std::uint32_t uid = 0;
  std::string name;                    ///< of its executable, "unbound"; cut to 15 letters where only comm may be read
  std::vector<std::string> arguments;  ///< /proc/PID/cmdline, the program's own name included
  std::filesystem::path folder;        ///< its working directory; empty where it may not be read

  /// The value of an option: "-c FILE", "-cFILE" for one dash, "--name=VALUE" or "--name VALUE" for two.
  [[nodiscard]] std::optional<std::string> option(std::string_view name) const;
};

[[nodiscard]] std::optional<Process> read_process(pid_t pid, const std::filesystem::path& proc = "/proc");
/// Whoever holds the socket; those whose names are wanted are looked at first. Other users' processes only root can
/// look into.
[[nodiscard]] std::optional<Process> holder_of(std::uint64_t inode,
                                               const std::function<bool(std::string_view name)>& is_wanted,
                                               const std::filesystem::path& proc = "/proc");
/// The one process with a wanted name; none where there are several.
[[nodiscard]] std::optional<Process> only_process(const std::function<bool(std::string_view name)>& is_wanted,
                                                  const std::filesystem::path& proc = "/proc");

}  // namespace fix502
