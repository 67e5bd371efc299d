#pragma once

#include "report/report.hpp"

namespace fix502 {

/// The `verdict` of every schema that has one.
[[nodiscard]] Json verdict_json(const Verdict& verdict, const std::string& title);
/// One of `observations`, in every schema that has them.
[[nodiscard]] Json observation_json(const Observation& observation);
/// Three decimals: more would claim a precision that nobody measured.
[[nodiscard]] Json rounded(double confidence);
[[nodiscard]] Json milliseconds(Duration duration);
/// Valid UTF-8 and nothing that steers a terminal.
[[nodiscard]] Json cleaned(const Json& json);

}  // namespace fix502
