#pragma once

#include <cstddef>
#include <string_view>

namespace fix502 {

/// A fault explained twice, a few sentences each; explanations.def has the words.
struct Explanation {
  std::string_view fault;
  std::string_view visitor;  ///< for who meets it: no terms of the trade
  std::string_view owner;    ///< for who can mend it: what to look at, by its names
};
/// Null only for an id that the catalogue does not have.
[[nodiscard]] const Explanation* find_explanation(std::string_view fault);
/// How many there are: one a fault.
[[nodiscard]] std::size_t explanation_count();

}  // namespace fix502
