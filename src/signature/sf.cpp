#include "signature/sf.hpp"

#include <algorithm>
#include <charconv>

namespace fix502::sf {
namespace {

constexpr std::size_t kMaxBytes = 16 * 1024;
constexpr std::size_t kMaxMembers = 256;
constexpr std::size_t kMaxParameters = 64;

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
constexpr bool is_alpha(char c) {
  return is_lower(c) || (c >= 'A' && c <= 'Z');
}
constexpr bool is_tchar(char c) {  // RFC 9110 5.6.2
  return is_alpha(c) || is_digit(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

/// The algorithms of RFC 8941 4.2, one function each; nothing read means that the field fails.
class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  std::optional<List> list() {
    List members;
    skip(" ");
    while (!rest_.empty()) {
      if (members.size() == kMaxMembers) return {};
      auto next = member();
      if (!next) return {};
      members.push_back(*std::move(next));
      skip(" \t");
      if (rest_.empty()) return members;
      if (!eat(',')) return {};
      skip(" \t");
      if (rest_.empty()) return {};  // 4.2.1: no trailing comma
    }
    return members;
  }

 private:
  std::optional<Member> member() {
    Member member;
    if (!eat('(')) {
      auto single = item();
      if (!single) return {};
      member.parameters = single->parameters;
      member.items.push_back(*std::move(single));
      return member;
    }
    member.inner = true;
    for (skip(" "); !eat(')'); skip(" ")) {
      auto next = item();
      if (!next || member.items.size() == kMaxMembers || (peek() != ' ' && peek() != ')')) return {};
      member.items.push_back(*std::move(next));
    }
    auto parameters_read = parameters();
    if (!parameters_read) return {};
    member.parameters = *std::move(parameters_read);
    return member;
  }

  std::optional<Item> item() {
    auto value = bare_item();
    if (!value) return {};
    auto parameters_read = parameters();
    if (!parameters_read) return {};
    return Item{*std::move(value), *std::move(parameters_read)};
  }

  std::optional<Parameters> parameters() {
    Parameters all;
    while (eat(';')) {
      skip(" ");
      auto name = key();
      if (!name) return {};
      Value value = true;
      if (eat('=')) {
        auto given = bare_item();
        if (!given) return {};
        value = *std::move(given);
      }
      const auto known = std::ranges::find(all, *name, &Parameters::value_type::first);
      if (known != all.end()) {
        known->second = std::move(value);
      } else {
        if (all.size() == kMaxParameters) return {};
        all.emplace_back(*std::move(name), std::move(value));
      }
    }
    return all;
  }

  std::optional<std::string> key() {
    if (!is_lower(peek()) && peek() != '*') return {};
    return take([](char c) { return is_lower(c) || is_digit(c) || c == '_' || c == '-' || c == '.' || c == '*'; });
  }

  std::optional<Value> bare_item() {
    const char first = peek();
    if (first == '-' || is_digit(first)) return number();
    if (first == '"') return string();
    if (first == ':') return bytes();
    if (first == '?') return boolean();
    if (is_alpha(first) || first == '*') return Token{take([](char c) { return is_tchar(c) || c == ':' || c == '/'; })};
    return {};
  }

  std::optional<Value> number() {
    const bool negative = eat('-');
    const std::string whole = take(is_digit);
    if (whole.empty() || whole.size() > 15) return {};
    if (!eat('.')) {
      std::int64_t value = 0;
      std::from_chars(whole.data(), whole.data() + whole.size(), value);
      return negative ? -value : value;
    }
    const std::string fraction = take(is_digit);
    if (whole.size() > 12 || fraction.empty() || fraction.size() > 3) return {};
    const std::string text = whole + "." + fraction;
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return negative ? -value : value;
  }

  std::optional<Value> string() {
    std::string value;
    for (eat('"'); !rest_.empty();) {
      if (eat('"')) return value;
      if (eat('\\') && peek() != '"' && peek() != '\\') return {};
      const char c = peek();
      if (c < 0x20 || c > 0x7E) return {};
      value += c;
      rest_.remove_prefix(1);
    }
    return {};
  }

  std::optional<Value> bytes() {
    eat(':');
    std::string base64 = take([](char c) { return is_alpha(c) || is_digit(c) || c == '+' || c == '/' || c == '='; });
    if (!eat(':')) return {};
    return Bytes{std::move(base64)};
  }

  std::optional<Value> boolean() {
    eat('?');
    if (eat('1')) return true;
    if (eat('0')) return false;
    return {};
  }

  /// '\0' at the end; a NUL in the text fails in every rule as well.
  [[nodiscard]] char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool eat(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void skip(std::string_view blanks) { rest_.remove_prefix(std::min(rest_.find_first_not_of(blanks), rest_.size())); }
  template <typename Accept>
  std::string take(Accept accept) {
    const auto end = std::ranges::find_if_not(rest_, accept);
    std::string taken(rest_.begin(), end);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view rest_;
};

}  // namespace

std::optional<List> parse_list(std::string_view text) {
  if (text.size() > kMaxBytes) return {};
  text.remove_suffix(text.size() - (text.find_last_not_of(' ') + 1));
  return Parser(text).list();
}

std::string_view text_of(const Value& value) {
  if (const auto* string = std::get_if<std::string>(&value)) return *string;
  if (const auto* token = std::get_if<Token>(&value)) return token->text;
  return {};
}

std::string_view text_parameter(const Parameters& parameters, std::string_view name) {
  for (const auto& [key, value] : parameters)
    if (key == name) return text_of(value);
  return {};
}

}  // namespace fix502::sf
