#pragma once

// Times as people write and read them: local on a terminal, UTC in JSON.

#include <string>
#include <string_view>

#include "base/fields.hpp"

namespace fix502 {

/// "45 s", "6 min", "2 h 10 min", "3 days".
[[nodiscard]] std::string length_text(std::chrono::seconds length);
/// "2026-11-22 10:00" on this machine's clock.
[[nodiscard]] std::string local_time(WallTime when);
/// "10:00:12" on this machine's clock.
[[nodiscard]] std::string local_clock(WallTime when);
/// "2026-11-22T10:00:00Z"
[[nodiscard]] std::string utc_time(WallTime when);

/// "90m", "6h", "7d", "2w" ago; "2026-11-01", "2026-11-01T10:00" or "2026-11-01 10:00:00" of this machine's clock; with
/// a Z at its end of UTC.
[[nodiscard]] Result<WallTime> parse_since(std::string_view text, WallTime now);

}  // namespace fix502
