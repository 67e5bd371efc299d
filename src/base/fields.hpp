#pragma once

// JSON out of `fields`: a plain struct lists each of its members once and is then written, read and compared
// without another word. A member that has its default value is left out, so what was not seen is not shown.

#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/result.hpp"

namespace fix502 {

using Json = nlohmann::ordered_json;
/// Every span of time that was measured; JSON shows milliseconds.
using Duration = std::chrono::microseconds;
/// A moment of the wall clock; JSON shows seconds since 1970.
using WallTime = std::chrono::sys_seconds;

[[nodiscard]] inline Json text_or_null(std::string_view text) {
  return text.empty() ? Json(nullptr) : Json(std::string(text));
}

/// A struct that lists its members: `static constexpr void fields(auto&& field) { field("port", &Endpoint::port); }`.
template <typename T>
concept Listed = requires { T::fields([](std::string_view, auto) {}); };

/// An enumeration whose words stand in a .def table; found by argument-dependent look-up.
template <typename T>
concept Worded = std::is_enum_v<T> && requires(T value, std::string_view text) {
  { to_word(value) } -> std::convertible_to<std::string_view>;
  { from_word(text, value) } -> std::same_as<bool>;
};

template <typename T>
[[nodiscard]] Json to_json(const T& value);
template <typename T>
[[nodiscard]] Result<void> from_json(const Json& json, T& value);

namespace detail {

template <typename T>
inline constexpr bool kIsVector = false;
template <typename T>
inline constexpr bool kIsVector<std::vector<T>> = true;
template <typename T>
inline constexpr bool kIsOptional = false;
template <typename T>
inline constexpr bool kIsOptional<std::optional<T>> = true;
template <typename T>
inline constexpr bool kIsStringMap = false;
template <typename T>
inline constexpr bool kIsStringMap<std::map<std::string, T>> = true;

template <typename T>
[[nodiscard]] Result<void> number_from_json(const Json& json, T& value) {
  if (!json.is_number_integer()) return fail("not a whole number");
  const bool fits = json.is_number_unsigned() ? std::in_range<T>(json.get<std::uint64_t>())
                                              : std::in_range<T>(json.get<std::int64_t>());
  if (!fits) return fail("number out of range");
  value =
      json.is_number_unsigned() ? static_cast<T>(json.get<std::uint64_t>()) : static_cast<T>(json.get<std::int64_t>());
  return {};
}

}  // namespace detail

template <typename T>
Json to_json(const T& value) {
  if constexpr (Listed<T>) {
    const T blank{};
    Json json = Json::object();
    T::fields([&](std::string_view name, auto member) {
      if (!(value.*member == blank.*member)) json[std::string(name)] = to_json(value.*member);
    });
    return json;
  } else if constexpr (Worded<T>) {
    return std::string(to_word(value));
  } else if constexpr (std::same_as<T, Duration>) {
    return static_cast<double>(value.count()) / 1000.0;
  } else if constexpr (std::same_as<T, WallTime>) {
    return value.time_since_epoch().count();
  } else if constexpr (detail::kIsOptional<T>) {
    return value ? to_json(*value) : Json(nullptr);
  } else if constexpr (detail::kIsVector<T>) {
    Json json = Json::array();
    for (const auto& item : value) json.push_back(to_json(item));
    return json;
  } else if constexpr (detail::kIsStringMap<T>) {
    Json json = Json::object();
    for (const auto& [key, item] : value) json[key] = to_json(item);
    return json;
  } else {
    return Json(value);
  }
}

template <typename T>
Result<void> from_json(const Json& json, T& value) {
  if constexpr (Listed<T>) {
    if (!json.is_object()) return fail("not an object");
    Result<void> outcome;
    T::fields([&](std::string_view name, auto member) {
      const auto found = json.find(name);
      if (!outcome || found == json.end()) return;
      if (auto read = from_json(*found, value.*member); !read) {
        const std::string path =
            read.error().where.empty() ? std::string(name) : std::string(name) + "." + read.error().where;
        outcome = fail(read.error().what, path);
      }
    });
    return outcome;
  } else if constexpr (Worded<T>) {
    if (!json.is_string()) return fail("not a word");
    if (!from_word(json.template get_ref<const std::string&>(), value)) return fail("unknown word");
    return {};
  } else if constexpr (std::same_as<T, Duration>) {
    if (!json.is_number()) return fail("not a number of milliseconds");
    const double ms = json.template get<double>();
    // A day is longer than any run; more than that is a damaged file.
    if (!(ms >= 0 && ms <= 86'400'000.0)) return fail("time out of range");
    value = Duration(static_cast<std::int64_t>(ms * 1000.0 + 0.5));
    return {};
  } else if constexpr (std::same_as<T, WallTime>) {
    std::int64_t seconds = 0;
    if (auto read = detail::number_from_json(json, seconds); !read) return read;
    if (seconds < -62'135'596'800 || seconds > 253'402'300'799) return fail("date out of range");
    value = WallTime(std::chrono::seconds(seconds));
    return {};
  } else if constexpr (detail::kIsOptional<T>) {
    if (json.is_null()) return {};
    typename T::value_type inner{};
    if (auto read = from_json(json, inner); !read) return read;
    value = std::move(inner);
    return {};
  } else if constexpr (detail::kIsVector<T>) {
    if (!json.is_array()) return fail("not a list");
    value.clear();
    for (const auto& item : json) {
      typename T::value_type inner{};
      if (auto read = from_json(item, inner); !read) return read;
      value.push_back(std::move(inner));
    }
    return {};
  } else if constexpr (detail::kIsStringMap<T>) {
    if (!json.is_object()) return fail("not an object");
    for (const auto& [key, item] : json.items()) {
      typename T::mapped_type inner{};
      if (auto read = from_json(item, inner); !read) return read;
      value[key] = std::move(inner);
    }
    return {};
  } else if constexpr (std::same_as<T, bool>) {
    if (!json.is_boolean()) return fail("neither true nor false");
    value = json.template get<bool>();
    return {};
  } else if constexpr (std::integral<T>) {
    return detail::number_from_json(json, value);
  } else if constexpr (std::floating_point<T>) {
    if (!json.is_number()) return fail("not a number");
    value = json.template get<T>();
    return {};
  } else {
    static_assert(std::same_as<T, std::string>, "a member of a type that JSON does not know");
    if (!json.is_string()) return fail("not a text");
    value = json.template get<std::string>();
    return {};
  }
}

}  // namespace fix502
