#pragma once

// Apache's configuration as a tree of scopes: what the files say after includes, variables, macros and the conditions
// that are decided at start. Grammar: httpd server/config.c, server/util.c (ap_cfg_getline, ap_getword_conf).

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/configuration.hpp"

namespace fix502::apache {

/// One argument. [begin, end) are its bytes in the directive's file, quotes and variables as written.
struct Word {
  std::string text;
  std::uint64_t begin = 0, end = 0;
  bool plain = false;  ///< the bytes are the text itself: a part of them can be replaced
};

struct Scope;

struct Directive {
  std::string name;  ///< as written
  std::string key;   ///< in lower case
  std::vector<Word> words;
  ConfigPlace place;
  std::size_t order = 0;  ///< of reading, over all files
  bool exact = true;      ///< its words' bytes can be replaced: it was not made by a macro's parameter
  Scope* scope = nullptr;

  [[nodiscard]] std::string_view word(std::size_t which) const {
    return which < words.size() ? std::string_view(words[which].text) : std::string_view();
  }
};

enum class ScopeKind { main, host, location, directory, files, proxy, condition, other };

struct Scope {
  ScopeKind kind = ScopeKind::main;
  std::string name;      ///< "Location", as written
  std::string argument;  ///< what stands behind the name, quotes taken off
  bool regex = false;    ///< LocationMatch, or "~"
  std::vector<Word> words;
  ConfigPlace place;  ///< of the line that opens it
  ConfigPlace close;  ///< of the line that closes it
  std::size_t order = 0;
  Scope* parent = nullptr;
  std::vector<std::unique_ptr<Scope>> children;
  std::vector<std::unique_ptr<Directive>> directives;
  std::unordered_map<std::string_view, std::vector<const Directive*>> index;  ///< by key, in order of reading

  [[nodiscard]] const std::vector<const Directive*>& all(std::string_view key) const;
  [[nodiscard]] const Directive* last(std::string_view key) const;
};

/// Foreign text as it may stand in a message: printable, and not too long.
[[nodiscard]] std::string shown(std::string_view text);

struct Tree {
  Scope main;
  std::vector<Problem> problems;
  FileTexts files;
  std::string server_root;
  std::set<std::string> modules;  ///< "mod_proxy.c" and "proxy_module", in lower case
  bool knows_modules = false;     ///< LoadModule was seen: what is not listed is not there
  bool foreign_modules = false;   ///< some module is not httpd's own: its directives are not known here
  std::size_t order = 0;

  [[nodiscard]] bool has_module(std::string_view name) const;
  void problem(bool fatal, std::string what, const ConfigPlace& place);
};

/// A line as httpd sees it: continued lines joined, blanks at both ends gone.
struct Line {
  std::string text;
  std::vector<std::uint32_t> offsets;  ///< of each byte of `text` in the file; empty: `begin` and on
  std::vector<std::uint32_t> ends;     ///< behind what each byte came from; empty: one byte each
  std::uint64_t begin = 0, end = 0;
  int number = 0;
  bool made = false;  ///< a macro's parameter was put in: its bytes are not its words

  [[nodiscard]] std::uint64_t at(std::size_t i) const;
  [[nodiscard]] std::uint64_t end_at(std::size_t i) const { return i < ends.size() ? ends[i] : at(i) + 1; }
};
/// The next logical line from `offset` on, which moves behind it; `number` counts the physical ones.
[[nodiscard]] Line next_line(std::string_view file, std::size_t& offset, int& number);
/// `text` cut into words; the places are those of `line`, from whose expansion `text` came (`from`: per byte).
[[nodiscard]] std::vector<Word> words_of(std::string_view text, std::size_t start, const Line& line);
/// ${NAME} by `value_of` (null: not defined, stays as it is). The line keeps track of where its bytes stood.
template <typename Look>
void expand(Line& line, const Look& value_of);

[[nodiscard]] std::unique_ptr<Tree> read_tree(const ReadRequest& request, Files& files);

template <typename Look>
void expand(Line& line, const Look& value_of) {
  auto from = line.text.find("${");
  if (from == std::string::npos) return;
  std::string text;
  std::vector<std::uint32_t> offsets, ends;
  std::size_t done = 0;
  const auto keep = [&](std::size_t end) {
    for (; done < end; ++done) {
      text += line.text[done];
      offsets.push_back(static_cast<std::uint32_t>(line.at(done)));
      ends.push_back(static_cast<std::uint32_t>(line.end_at(done)));
    }
  };
  while (from != std::string::npos) {
    const auto close = line.text.find('}', from);
    if (close == std::string::npos) break;
    const std::string* value = value_of(line.text.substr(from + 2, close - from - 2));
    if (value != nullptr && text.size() + value->size() <= kLargestConfig) {
      keep(from);
      text += *value;
      offsets.insert(offsets.end(), value->size(), static_cast<std::uint32_t>(line.at(from)));
      ends.insert(ends.end(), value->size(), static_cast<std::uint32_t>(line.end_at(close)));
      done = close + 1;
      from = line.text.find("${", done);
    } else {
      from = line.text.find("${", from + 2);
    }
  }
  keep(line.text.size());
  line.text = std::move(text);
  line.offsets = std::move(offsets);
  line.ends = std::move(ends);
}

}  // namespace fix502::apache
