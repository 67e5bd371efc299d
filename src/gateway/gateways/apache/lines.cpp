#include <algorithm>

#include "gateway/gateways/apache/tree.hpp"

namespace fix502::apache {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f';
}

/// Whether no variable or joined line stands in [first, end).
bool as_written(const Line& line, std::size_t first, std::size_t end) {
  if (line.offsets.empty()) return true;
  for (std::size_t i = first; i < end; ++i)
    if (line.at(i) != line.at(first) + (i - first) || line.end_at(i) != line.at(i) + 1) return false;
  return true;
}

}  // namespace

std::uint64_t Line::at(std::size_t i) const {
  if (offsets.empty()) return std::min<std::uint64_t>(begin + i, end);
  return i < offsets.size() ? offsets[i] : end;
}

Line next_line(std::string_view file, std::size_t& offset, int& number) {
  Line line;
  line.number = number;
  std::size_t start = offset;
  bool joined = false;
  std::string text;
  std::vector<std::uint32_t> offsets;
  for (;;) {
    const auto newline = file.find('\n', start);
    const std::size_t stop = newline == std::string_view::npos ? file.size() : newline;
    offset = newline == std::string_view::npos ? file.size() : newline + 1;
    ++number;
    std::size_t end = stop;
    if (end > start && newline != std::string_view::npos && file[end - 1] == '\r') --end;
    const bool goes_on = newline != std::string_view::npos && end > start && file[end - 1] == '\\';
    const std::size_t keep = goes_on ? end - 1 : end;
    if (!joined && !goes_on) {
      text.assign(file.substr(start, keep - start));
      line.begin = start, line.end = keep;
      break;
    }
    if (!joined) line.begin = start;
    joined = true;
    for (std::size_t i = start; i < keep; ++i) {
      text += file[i];
      offsets.push_back(static_cast<std::uint32_t>(i));
    }
    line.end = keep;
    start = offset;
    if (!goes_on || offset >= file.size()) break;
  }
  std::size_t first = 0, last = text.size();
  while (first < last && is_blank(text[first])) ++first;
  while (last > first && is_blank(text[last - 1])) --last;
  line.text = text.substr(first, last - first);
  if (joined) {
    line.offsets.assign(offsets.begin() + static_cast<std::ptrdiff_t>(first),
                        offsets.begin() + static_cast<std::ptrdiff_t>(last));
    if (!line.offsets.empty()) line.begin = line.offsets.front(), line.end = line.offsets.back() + 1UL;
  } else {
    line.begin += first;
    line.end = line.begin + line.text.size();
  }
  return line;
}

std::vector<Word> words_of(std::string_view text, std::size_t start, const Line& line) {
  std::vector<Word> words;
  std::size_t i = start;
  while (i < text.size()) {
    if (is_blank(text[i])) {
      ++i;
      continue;
    }
    Word word;
    const std::size_t first = i;
    const char quote = text[i] == '"' || text[i] == '\'' ? text[i] : '\0';
    if (quote != '\0') ++i;
    bool escaped = false;
    // ap_getword_conf: a quoted word ends at its quote, a backslash hides a backslash or that quote.
    for (; i < text.size(); ++i) {
      if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '\\' || (quote != '\0' && text[i + 1] == quote))) {
        escaped = true;
        ++i;
      } else if (quote != '\0' ? text[i] == quote : is_blank(text[i])) {
        break;
      }
      word.text += text[i];
    }
    if (quote != '\0' && i < text.size()) ++i;
    word.begin = line.at(first);
    word.end = i > first ? line.end_at(i - 1) : word.begin;
    word.plain = quote == '\0' && !escaped && as_written(line, first, i);
    words.push_back(std::move(word));
  }
  return words;
}

}  // namespace fix502::apache
