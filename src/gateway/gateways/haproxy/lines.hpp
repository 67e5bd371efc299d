#pragma once

// HAProxy's configuration as lines of words (configuration.txt 2.2 "Quoting and escaping"), each with its bytes in the
// file.

#include <string>
#include <string_view>
#include <vector>

#include "gateway/configuration.hpp"

namespace fix502::haproxy {

struct Word {
  std::string text;  ///< quotes and escapes resolved, the environment put in
  std::size_t begin = 0, end = 0;
};

struct Line {
  std::string file;
  int number = 0;
  std::size_t begin = 0, end = 0;  ///< from the first word to behind the last one
  std::vector<Word> words;

  [[nodiscard]] std::string_view word(std::size_t i) const {
    return i < words.size() ? std::string_view(words[i].text) : std::string_view();
  }
  [[nodiscard]] ConfigPlace place() const { return {.file = file, .line = number, .begin = begin, .end = end}; }
  /// The words from `from` on, as one text.
  [[nodiscard]] std::string rest(std::size_t from) const;
};

/// Every line that has a word. What cannot be read (an unmatched quote) becomes a problem, and the line is left out.
[[nodiscard]] std::vector<Line> read_lines(const std::string& file, std::string_view text,
                                           const std::vector<NameValue>& environment, std::vector<Problem>& problems);

/// "5s", "200ms", "1m"; a bare number is milliseconds (configuration.txt 2.5). Negative: it is none.
[[nodiscard]] std::int64_t milliseconds_of(std::string_view text);
/// "16384", "64k"; negative: it is none.
[[nodiscard]] std::int64_t size_of(std::string_view text);

}  // namespace fix502::haproxy
