#pragma once

// Reads planned logs once, all at the same time and in order of time, and hands on the lines that matter.

#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "logline/incident.hpp"
#include "logs/plan.hpp"

namespace fix502 {

/// Requests by upstream and second, for "3 of 4000 failed". Long times are kept more coarsely.
class Traffic {
 public:
  void add(std::string_view upstream, WallTime second, std::uint64_t count);
  [[nodiscard]] std::optional<std::uint64_t> between(std::string_view upstream, WallTime first, WallTime last) const;

 private:
  struct Point {
    std::int64_t second = 0;
    std::uint64_t count = 0;
  };
  std::map<std::string, std::vector<Point>, std::less<>> points_;
};

struct ScanOptions {
  WallTime since{};  ///< 0: from the beginning
  std::optional<WallTime> until = {};
  unsigned threads = 2;
  std::size_t block = 256UL * 1024;
};

struct ScanStats {
  std::uint64_t bytes = 0;     ///< read from the disk
  std::uint64_t total = 0;     ///< size of all files
  std::uint64_t records = 0;   ///< lines that mattered
  std::uint64_t huge = 0;      ///< lines that were cut off
  std::uint64_t timeless = 0;  ///< lines whose time is that of a line near them
  std::uint64_t future = 0;    ///< lines of more than a day from now
  std::uint64_t backward = 0;  ///< lines of an earlier time than the line before them, by more than a minute
  std::uint64_t unknown = 0;   ///< lines that look like trouble, in no shape that is known
  Tally unknown_shapes{64};
  std::vector<Error> problems;
};

class Scan {
 public:
  Scan(const LogPlan& plan, const ScanOptions& options, const Zone& zone);

  using Sink = std::function<void(const Record&)>;
  using Progress = std::function<void(const ScanStats&)>;
  /// Files by the index that records carry.
  [[nodiscard]] const std::vector<std::string>& files() const { return files_; }
  /// Until the end, or until `stop` is set. `progress` is called now and then.
  void run(const Sink& sink, const Progress& progress, const std::atomic<bool>& stop, WallTime now);
  [[nodiscard]] const ScanStats& stats() const { return stats_; }
  [[nodiscard]] const Traffic& traffic() const { return traffic_; }

 private:
  const LogPlan& plan_;
  ScanOptions options_;
  const Zone& zone_;
  std::vector<std::string> files_;
  ScanStats stats_;
  Traffic traffic_;
};

/// Where in a plain, sorted file the first line of that time or later begins; by bisection.
[[nodiscard]] std::uint64_t offset_of(const LogFile& file, WallTime since, const LogSeries& series, const Zone& zone);

}  // namespace fix502
