#include "report/report.hpp"

#include <utility>

#include "fault/edge_side.hpp"

namespace fix502 {

Report make_report(Evidence evidence) {
  Report report;
  report.verdict = diagnose(evidence);
  report.steps = judge_steps(evidence, report.verdict);
  report.path = judge_path(evidence, report.verdict);
  report.remedies = plan_remedies(evidence, report.verdict);
  report.comparison = compare_edge_and_origin(evidence);
  report.evidence = std::move(evidence);
  return report;
}

}  // namespace fix502
