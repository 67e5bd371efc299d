#pragma once

// The rows of the tables. A table is read from its first row to its last, and the first row that holds decides.

#include <array>
#include <initializer_list>
#include <span>
#include <string_view>

#include "signature/mark.hpp"
#include "signature/signature.hpp"

namespace fix502 {

struct StatusRange {
  int from = 0;
  int to = 0;
};

/// What a row says of the hop behind.
struct Saying {
  std::string_view cause = "";  ///< RFC 9209 error type
  std::string_view fault = "";  ///< where it does not follow from the cause (see fault_of_cause)
};

/// "An answer with a status in that range and all of these marks was made by that product."
struct Rule {
  constexpr Rule(std::string_view product_, ResponderKind kind_, StatusRange statuses_,
                 std::initializer_list<Mark> marks_, std::string_view source_, Saying saying_ = {})
      : product(product_), kind(kind_), statuses(statuses_), source(source_), saying(saying_) {
    std::size_t i = 0;
    for (const Mark& mark : marks_) marks.at(i++) = mark;
  }

  std::string_view product;
  ResponderKind kind;
  StatusRange statuses;
  std::array<Mark, 6> marks{};
  std::string_view source;  ///< where that can be read, or with which version it was seen
  Saying saying;
};

/// "Where that product made the answer and these marks hold, it says this of the hop behind."
struct Word {
  std::string_view product;
  Mark mark;
  Saying saying;
};

/// "That code of the product means this."
struct Code {
  std::string_view product;
  std::string_view code;
  Saying saying;
};

namespace tables {
// Who made an error answer, by its own page or fields.
[[nodiscard]] std::span<const Rule> cdn_errors();
[[nodiscard]] std::span<const Rule> platform_errors();
[[nodiscard]] std::span<const Rule> gateway_errors();
// The application behind all gateways made the answer.
[[nodiscard]] std::span<const Rule> applications();
// Who passed the answer on, or made it in a way that does not show.
[[nodiscard]] std::span<const Rule> servers();
// Somebody refuses this client on purpose.
[[nodiscard]] std::span<const Rule> refusals();
// A network's login page, or a filter's block page.
[[nodiscard]] std::span<const Rule> portals();
// Whose edge the answer passed.
[[nodiscard]] std::span<const Rule> cdn_marks();
// What a product's words and codes mean.
[[nodiscard]] std::span<const Word> gateway_words();
[[nodiscard]] std::span<const Word> cdn_words();
[[nodiscard]] std::span<const Code> codes();
}  // namespace tables

[[nodiscard]] bool holds(const Rule& rule, const Answer& answer);
/// The first row that holds, or null.
[[nodiscard]] const Rule* first_holding(std::span<const Rule> rules, const Answer& answer);

/// The fault that an RFC 9209 error type amounts to when a gateway (or a CDN) tells it of the hop behind; empty where
/// it tells nothing of that hop.
[[nodiscard]] std::string_view fault_of_cause(std::string_view cause, ResponderKind kind);

}  // namespace fix502
