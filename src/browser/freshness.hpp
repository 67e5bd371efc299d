#pragma once

#include <optional>
#include <string>

#include "browser/stored.hpp"

namespace fix502 {

/// What a browser does with a stored answer when the page is opened: typed, linked or scripted, not reloaded.
struct Serving {
  bool served = false;
  std::optional<long> fresh_seconds;  ///< nothing with `served`: for ever
  std::string why;
};

/// Chromium: RFC 9111 4.2 with a heuristic for 200, 203 and 206 alone; a fresh 502 is served as any other answer.
/// Source: chromium, net/http/http_response_headers.cc (GetFreshnessLifetimes, RequiresValidation).
[[nodiscard]] Serving chromium_serves(const CacheEntry& entry, WallTime now);

/// Firefox: keeps the moment beside the answer, and asks again for a 4xx or 5xx but 410, however fresh.
/// Source: gecko, netwerk/protocol/http/nsHttpResponseHead.cpp (MustValidate, ComputeFreshnessLifetime).
[[nodiscard]] Serving firefox_serves(const CacheEntry& entry, WallTime now);

}  // namespace fix502
