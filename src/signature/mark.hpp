#pragma once

// The small language that the tables of this layer are written in: a mark is one thing that an answer shows. All texts
// in marks are in lower case; see Answer for how a body is evened out before it is compared.

#include <string>
#include <string_view>

#include "observation/http_exchange.hpp"

namespace fix502 {

/// An answer made easy to compare. The body is in lower case, blanks are single, those beside a tag are gone, and
/// numeric character references are resolved (Akamai writes "Reference&#32;&#35;30").
struct Answer {
  explicit Answer(const HttpExchange& seen);

  const HttpExchange& exchange;  ///< must outlive this
  int status = 0;                ///< 0: there was no answer
  std::string body;
  std::string_view title;  ///< of the HTML page, inside `body`
  std::string reason;      ///< in lower case

  // `title` points into `body`.
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
};

/// One thing that an answer shows or does not show.
struct Mark {
  enum class Test {
    none,           // holds always: the unused places of a row
    header,         // some field of that name contains the text
    header_starts,  // ... begins with it
    header_only,    // there is exactly one field of that name, and it is the text
    no_header,      // there is no field of that name
    header_prefix,  // there is a field whose name begins with `name`
    cookie,         // some Set-Cookie begins with the text
    body,           // the body contains the text
    body_starts,
    body_is,
    body_empty,
    title_is,    // the page's title, after "<status> " where it begins with that
    nginx_page,  // nginx's built-in page for this very status, signed with the text
    reason,      // HTTP/1's reason phrase is the text
  };
  Test test = Test::none;
  std::string_view name;
  std::string_view text;
};

[[nodiscard]] bool holds(const Mark& mark, const Answer& answer);
template <typename Marks>
[[nodiscard]] bool all_hold(const Marks& marks, const Answer& answer) {
  for (const Mark& mark : marks)
    if (!holds(mark, answer)) return false;
  return true;
}

namespace marks {
constexpr Mark has(std::string_view name) {
  return {Mark::Test::header, name, ""};
}
constexpr Mark header(std::string_view name, std::string_view text) {
  return {Mark::Test::header, name, text};
}
constexpr Mark starts(std::string_view name, std::string_view text) {
  return {Mark::Test::header_starts, name, text};
}
constexpr Mark only(std::string_view name, std::string_view text) {
  return {Mark::Test::header_only, name, text};
}
constexpr Mark lacks(std::string_view name) {
  return {Mark::Test::no_header, name, ""};
}
constexpr Mark any_header(std::string_view prefix) {
  return {Mark::Test::header_prefix, prefix, ""};
}
constexpr Mark server(std::string_view text) {
  return starts("server", text);
}
constexpr Mark cookie(std::string_view text) {
  return {Mark::Test::cookie, "", text};
}
constexpr Mark body(std::string_view text) {
  return {Mark::Test::body, "", text};
}
constexpr Mark body_starts(std::string_view text) {
  return {Mark::Test::body_starts, "", text};
}
constexpr Mark body_is(std::string_view text) {
  return {Mark::Test::body_is, "", text};
}
constexpr Mark body_empty() {
  return {Mark::Test::body_empty, "", ""};
}
constexpr Mark title(std::string_view text) {
  return {Mark::Test::title_is, "", text};
}
constexpr Mark nginx_page(std::string_view text) {
  return {Mark::Test::nginx_page, "", text};
}
constexpr Mark reason(std::string_view text) {
  return {Mark::Test::reason, "", text};
}
}  // namespace marks

}  // namespace fix502
