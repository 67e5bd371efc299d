#pragma once

#include <cstddef>
#include <string>

#include "base/fields.hpp"

namespace fix502 {

/// A directive in a configuration: where a person looks for it, and the bytes that an edit replaces.
struct ConfigPlace {
  std::string file{};       ///< as the gateway opens it, absolute; empty: nowhere (a built-in default)
  int line = 0;             ///< of the directive's first word, 1-based
  std::uint64_t begin = 0;  ///< first byte of the directive's first word
  std::uint64_t end = 0;    ///< behind its last byte, the terminator counted in (";", "}"), the line's end not

  [[nodiscard]] bool known() const { return !file.empty(); }
  bool operator==(const ConfigPlace&) const = default;
  static constexpr void fields(auto&& field) {
    field("file", &ConfigPlace::file);
    field("line", &ConfigPlace::line);
    field("begin", &ConfigPlace::begin);
    field("end", &ConfigPlace::end);
  }
};

}  // namespace fix502
