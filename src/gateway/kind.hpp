#pragma once

// One kind of gateway: everything that differs between nginx, HAProxy, Apache and Caddy stands behind this row.

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/configuration.hpp"

namespace fix502 {

/// Runs a program that only looks (`nginx -V`, `caddy adapt`) and gives what it printed on both channels; bounded in
/// time and size.
struct Said {
  int status = 0;
  std::string out, err;
};
using Asker = std::function<Result<Said>(const std::vector<std::string>& words, const std::string& folder,
                                         const std::vector<NameValue>& environment)>;

struct GatewayKind {
  std::string_view id;     ///< "nginx"
  std::string_view title;  ///< "nginx", "Apache httpd"
  std::string_view usual;  ///< the main file on Debian
  /// Whether this process is the one of such a gateway that holds its configuration (the master).
  bool (*is_master)(const RunningProgram& process) = nullptr;
  /// What that process has read. May ask the program for its built-in places.
  Result<ReadRequest> (*request_of)(const RunningProgram& process, const Asker& ask) = nullptr;
  /// The same for a file that somebody named, with or without a running process (null).
  Result<ReadRequest> (*request_for)(const std::string& config, const RunningProgram* process,
                                     const Asker& ask) = nullptr;
  Result<std::unique_ptr<Configuration>> (*read)(const ReadRequest& request, Files& files) = nullptr;
  Operation (*operation)(const ReadRequest& request, const Configuration& configuration,
                         const RunningProgram* master) = nullptr;
  /// Of an access log's format: what tells an error of the application's from one of the gateway's, and a line for the
  /// configuration that has it; empty: every format does, or the error log says it.
  std::string_view log_field = {}, log_format = {};
};

/// In the order of gateways.def.
[[nodiscard]] const std::vector<const GatewayKind*>& gateway_kinds();
[[nodiscard]] const GatewayKind* find_gateway_kind(std::string_view id);

}  // namespace fix502
