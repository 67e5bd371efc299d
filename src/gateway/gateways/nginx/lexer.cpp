#include "gateway/gateways/nginx/lexer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace fix502::nginx {
namespace {

// NGX_CONF_BUFFER in src/core/ngx_conf_file.c: no word may be longer.
constexpr std::size_t kLongestWord = 4096;

bool is_blank(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/// Where a Lua long bracket "[[", "[=[" that starts here ends; npos: none starts here, or it has no end.
std::size_t behind_long_bracket(std::string_view text, std::size_t at) {
  std::size_t level = at + 1;
  while (level < text.size() && text[level] == '=') ++level;
  if (level >= text.size() || text[level] != '[') return std::string_view::npos;
  const std::string closing = "]" + std::string(level - at - 1, '=') + "]";
  const auto end = text.find(closing, level + 1);
  return end == std::string_view::npos ? end : end + closing.size();
}

}  // namespace

void Lexer::fail_once(std::string what) {
  if (error_.empty()) error_ = std::move(what);
}

void Lexer::blanks_and_comments() {
  while (at_ < text_.size()) {
    const char byte = text_[at_];
    if (byte == '#') {
      // A "#" starts a comment only where a word could start.
      const auto start = std::exchange(at_, std::min(text_.find('\n', at_), text_.size()));
      // nginx keeps a comment in the same buffer as words.
      if (at_ - start >= kLongestWord)
        fail_once(fmt::format("too long parameter \"{}...\" started", printable(text_.substr(start, 10), 40)));
      continue;
    }
    if (!is_blank(byte)) return;
    if (byte == '\n') ++line_;
    ++at_;
  }
}

void Lexer::add_word(std::vector<Word>& words, std::size_t begin, std::size_t end, bool quoted) {
  Word word{.text = {}, .begin = begin, .end = end, .quoted = quoted, .plain = true};
  const auto raw = quoted ? text_.substr(begin + 1, end - begin - 2) : text_.substr(begin, end - begin);
  if (raw.size() >= kLongestWord)
    fail_once(quoted ? fmt::format("too long parameter, probably missing terminating \"{}\" character", text_[begin])
                     : fmt::format("too long parameter \"{}...\" started", printable(raw.substr(0, 10), 40)));
  word.text.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    constexpr std::string_view kEscapes = "\"'\\trn", kMeanings = "\"'\\\t\r\n";
    const auto which = raw[i] == '\\' && i + 1 < raw.size() ? kEscapes.find(raw[i + 1]) : std::string_view::npos;
    if (which == std::string_view::npos) {
      word.text += raw[i];
      continue;
    }
    word.text += kMeanings[which];
    word.plain = false;
    ++i;
  }
  if (words.empty()) first_line_ = line_;
  words.push_back(std::move(word));
}

void Lexer::read_word(std::vector<Word>& words) {
  const std::size_t begin = at_;
  const int line = line_;
  const char quote = text_[at_] == '"' || text_[at_] == '\'' ? text_[at_] : '\0';
  if (quote != '\0') ++at_;
  bool dollar = false;  // a "{" behind a "$" belongs to the variable's name
  for (; at_ < text_.size(); ++at_) {
    const char byte = text_[at_];
    const bool in_variable = std::exchange(dollar, byte == '$') && byte == '{';
    if (byte == '\n') ++line_;
    if (in_variable) continue;
    if (byte == '\\') {
      ++at_;
      if (at_ < text_.size() && text_[at_] == '\n') ++line_;
      continue;
    }
    if (quote != '\0' ? byte == quote : is_blank(byte) || byte == ';' || byte == '{') break;
  }
  if (at_ >= text_.size()) {  // a word without an end: nginx stops here, and so do we
    fail_once(R"(unexpected end of file, expecting ";" or "}")");
    at_ = text_.size();
    return;
  }
  if (quote != '\0') ++at_;
  // The line break that ended the word is read again by the caller.
  const int reached = line_ - (quote == '\0' && text_[at_] == '\n' ? 1 : 0);
  line_ = line;
  add_word(words, begin, at_, quote != '\0');
  line_ = reached;
  if (quote == '\0' || at_ >= text_.size()) return;
  // Behind a closing quote only these may follow; ")" starts a word of its own, for conditions.
  if (const char byte = text_[at_]; !is_blank(byte) && byte != ';' && byte != '{' && byte != ')')
    fail_once(fmt::format("unexpected \"{}\"", printable(std::string_view(&text_[at_], 1), 8)));
}

Lexer::Stop Lexer::next(std::vector<Word>& words) {
  words.clear();
  for (;;) {
    blanks_and_comments();
    if (at_ >= text_.size()) {
      if (!words.empty()) fail_once(R"(unexpected end of file, expecting ";" or "}")");
      words.clear();
      return Stop::end;
    }
    const char byte = text_[at_];
    if (byte == '}') {
      if (!words.empty()) {
        fail_once("unexpected \"}\"");
        return Stop::directive;
      }
      first_line_ = line_;
      ++at_;
      return Stop::block_close;
    }
    if (byte == ';' || byte == '{') {
      ++at_;
      if (words.empty()) {
        fail_once(fmt::format("unexpected \"{}\"", byte));
        if (byte == ';') continue;
      }
      return byte == ';' ? Stop::directive : Stop::block_open;
    }
    read_word(words);
  }
}

bool Lexer::skip_lua() {
  int depth = 1;
  const auto start = at_;
  while (at_ < text_.size()) {
    const char byte = text_[at_];
    const bool comment = text_.substr(at_).starts_with("--");
    const auto bracket = comment ? at_ + 2 : at_;
    const auto behind =
        bracket < text_.size() && text_[bracket] == '[' ? behind_long_bracket(text_, bracket) : std::string_view::npos;
    if (behind != std::string_view::npos) {
      at_ = behind;
    } else if (comment) {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (byte == '"' || byte == '\'') {
      for (++at_; at_ < text_.size() && text_[at_] != byte && text_[at_] != '\n'; ++at_)
        if (text_[at_] == '\\') ++at_;
      at_ = std::min(at_ + 1, text_.size());
    } else {
      ++at_;
      if (byte == '{') ++depth;
      if (byte == '}' && --depth == 0) break;
    }
  }
  line_ += static_cast<int>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(start),
                                       text_.begin() + static_cast<std::ptrdiff_t>(at_), '\n'));
  if (depth != 0) fail_once("unexpected end of file, expecting \"}\" of a block of Lua");
  return depth == 0;
}

}  // namespace fix502::nginx
