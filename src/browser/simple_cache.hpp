#pragma once

// Chromium's simple cache: a file per stored answer, named after the hash of its key, so that a page is found without
// a search. Source: chromium, net/disk_cache/simple/simple_entry_format.h, simple_util.cc.

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "browser/stored.hpp"

namespace fix502 {

/// "73a4acca3fd19f06": the first eight bytes of the key's SHA-1, read as a little-endian number.
[[nodiscard]] std::string simple_entry_name(std::string_view key);

/// The key of an entry's file (_0, _1 or _s) out of its beginning.
[[nodiscard]] Result<std::string> read_simple_key(std::string_view head);

/// An entry's file _0, of which `head` is the beginning and `tail` the end (both the whole file where it is small).
[[nodiscard]] Result<CacheEntry> read_simple_entry(std::string_view head, std::string_view tail, std::uint64_t size);

inline constexpr std::size_t kSimpleHead = 32UL * 1024;
inline constexpr std::size_t kSimpleTail = 128UL * 1024;

}  // namespace fix502
