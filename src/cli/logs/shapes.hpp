#pragma once

// The shapes that incidents out of logs are shown in.

#include <string>
#include <vector>

#include "history/database.hpp"
#include "logs/read_logs.hpp"
#include "report/report.hpp"

namespace fix502 {

[[nodiscard]] Json logs_json(const LogReport& report);
/// A table with a timeline, at most `style.width` columns wide.
[[nodiscard]] std::string logs_text(const LogReport& report, const TerminalStyle& style);
[[nodiscard]] std::string logs_markdown(const LogReport& report);
[[nodiscard]] std::string logs_html(const LogReport& report);
/// OpenMetrics, for a folder that a node exporter collects.
[[nodiscard]] std::string logs_metrics(const LogReport& report);

/// One row per failed request, for one's own questions.
class FailureTable {
 public:
  [[nodiscard]] static Result<FailureTable> create(const std::string& path);
  void add(const LoggedFailure& failure, const std::vector<std::string>& files);
  /// Writes the incidents too, and takes out what another upstream answered in the end.
  [[nodiscard]] Result<void> finish(const LogReport& report);

 private:
  explicit FailureTable(Database database) : database_(std::move(database)) {}
  Database database_;
  Result<void> outcome_;
};

/// "http://..." of hostile bytes: printable, and at most so long.
[[nodiscard]] std::string shown(std::string_view text, std::size_t limit = 300);
/// The fault in a few words: "nothing listens at the upstream's address".
[[nodiscard]] std::string_view words_of_fault(std::string_view fault);
/// "2 h 10 min", "1 s"
[[nodiscard]] std::string lasting(const Incident& incident);
/// What it began with: a line of a log, or slow answers; empty where no log tells.
[[nodiscard]] std::string began_text(const Incident& incident);
/// "1 incident", "3 incidents in 412 failed requests", "No incidents."
[[nodiscard]] std::string headline_of(const LogReport& report);
/// "1.2 GB"
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);

}  // namespace fix502
