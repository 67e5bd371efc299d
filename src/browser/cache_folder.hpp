#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "browser/cache_key.hpp"
#include "browser/profiles.hpp"
#include "browser/stored.hpp"

namespace fix502 {

/// How a profile's cache is made: "simple", "blockfile", "sql", "cache2"; empty where there is none.
[[nodiscard]] std::string cache_kind(const Profile& profile);

/// What is stored under a key: nothing where nothing is; an error where something is there that cannot be read.
[[nodiscard]] Result<std::optional<CacheEntry>> find_entry(const Profile& profile, std::string_view kind,
                                                           std::string_view key);

}  // namespace fix502
