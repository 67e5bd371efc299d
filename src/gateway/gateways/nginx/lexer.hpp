#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/gateways/nginx/tree.hpp"

namespace fix502::nginx {

/// Cuts a text into the words of one directive after the other, exactly as ngx_conf_read_token() does.
class Lexer {
 public:
  enum class Stop { directive, block_open, block_close, end };

  explicit Lexer(std::string_view text) : text_(text) {}

  /// The words up to the next ";", "{" or "}". After "}" with words before it (a missing ";") the words count as a
  /// directive, and the next call gives the "}".
  [[nodiscard]] Stop next(std::vector<Word>& words);
  /// Goes behind the "}" that ends a block of Lua; false where there is none.
  bool skip_lua();

  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] int line() const { return line_; }              ///< where the reader stands
  [[nodiscard]] int first_line() const { return first_line_; }  ///< of the last directive's first word
  /// What nginx would refuse, in its words, since the last call; empty: nothing.
  [[nodiscard]] std::string take_error() { return std::exchange(error_, {}); }

 private:
  void blanks_and_comments();
  void read_word(std::vector<Word>& words);
  void add_word(std::vector<Word>& words, std::size_t begin, std::size_t end, bool quoted);
  void fail_once(std::string what);

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1, first_line_ = 1;
  std::string error_;
};

}  // namespace fix502::nginx
