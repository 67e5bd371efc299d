#pragma once

#include <expected>
#include <string>
#include <utility>

namespace fix502 {

/// What stopped *us* (never what the network did: that is a Failure and it is data).
struct Error {
  std::string what;   ///< one sentence part, no full stop: "endpoint has no port"
  std::string where;  ///< the text, file or option it is about; may be empty

  /// "what: where", as one line for a person.
  [[nodiscard]] std::string message() const { return where.empty() ? what : what + ": " + where; }
  bool operator==(const Error&) const = default;
};

/// The outcome of everything of ours that can fail.
template <typename T>
using Result = std::expected<T, Error>;

/// `return fail("endpoint has no port", text);`
[[nodiscard]] inline std::unexpected<Error> fail(std::string what, std::string where = {}) {
  return std::unexpected(Error{std::move(what), std::move(where)});
}

}  // namespace fix502
