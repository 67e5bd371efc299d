#pragma once

// Logs to incidents: plan, scan, join, gather, on one page.

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "logs/scan.hpp"

namespace fix502 {

struct LogOrder {
  std::vector<std::string> inputs;  ///< files, folders, names with `*`, "-"
  PlanOptions plan;
  ScanOptions scan;
  std::chrono::seconds gap{900};
};

/// What came out, to be shown in whatever shape.
struct LogReport {
  std::vector<Incident> incidents;   ///< in order of damage
  std::vector<std::string> files;    ///< what Incident::file counts in
  std::vector<std::string> formats;  ///< "access.log: nginx access (combined)", a line per series
  ScanStats stats;
  std::size_t access_logs = 0;
  std::size_t error_logs = 0;
  bool interrupted = false;
  bool understood = true;  ///< false: not one file is of a known format
};

struct LogWatchers {
  Scan::Progress progress;
  std::function<void(const LoggedFailure&, const std::vector<std::string>& files)> failure;  ///< each failed request
};

[[nodiscard]] LogReport read_logs(const LogOrder& order, const LogPlan& plan, const Zone& zone, WallTime now,
                                  const std::atomic<bool>& stop, const LogWatchers& watchers);

/// Tells the joiner which logs of which gateway are read.
void expect_logs(Joiner& joiner, const LogPlan& plan);

}  // namespace fix502
