#include "gateway/gateways/haproxy/lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace fix502::haproxy {
namespace {

constexpr std::size_t kMostWords = 512;  // HAProxy itself takes 64 arguments, and more for conditions

std::string value_of(const std::vector<NameValue>& environment, std::string_view name) {
  const auto found = std::ranges::find(environment, name, &NameValue::name);
  return found == environment.end() ? std::string() : found->value;
}

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Reads one line, word by word.
class Reader {
 public:
  Reader(std::string_view text, std::size_t at, const std::vector<NameValue>& environment)
      : text_(text), at_(at), environment_(environment) {}

  /// False: a quote does not end.
  bool read(std::vector<Word>& words) {
    while (true) {
      while (more() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r')) ++at_;
      if (!more() || text_[at_] == '#') return true;
      Word word;
      word.begin = at_;
      if (!read_word(word.text)) return false;
      word.end = at_;
      if (words.size() < kMostWords) words.push_back(std::move(word));
    }
  }

 private:
  [[nodiscard]] bool more() const { return at_ < text_.size(); }

  bool read_word(std::string& out) {
    while (more()) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\r' || c == '#') return true;
      if (c == '"') {
        if (!read_weak(out)) return false;
      } else if (c == '\'') {
        const auto end = text_.find('\'', at_ + 1);
        if (end == std::string_view::npos) return false;
        out += text_.substr(at_ + 1, end - at_ - 1);
        at_ = end + 1;
      } else if (c == '\\') {
        read_escape(out);
      } else {
        out += c;
        ++at_;
      }
    }
    return true;
  }

  void read_escape(std::string& out) {
    ++at_;
    if (!more()) return;
    const char c = text_[at_++];
    switch (c) {
      case 'n':
        out += '\n';
        break;
      case 'r':
        out += '\r';
        break;
      case 't':
        out += '\t';
        break;
      case 'x': {
        unsigned value = 0;
        const auto digits = text_.substr(at_, 2);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        if (error == std::errc() && end == digits.data() + digits.size() && digits.size() == 2) {
          out += static_cast<char>(value);
          at_ += 2;
        }
        break;
      }
      case ' ':
      case '#':
      case '\\':
      case '"':
      case '\'':
        out += c;
        break;
      default:  // kept as it is: regular expressions need it
        out += '\\';
        out += c;
    }
  }

  bool read_weak(std::string& out) {
    ++at_;
    while (more() && text_[at_] != '"') {
      if (text_[at_] == '\\')
        read_escape(out);
      else if (text_[at_] == '$')
        read_variable(out);
      else
        out += text_[at_++];
    }
    if (!more()) return false;
    ++at_;
    return true;
  }

  /// "$NAME", "${NAME}", "${NAME-default}"; inside weak quotes only.
  void read_variable(std::string& out) {
    const std::size_t start = at_++;
    const bool braces = more() && text_[at_] == '{';
    if (braces) ++at_;
    const std::size_t begin = at_;
    while (more() && is_name(text_[at_])) ++at_;
    const std::string_view name = text_.substr(begin, at_ - begin);
    std::string fallback;
    if (braces) {
      const auto end = text_.find('}', at_);
      if (end == std::string_view::npos || name.empty()) {
        out += text_.substr(start, at_ - start);
        return;
      }
      if (text_[at_] == '-') fallback = text_.substr(at_ + 1, end - at_ - 1);
      at_ = end + 1;
    }
    const std::string value = value_of(environment_, name);
    out += value.empty() ? fallback : value;
  }

  std::string_view text_;
  std::size_t at_;
  const std::vector<NameValue>& environment_;
};

struct Unit {
  std::string_view word;
  std::int64_t factor_us;
};
constexpr Unit kUnits[] = {{"us", 1},         {"ms", 1'000},        {"s", 1'000'000},
                           {"m", 60'000'000}, {"h", 3'600'000'000}, {"d", 86'400'000'000}};

}  // namespace

std::string Line::rest(std::size_t from) const {
  std::string text;
  for (std::size_t i = from; i < words.size(); ++i) text += (text.empty() ? "" : " ") + words[i].text;
  return text;
}

std::vector<Line> read_lines(const std::string& file, std::string_view text, const std::vector<NameValue>& environment,
                             std::vector<Problem>& problems) {
  std::vector<Line> lines;
  int number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    ++number;
    Line line{.file = file, .number = number, .begin = at, .end = end, .words = {}};
    Reader reader(text.substr(0, end), at, environment);
    if (!reader.read(line.words)) {
      problems.push_back(
          {.fatal = true, .what = "unmatched quote", .place = {.file = file, .line = number, .begin = at, .end = end}});
    } else if (!line.words.empty()) {
      line.begin = line.words.front().begin;
      line.end = line.words.back().end;
      lines.push_back(std::move(line));
    }
    at = end + 1;
  }
  if (!text.empty() && !text.ends_with('\n'))
    problems.push_back({.fatal = true,
                        .what = "missing LF on last line, file might have been truncated",
                        .place = {.file = file, .line = number, .begin = text.size(), .end = text.size()}});
  return lines;
}

std::int64_t milliseconds_of(std::string_view text) {
  std::int64_t number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0 || number > 100'000'000'000) return -1;
  const std::string_view word = text.substr(static_cast<std::size_t>(end - text.data()));
  if (word.empty()) return number;
  const auto unit = std::ranges::find(kUnits, word, &Unit::word);
  if (unit == std::end(kUnits) || number > 1'000'000'000) return -1;
  return number * unit->factor_us / 1'000;
}

std::int64_t size_of(std::string_view text) {
  std::int64_t number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0 || number > 1'000'000'000'000) return -1;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (unit.empty()) return number;
  if (unit == "k" || unit == "K") return number * 1024;
  if (unit == "m" || unit == "M") return number * 1024 * 1024;
  if (unit == "g" || unit == "G") return number * 1024 * 1024 * 1024;
  return -1;
}

}  // namespace fix502::haproxy
