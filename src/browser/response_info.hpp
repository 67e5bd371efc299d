#pragma once

#include <string_view>

#include "base/result.hpp"
#include "browser/stored.hpp"

namespace fix502 {

inline constexpr std::size_t kMaxAddress = 64;  ///< bytes of an address in a cache entry

/// Reads what Chromium keeps beside a stored body: its pickled HttpResponseInfo. Status, header fields, both times and
/// the server's address are taken; whatever follows may be of any version.
/// Source: chromium, net/http/http_response_info.cc (InitFromPickle), base/pickle.h.
[[nodiscard]] Result<void> read_response_info(std::string_view pickle, CacheEntry& entry);

/// Chromium's microseconds since 1601 as a moment; nothing where it is none.
[[nodiscard]] std::optional<WallTime> chromium_time(std::int64_t microseconds);

}  // namespace fix502
