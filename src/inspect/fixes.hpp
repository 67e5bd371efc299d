#pragma once

#include <optional>
#include <vector>

#include "cause/cause.hpp"
#include "inspect/gateways.hpp"
#include "inspect/inspect.hpp"
#include "report/gateway_report.hpp"

namespace fix502 {

/// A finding with what this gateway can do about it.
struct Judged {
  GatewayFinding finding;
  std::size_t way = 0;              ///< index in Inspection::ways
  FileTexts before, after;          ///< of the files that the fix changes; both empty where a reload is enough
  std::vector<std::string> remove;  ///< files of a cache that go with it
  bool restart = false;
};

/// Every finding of every way, each once, the worst first, each with its fix where there is one.
[[nodiscard]] std::vector<Judged> judge(const Inspection& seen);

/// The whole report, without what --apply did.
[[nodiscard]] GatewayReport report_of(const GatewayQuestion& question, const Inspection& seen,
                                      const std::vector<Judged>& judged);

}  // namespace fix502
