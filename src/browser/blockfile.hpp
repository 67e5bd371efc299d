#pragma once

// Chromium's blockfile cache: an index of buckets, entries in blocks of data_1 ..., large bodies in f_* files. It is
// what Windows and macOS have. Source: chromium, net/disk_cache/blockfile/disk_format.h, disk_format_base.h, addr.h.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "browser/stored.hpp"

namespace fix502 {

/// What stands in a file of the cache's folder; less, or nothing, where it ends or is not there.
using BlockReader = std::function<std::string(const std::string& file, std::uint64_t offset, std::size_t size)>;

/// What is stored under a key: by its hash, along one bucket's chain.
[[nodiscard]] Result<std::optional<CacheEntry>> find_block_entry(const BlockReader& read, std::string_view key);

/// Paul Hsieh's SuperFastHash with the length as its seed, by which the buckets are chosen.
[[nodiscard]] std::uint32_t block_hash(std::string_view key);

}  // namespace fix502
