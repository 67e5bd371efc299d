#pragma once

// Regular expressions as gateways have them: nginx, Apache and HAProxy all hand theirs to PCRE.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace fix502 {

/// A compiled regular expression. Patterns and subjects come from files and requests: a match that takes too many
/// steps counts as none.
class Regex {
 public:
  [[nodiscard]] static Result<Regex> compile(std::string_view pattern, bool ignore_case);

  /// Group 0 is the whole match; groups that took no part are empty.
  [[nodiscard]] std::optional<std::vector<std::string>> match(std::string_view subject) const;
  /// Names of groups with their numbers.
  [[nodiscard]] const std::vector<std::pair<std::string, std::size_t>>& names() const { return names_; }

 private:
  struct Free {
    void operator()(void* code) const noexcept;
  };
  std::unique_ptr<void, Free> code_;
  std::vector<std::pair<std::string, std::size_t>> names_;
};

}  // namespace fix502
