#pragma once

// The gateways of this machine: found by their processes or by a file that somebody named, their configuration read.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/kind.hpp"

namespace fix502 {

struct FoundGateway {
  const GatewayKind* kind = nullptr;  ///< never null
  ReadRequest request;
  std::optional<RunningProgram> master;
  std::vector<int> processes;  ///< the master and its workers
  std::unique_ptr<Configuration> configuration;
  Operation operation;
  std::string root;  ///< "/proc/PID/root" where it lives in another root than we do; empty: the same
};

/// What the gateway's own check said.
struct Checked {
  bool ran = false;
  bool good = true;
  std::string said;  ///< the line that says why, where it is not good
  std::string file;
  int line = 0;
};

struct GatewayWish {
  std::string kind, config;  ///< empty: all that run
};

/// Everything that runs, or what was named. `notes` gets what could not be read. Empty where there is none.
[[nodiscard]] Result<std::vector<FoundGateway>> find_gateways(const GatewayWish& wish, std::vector<std::string>& notes);

/// Has the gateway check its configuration (it only reads; at most ten seconds).
[[nodiscard]] Checked check(const FoundGateway& gateway);
/// The line of a check's output that says what is wrong, and the place that it names. Pure.
[[nodiscard]] Checked read_check(std::string_view output);

/// Has the gateway load its configuration and waits until the new one is served, at most ten seconds.
[[nodiscard]] Result<void> reload(const FoundGateway& gateway);
/// The check and the reload as a person would type them.
[[nodiscard]] std::vector<std::string> commands_of(const FoundGateway& gateway);

}  // namespace fix502
