#include "signature/mark.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace fix502 {
namespace {

// No product's own page says who it is later than that.
constexpr std::size_t kMaxBody = 16 * 1024;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// "&#35;" at the head of `text` is one printable ASCII character; length 0 where it is not.
struct Reference {
  char character = 0;
  std::size_t length = 0;
};
Reference first_reference(std::string_view text) {
  if (!text.starts_with("&#")) return {};
  unsigned code = 0;
  const char* const digits = text.data() + 2;
  const char* const end = text.data() + std::min<std::size_t>(text.size(), 6);
  const auto [after, error] = std::from_chars(digits, end, code);
  if (error != std::errc{} || after == text.data() + text.size() || *after != ';' || code < 0x20 || code > 0x7E)
    return {};
  return {static_cast<char>(code), static_cast<std::size_t>(after - text.data()) + 1};
}

std::string evened(std::string_view bytes) {
  const std::string text = lower(bytes.substr(0, kMaxBody));
  std::string result;
  bool gap = false;
  for (std::size_t i = 0; i < text.size();) {
    const Reference reference = first_reference(std::string_view(text).substr(i));
    const char c = reference.length > 0 ? lower({&reference.character, 1}).front() : text[i];
    i += std::max<std::size_t>(reference.length, 1);
    if (is_blank(c)) {
      gap = true;
      continue;
    }
    if (gap && c != '<' && !result.empty() && result.back() != '>') result += ' ';
    gap = false;
    result += c;
  }
  return result;
}

std::string_view title_of(std::string_view body) {
  constexpr std::string_view kOpen = "<title>";
  const auto open = body.find(kOpen);
  if (open == body.npos) return {};
  body.remove_prefix(open + kOpen.size());
  return body.substr(0, body.find("</title>"));
}

template <typename Accept>
bool any_field(const Answer& answer, std::string_view name, Accept accept) {
  return std::ranges::any_of(answer.exchange.headers,
                             [&](const HeaderField& field) { return field.name == name && accept(field.value); });
}

bool starts_with(std::string_view value, std::string_view text) {
  return equals_ignoring_case(value.substr(0, text.size()), text);
}

bool only_field_is(const Answer& answer, std::string_view name, std::string_view text) {
  return std::ranges::count(answer.exchange.headers, name, &HeaderField::name) == 1 &&
         equals_ignoring_case(*answer.exchange.header(name), text);
}

/// "502 bad gateway" and "bad gateway" are both the title "bad gateway"; another number is another page.
bool title_is(const Answer& answer, std::string_view text) {
  std::string_view title = answer.title;
  if (const std::string number = std::to_string(answer.status); title.starts_with(number + " "))
    title.remove_prefix(number.size() + 1);
  return title == text;
}

/// nginx's src/http/ngx_http_special_response.c: title and heading, then the signature between rules. Forks keep the
/// form and sign with their own name; the version after it depends on server_tokens.
bool is_nginx_page(const Answer& answer, std::string_view signature) {
  const std::string head = "<html><head><title>" + std::to_string(answer.status) + " ";
  if (!answer.body.starts_with(head)) return false;
  constexpr std::string_view kBeforeSignature = "</center><hr><center>";
  const auto found = answer.body.find(kBeforeSignature);
  if (found == answer.body.npos) return false;
  const auto signed_by = std::string_view(answer.body).substr(found + kBeforeSignature.size());
  if (!signed_by.starts_with(signature) || signed_by.size() == signature.size()) return false;
  const char next = signed_by[signature.size()];
  return next == '/' || next == '<';
}

}  // namespace

Answer::Answer(const HttpExchange& seen)
    : exchange(seen),
      status(seen.status.value_or(0)),
      body(evened(seen.body_sample)),
      title(title_of(body)),
      reason(lower(seen.reason)) {}

bool holds(const Mark& mark, const Answer& answer) {
  using enum Mark::Test;
  switch (mark.test) {
    case none:
      return true;
    case header:
      return answer.exchange.has_header(mark.name, mark.text);
    case header_starts:
      return any_field(answer, mark.name, [&](std::string_view value) { return starts_with(value, mark.text); });
    case header_only:
      return only_field_is(answer, mark.name, mark.text);
    case no_header:
      return answer.exchange.header(mark.name) == nullptr;
    case header_prefix:
      return std::ranges::any_of(answer.exchange.headers,
                                 [&](const HeaderField& field) { return field.name.starts_with(mark.name); });
    case cookie:
      return any_field(answer, "set-cookie", [&](std::string_view value) { return starts_with(value, mark.text); });
    case body:
      return answer.body.find(mark.text) != std::string::npos;
    case body_starts:
      return answer.body.starts_with(mark.text);
    case body_is:
      return answer.body == mark.text;
    case body_empty:
      return answer.body.empty() && answer.exchange.body_bytes == 0;
    case title_is:
      return fix502::title_is(answer, mark.text);
    case nginx_page:
      return is_nginx_page(answer, mark.text);
    case reason:
      return answer.reason == mark.text;
  }
  return false;
}

}  // namespace fix502
