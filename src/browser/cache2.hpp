#pragma once

// Firefox's cache2: a file per stored answer, named after the SHA-1 of its key; first the body, behind it what is known
// about it. Source: gecko, netwerk/cache2/CacheFileMetadata.{h,cpp}.

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "browser/stored.hpp"

namespace fix502 {

/// "00A3223C4A55EFF00CFC93478FBC15B84F72CC24"
[[nodiscard]] std::string cache2_entry_name(std::string_view key);

/// An entry's file, of which `head` is the beginning and `tail` the end (both the whole file where it is small).
[[nodiscard]] Result<CacheEntry> read_cache2_entry(std::string_view head, std::string_view tail, std::uint64_t size);

inline constexpr std::size_t kCache2Head = 32UL * 1024;
inline constexpr std::size_t kCache2Tail = 128UL * 1024;

}  // namespace fix502
