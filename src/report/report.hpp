#pragma once

#include <optional>
#include <string>
#include <vector>

#include "edge/comparison.hpp"
#include "fault/fault.hpp"
#include "observation/evidence.hpp"
#include "remedy/remedy.hpp"

namespace fix502 {

/// A finished diagnosis: the evidence and all that follows from it.
struct Report {
  Evidence evidence;
  Verdict verdict;
  std::vector<Step> steps;
  std::vector<PathHop> path;
  std::vector<Remedy> remedies;
  std::optional<EdgeComparison> comparison{};  ///< of edge and origin, with --origin
};

/// Pure: everything in a report follows from the evidence.
[[nodiscard]] Report make_report(Evidence evidence);

/// The same report for strangers: each value in an address's query, and what repeats one, is "<redacted>". Cookies and
/// credentials are in no report anyway.
[[nodiscard]] Report without_query_values(Report report);

struct TerminalStyle {
  bool colour = false;
  bool unicode = true;
  int width = 80;
  bool verbose = false;  ///< -v: every observation with its timings as a waterfall
};

/// Schema fix502.report/1 as a tree, for those who need it in one line or inside something larger.
[[nodiscard]] Json report_tree(const Report& report);
/// Schema fix502.report/1, one line end at the end.
[[nodiscard]] std::string report_json(const Report& report);
[[nodiscard]] std::string report_terminal(const Report& report, const TerminalStyle& style);
[[nodiscard]] std::string report_html(const Report& report);
[[nodiscard]] std::string report_markdown(const Report& report);

}  // namespace fix502
