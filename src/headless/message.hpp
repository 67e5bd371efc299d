#pragma once

// What a browser says is bytes from outside: every look into a message is bounded, and a member that is missing or of
// another type is as good as empty.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/fields.hpp"

namespace fix502 {

/// The value at the end of the path of members; null where there is none.
[[nodiscard]] const Json* member(const Json& json, std::initializer_list<std::string_view> path);
/// A text made printable; empty where there is none.
[[nodiscard]] std::string text_at(const Json& json, std::initializer_list<std::string_view> path,
                                  std::size_t limit = 300);
/// A text as it came, for telling identifiers apart; never for showing. Empty where it is longer than `kLongestId`.
[[nodiscard]] std::string id_at(const Json& json, std::initializer_list<std::string_view> path);
[[nodiscard]] bool flag_at(const Json& json, std::initializer_list<std::string_view> path);
[[nodiscard]] std::optional<std::int64_t> number_at(const Json& json, std::initializer_list<std::string_view> path);

inline constexpr std::size_t kLongestId = 200;
inline constexpr std::size_t kLongestUrl = 2048;

}  // namespace fix502
