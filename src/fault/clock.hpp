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

}  // namespace fix502
