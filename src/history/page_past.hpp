#pragma once

// All that is known of pages since some day, read at once and as fix502.history/1.

#include <optional>
#include <string>
#include <vector>

#include "history/history.hpp"

namespace fix502 {

/// All that is known of one page since then.
struct PagePast {
  std::string url;
  std::vector<PastRun> runs;
  std::vector<Outage> outages;
  std::vector<Slot> slots;
};

/// `url`: as url_for_history() gives it; empty: every page.
[[nodiscard]] Result<std::vector<PagePast>> read_past(History& history, const std::string& url, WallTime since);

struct PastTries {
  std::int64_t all = 0;
  std::int64_t worked = 0;
};
[[nodiscard]] PastTries tries_of(const PagePast& past);
/// Empty where there is no outage.
[[nodiscard]] std::optional<std::chrono::seconds> median_length(const std::vector<Outage>& outages, WallTime now);
/// Named by a watch's first look, which claims no side.
[[nodiscard]] bool is_provisional(const Cause& cause);

[[nodiscard]] Json history_json(const std::vector<PagePast>& pages, WallTime since, WallTime now);

}  // namespace fix502
