#pragma once

// Structured field values (RFC 8941): the strict parser that Proxy-Status and Cache-Status stand on. Bounded, pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace fix502::sf {

/// RFC 8941 3.3.4: `connection_timeout`, `*`, `a/b`.
struct Token {
  std::string text;
  bool operator==(const Token&) const = default;
};
/// RFC 8941 3.3.5, still in base64 (checked to be that alphabet).
struct Bytes {
  std::string base64;
  bool operator==(const Bytes&) const = default;
};

using Value = std::variant<bool, std::int64_t, double, std::string, Token, Bytes>;
/// In order of appearance; a repeated name keeps its last value (RFC 8941 4.2.3.2).
using Parameters = std::vector<std::pair<std::string, Value>>;

struct Item {
  Value value;
  Parameters parameters;
  bool operator==(const Item&) const = default;
};
/// A member of a list: one item, or an inner list of them.
struct Member {
  std::vector<Item> items;  ///< exactly one unless `inner`
  bool inner = false;
  Parameters parameters;  ///< of the inner list, or of the item
  bool operator==(const Member&) const = default;
};
using List = std::vector<Member>;

/// A whole list, or nothing: RFC 8941 4.2 has a field ignored that fails anywhere. At most 16 KiB, 256 members or
/// items of an inner list, 64 parameters each.
[[nodiscard]] std::optional<List> parse_list(std::string_view text);

/// The parameter's value of that type; null where there is none.
template <typename T>
[[nodiscard]] const T* parameter(const Parameters& parameters, std::string_view name) {
  for (const auto& [key, value] : parameters)
    if (key == name) return std::get_if<T>(&value);
  return nullptr;
}
/// A string's or a token's text; empty for anything else.
[[nodiscard]] std::string_view text_of(const Value& value);
[[nodiscard]] std::string_view text_parameter(const Parameters& parameters, std::string_view name);

}  // namespace fix502::sf
