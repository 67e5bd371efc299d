#pragma once

// What is going to be read: which files belong to one log, in which order, and whose log it is.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "logline/line.hpp"

namespace fix502 {

struct LogFile {
  std::string path;
  std::uint64_t size = 0;
  WallTime changed{};  ///< when it was last written
  WallTime first{};    ///< of its first line with a time; 0: none was found
  bool plain = false;  ///< regular and not compressed, so that one can seek in it
  std::uint64_t inode = 0;
  std::string head = {};  ///< of standard input: what was read to recognise it
};

/// One log with the files that it was rotated into, oldest first.
struct LogSeries {
  std::vector<LogFile> files;
  Role role = Role::error;
  std::string gateway;                   ///< empty: its lines do not tell, and nothing else does
  std::shared_ptr<const Layout> layout;  ///< of a format without a name: given or inferred
  std::vector<std::string> columns;      ///< of a W3C log
  std::string known_format;  ///< all its access lines are of this known format; empty: of none, or of several
  std::string format;        ///< what it was recognised as, for a person
  bool every_line = false;   ///< its lines name the upstream, so that all requests can be counted
  bool mixed = false;        ///< lines of several kinds
  bool errors = false;       ///< lines of an error log were among those that were looked at
  std::string unrecognised;  ///< shape of most of its lines, where not one is known
};

/// For reading lines of this file of the series. `columns`: a copy of the series' own, which a `#Fields:` line changes.
[[nodiscard]] LineContext context_of(const LogSeries& series, const LogFile& file, const Zone& zone,
                                     std::vector<std::string>& columns);

struct PlanOptions {
  std::vector<std::string> nginx_formats = {};   ///< log_format directives
  std::vector<std::string> apache_formats = {};  ///< LogFormat strings
  std::string gateway = {};                      ///< whose logs these are, where that is known
};

struct LogPlan {
  std::vector<LogSeries> series;
  std::vector<Error> problems;  ///< files that cannot be read; the others are
};

/// Folders are searched, names with `*`, `?` and `[` are matched, "-" is standard input.
[[nodiscard]] LogPlan plan_logs(const std::vector<std::string>& inputs, const PlanOptions& options, const Zone& zone);

/// "access.log" of "access.log.2.gz", "access.log-20261120.zst", "access.2026-11-20.log".
[[nodiscard]] std::string series_name(const std::string& path);

}  // namespace fix502
