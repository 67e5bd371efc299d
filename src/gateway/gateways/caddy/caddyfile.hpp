#pragma once

// The Caddyfile as a tree of directives with their bytes. Caddy's own adapter says what it means; this says where it
// stands.

#include <string>
#include <string_view>
#include <vector>

#include "gateway/configuration.hpp"

namespace fix502::caddy {

struct Token {
  std::string text;  ///< quotes taken off, the environment put in
  std::string file;
  int line = 0;
  std::size_t begin = 0, end = 0;
  bool quoted = false;
};

/// A directive: its words, and what stands between its braces.
struct Node {
  std::vector<Token> words;
  bool has_block = false;
  std::size_t open = 0, close = 0;  ///< offsets of "{" and "}" in the file of the first word
  std::vector<Node> children;

  [[nodiscard]] std::string_view word(std::size_t i) const {
    return i < words.size() ? std::string_view(words[i].text) : std::string_view();
  }
  [[nodiscard]] ConfigPlace place() const;
  [[nodiscard]] const Node* child(std::string_view name) const;
};

/// Tokens of one file. A brace that begins or ends a block is a token of its own, not quoted.
[[nodiscard]] std::vector<Token> read_tokens(const std::string& file, std::string_view text,
                                             const std::vector<NameValue>& environment);

/// The whole file with its imports: global options (no words), snippets ("(name)"), sites. `texts` gets every file.
[[nodiscard]] std::vector<Node> read_caddyfile(const ReadRequest& request, Files& files, FileTexts& texts,
                                               std::vector<Problem>& problems);

}  // namespace fix502::caddy
