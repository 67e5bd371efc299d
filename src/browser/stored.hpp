#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "observation/http_exchange.hpp"

namespace fix502 {

/// A stored answer as a cache's file has it, before anything is concluded. All of it is what some server once said:
/// hostile.
struct CacheEntry {
  std::string key;                   ///< as the browser wrote it
  std::string url;                   ///< the part of the key that is the address
  int status = 0;                    ///< 0: no answer is stored, only something beside it
  std::vector<HeaderField> headers;  ///< names in lower case, made printable
  std::optional<WallTime> requested, responded;
  std::optional<std::int64_t> expires;  ///< Firefox's own word: seconds since 1970, 0 "ask again", 2^32-1 "never"
  bool incomplete = false;              ///< cut off before its end, or made of parts
  std::uint64_t body_bytes = 0;
  std::string body;     ///< its beginning, as stored (encoded)
  std::string address;  ///< the server's, where it is kept
};

/// The lines of a stored header, whatever ends them, as fields; the first line gives the status.
void read_header_lines(const std::vector<std::string_view>& lines, CacheEntry& entry);

/// The body's first 2 KiB, decoded where the encoding is known, made printable.
[[nodiscard]] std::string body_sample(const CacheEntry& entry);

}  // namespace fix502
