// ap_expr (docs/manual/expr.xml): what can be decided from the request line and its fields is; everything else is
// unknown.
#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "gateway/gateways/apache/asked.hpp"

namespace fix502::apache {
namespace {

constexpr int kDeepest = 32;

class Parser {
 public:
  Parser(Asked& asked, std::string_view text) : asked_(asked), text_(text) {}
  Truth whole() {
    const Truth truth = either();
    skip();
    return failed_ || at_ < text_.size() ? Truth::unknown : truth;
  }

 private:
  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  bool take(std::string_view token) {
    skip();
    if (text_.substr(at_, token.size()) != token) return false;
    at_ += token.size();
    return true;
  }
  bool take_word(std::string_view word) {
    skip();
    if (!equals_ignoring_case(text_.substr(at_, word.size()), word)) return false;
    const std::size_t end = at_ + word.size();
    if (end < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[end])) != 0 || text_[end] == '_'))
      return false;
    at_ = end;
    return true;
  }
  Truth either() {
    Truth truth = both();
    while (!failed_ && (take("||") || take_word("or"))) {
      const Truth other = both();
      truth = truth == Truth::yes || other == Truth::yes           ? Truth::yes
              : truth == Truth::unknown || other == Truth::unknown ? Truth::unknown
                                                                   : Truth::no;
    }
    return truth;
  }
  Truth both() {
    Truth truth = single();
    while (!failed_ && (take("&&") || take_word("and"))) {
      const Truth other = single();
      truth = truth == Truth::no || other == Truth::no             ? Truth::no
              : truth == Truth::unknown || other == Truth::unknown ? Truth::unknown
                                                                   : Truth::yes;
    }
    return truth;
  }
  Truth single() {
    if (++depth_ > kDeepest) failed_ = true;
    Truth truth = Truth::unknown;
    if (failed_) {
    } else if (take("(")) {
      truth = either();
      if (!take(")")) failed_ = true;
    } else if (text_.substr(at_).starts_with("!") && !text_.substr(at_).starts_with("!=") &&
               !text_.substr(at_).starts_with("!~") && take("!")) {
      truth = !single();
    } else if (take_word("not")) {
      truth = !single();
    } else if (take_word("true")) {
      truth = Truth::yes;
    } else if (take_word("false")) {
      truth = Truth::no;
    } else {
      truth = comparison();
    }
    --depth_;
    return truth;
  }
  Truth comparison() {
    skip();
    if (at_ + 1 < text_.size() && text_[at_] == '-' && std::isalpha(static_cast<unsigned char>(text_[at_ + 1])) != 0) {
      const char test = text_[at_ + 1];
      at_ += 2;
      const auto value = string();
      if (!value) return Truth::unknown;
      if (test == 'n') return value->empty() ? Truth::no : Truth::yes;
      if (test == 'z') return value->empty() ? Truth::yes : Truth::no;
      if (test == 'T') {
        const bool off = value->empty() || *value == "0" || equals_ignoring_case(*value, "off") ||
                         equals_ignoring_case(*value, "false") || equals_ignoring_case(*value, "no");
        return off ? Truth::no : Truth::yes;
      }
      return Truth::unknown;  // files, sub-requests, addresses
    }
    const auto left = string();
    if (failed_) return Truth::unknown;
    for (const std::string_view op :
         {"=~",  "!~",  "==",  "!=",  "<=",  ">=",  "=",   "<",  ">",        "-strmatch", "-strcmatch",
          "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-in", "in", "-ipmatch", "-fnmatch"}) {
      if (!take(op)) continue;
      if (op == "=~" || op == "!~") {
        const Truth found = regex(left);
        return op == "=~" ? found : !found;
      }
      if (op == "in" || op == "-in") return list(left);
      const auto right = string();
      return left && right ? compare(*left, op, *right) : Truth::unknown;
    }
    failed_ = true;
    return Truth::unknown;
  }
  static Truth compare(const std::string& left, std::string_view op, const std::string& right) {
    const auto truth = [](bool holds) { return holds ? Truth::yes : Truth::no; };
    if (op == "==" || op == "=") return truth(left == right);
    if (op == "!=") return truth(left != right);
    if (op == "<") return truth(left < right);
    if (op == ">") return truth(left > right);
    if (op == "<=") return truth(left <= right);
    if (op == ">=") return truth(left >= right);
    if (op == "-strmatch" || op == "-fnmatch") return truth(wild_match(right, left, op == "-fnmatch"));
    if (op == "-strcmatch") return truth(wild_match(right, left, false, true));
    std::int64_t a = 0, b = 0;
    std::from_chars(left.data(), left.data() + left.size(), a);
    std::from_chars(right.data(), right.data() + right.size(), b);
    if (op == "-eq") return truth(a == b);
    if (op == "-ne") return truth(a != b);
    if (op == "-lt") return truth(a < b);
    if (op == "-le") return truth(a <= b);
    if (op == "-gt") return truth(a > b);
    if (op == "-ge") return truth(a >= b);
    return Truth::unknown;
  }
  Truth regex(const std::optional<std::string>& left) {
    skip();
    char close = '/';
    if (at_ < text_.size() && text_[at_] == 'm' && at_ + 1 < text_.size()) close = text_[at_ + 1], ++at_;
    if (at_ >= text_.size() || text_[at_] != close) return failed_ = true, Truth::unknown;
    ++at_;
    std::string pattern;
    for (; at_ < text_.size() && text_[at_] != close; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] == close)
        ++at_;
      else if (text_[at_] == '\\' && at_ + 1 < text_.size())
        pattern += text_[at_++];
      pattern += text_[at_];
    }
    if (at_ >= text_.size()) return failed_ = true, Truth::unknown;
    ++at_;
    bool ignore_case = false;
    for (; at_ < text_.size() && std::isalpha(static_cast<unsigned char>(text_[at_])) != 0; ++at_)
      ignore_case = ignore_case || text_[at_] == 'i';
    const auto compiled = Pattern::compile(pattern, ignore_case);
    if (!left || !compiled) return Truth::unknown;
    return compiled->match(*left) ? Truth::yes : Truth::no;
  }
  Truth list(const std::optional<std::string>& left) {
    if (!take("{")) return failed_ = true, Truth::unknown;
    bool found = false, known = left.has_value();
    do {
      const auto item = string();
      known = known && item.has_value();
      found = found || (left && item && *left == *item);
    } while (!failed_ && take(","));
    if (!take("}")) failed_ = true;
    return found ? Truth::yes : known ? Truth::no : Truth::unknown;
  }
  /// A quoted text, a variable, a function's value, or a bare number or word.
  std::optional<std::string> string() {
    skip();
    if (at_ >= text_.size()) return failed_ = true, std::nullopt;
    const char first = text_[at_];
    if (first == '\'' || first == '"') {
      const auto start = ++at_;
      std::string raw;
      for (; at_ < text_.size() && text_[at_] != first; ++at_) {
        if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
        raw += text_[at_];
      }
      if (at_ >= text_.size()) return failed_ = true, std::nullopt;
      static_cast<void>(start);
      ++at_;
      return expression_text(asked_, raw);
    }
    if (first == '%' && at_ + 1 < text_.size() && text_[at_ + 1] == '{') {
      const auto close = text_.find('}', at_);
      if (close == std::string_view::npos) return failed_ = true, std::nullopt;
      const auto name = text_.substr(at_ + 2, close - at_ - 2);
      at_ = close + 1;
      return asked_.variable(name);
    }
    const auto start = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_' ||
                                  text_[at_] == '.' || text_[at_] == '/' || text_[at_] == ':' || text_[at_] == '*'))
      ++at_;
    if (at_ == start) return failed_ = true, std::nullopt;
    const std::string_view word = text_.substr(start, at_ - start);
    if (!take("(")) return std::string(word);
    const auto argument = string();
    if (!take(")")) failed_ = true;
    const std::string low = lower(word);
    if (!argument) return std::nullopt;
    if (low == "tolower") return lower(*argument);
    if (low == "req" || low == "http" || low == "req_novary") return asked_.variable("http:" + *argument);
    if (low == "reqenv" || low == "env") return asked_.variable("env:" + *argument);
    return std::nullopt;
  }

  Asked& asked_;
  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool failed_ = false;
};

}  // namespace

Truth expression_holds(Asked& asked, std::string_view text) {
  return Parser(asked, text).whole();
}

std::optional<std::string> expression_text(Asked& asked, std::string_view text) {
  std::string made;
  for (std::size_t i = 0; i < text.size();) {
    const auto close = text.substr(i).starts_with("%{") ? text.find('}', i) : std::string_view::npos;
    if (close == std::string_view::npos) {
      made += text[i++];
      continue;
    }
    const auto value = asked.variable(text.substr(i + 2, close - i - 2));
    if (!value) return std::nullopt;
    made += *value;
    i = close + 1;
  }
  return made;
}

}  // namespace fix502::apache
