#pragma once

// Finished diagnoses, made by hand: what the reports are tested with. The reasoning is not theirs to test.

#include <string>
#include <string_view>
#include <vector>

#include "report/report.hpp"

namespace fix502::test {

struct Situation {
  std::string name;  ///< of the golden files
  Report report;
};

[[nodiscard]] Report healthy();
[[nodiscard]] Report healthy_with_also();
[[nodiscard]] Report bad_gateway();
[[nodiscard]] Report stale_record();
[[nodiscard]] Report inconclusive();
/// Every text that comes from outside tries to escape.
[[nodiscard]] Report hostile();
[[nodiscard]] Report compared();
[[nodiscard]] std::vector<Situation> situations();

/// A report of that fault with every text as long as can be; its remedies are those of the table.
[[nodiscard]] Report longest(std::string_view fault);

}  // namespace fix502::test
