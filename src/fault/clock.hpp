#pragma once

#include <optional>

#include "fault/fault.hpp"

namespace fix502 {

/// This machine's clock against the Date fields of others (RFC 9110 6.6.1).
struct ClockReading {
  long ahead_seconds = 0;    ///< positive: this machine is fast
  bool independent = false;  ///< by somebody else than the site itself
  Cites cites;
};
[[nodiscard]] std::optional<ClockReading> read_clock(const Evidence& evidence);
/// Less than this no certificate is issued for, and no visitor notices.
constexpr long kNoticeableSeconds = 10 * 60;
/// The certificates of that failing exchange are valid at the time that others have.
[[nodiscard]] bool good_at_right_time(const Evidence& evidence, const HttpExchange& error, const ClockReading& clock);

}  // namespace fix502
