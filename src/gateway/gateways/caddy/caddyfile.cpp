#include "gateway/gateways/caddy/caddyfile.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace fix502::caddy {
namespace {

constexpr std::size_t kMostTokens = 400'000;
constexpr int kDeepest = 64;
constexpr std::size_t kMostImports = 20'000;  // a snippet that imports itself twice would double at every level

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// "{$NAME}", "{$NAME:default}" are put in before anything is parsed.
std::string with_environment(std::string_view text, const std::vector<NameValue>& environment) {
  std::string out;
  while (true) {
    const auto at = text.find("{$");
    out += text.substr(0, at);
    if (at == std::string_view::npos) return out;
    const auto end = text.find('}', at);
    if (end == std::string_view::npos) return out + std::string(text.substr(at));
    const std::string_view inside = text.substr(at + 2, end - at - 2);
    const auto colon = inside.find(':');
    const auto found = std::ranges::find(environment, inside.substr(0, colon), &NameValue::name);
    if (found != environment.end())
      out += found->value;
    else if (colon != std::string_view::npos)
      out += inside.substr(colon + 1);
    text.remove_prefix(end + 1);
  }
}

class Lexer {
 public:
  Lexer(const std::string& file, std::string_view text, const std::vector<NameValue>& environment)
      : file_(file), text_(text), environment_(environment) {}

  std::vector<Token> run() {
    while (skip_blanks() && tokens_.size() < kMostTokens) read_token();
    return std::move(tokens_);
  }

 private:
  /// False at the end of the text.
  bool skip_blanks() {
    while (at_ < text_.size()) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size() &&
          (text_[at_ + 1] == '\n' || text_.substr(at_ + 1).starts_with("\r\n"))) {
        at_ = text_.find('\n', at_) + 1;
        ++hidden_;
      } else if (text_[at_] == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (is_blank(text_[at_])) {
        if (text_[at_] == '\n') {
          line_ += 1 + hidden_;
          hidden_ = 0;
        }
        ++at_;
      } else {
        return true;
      }
    }
    return false;
  }

  void read_token() {
    Token token{.text = {}, .file = file_, .line = line_, .begin = at_, .end = at_, .quoted = false};
    const char first = text_[at_];
    if (first == '"' || first == '`') {
      token.quoted = true;
      ++at_;
      while (at_ < text_.size() && text_[at_] != first) {
        if (first == '"' && text_[at_] == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] == '"') ++at_;
        if (text_[at_] == '\n') ++line_;
        token.text += text_[at_++];
      }
      at_ = std::min(at_ + 1, text_.size());
    } else {
      while (at_ < text_.size() && !is_blank(text_[at_])) {
        if (text_[at_] == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] == '"') ++at_;
        token.text += text_[at_++];
      }
    }
    token.end = at_;
    token.text = with_environment(token.text, environment_);
    tokens_.push_back(std::move(token));
  }

  const std::string& file_;
  std::string_view text_;
  const std::vector<NameValue>& environment_;
  std::size_t at_ = 0;
  int line_ = 1, hidden_ = 0;
  std::vector<Token> tokens_;
};

bool opens(const Token& token) {
  return !token.quoted && token.text == "{";
}
bool closes(const Token& token) {
  return !token.quoted && token.text == "}";
}

/// Tokens to a tree. A line is a directive; "{" as its last word begins its block.
class Parser {
 public:
  Parser(const std::vector<Token>& tokens, std::vector<Problem>& problems) : tokens_(tokens), problems_(problems) {}

  std::vector<Node> run() {
    std::vector<Node> nodes = block(0);
    if (at_ < tokens_.size())
      problems_.push_back({.fatal = true,
                           .what = "unexpected \"}\"",
                           .place = {.file = tokens_[at_].file,
                                     .line = tokens_[at_].line,
                                     .begin = tokens_[at_].begin,
                                     .end = tokens_[at_].end}});
    return nodes;
  }

 private:
  std::vector<Node> block(int depth) {
    std::vector<Node> nodes;
    while (at_ < tokens_.size() && !closes(tokens_[at_])) {
      Node node;
      const int line = tokens_[at_].line;
      while (at_ < tokens_.size() && tokens_[at_].line == line && !closes(tokens_[at_])) {
        // Only the last word of a line opens a block; sites may put a comma at a line's end and go on.
        if (opens(tokens_[at_]) && (at_ + 1 == tokens_.size() || tokens_[at_ + 1].line != line ||
                                    closes(tokens_[at_ + 1]) || node.words.empty())) {
          open_block(node, depth);
          break;
        }
        node.words.push_back(tokens_[at_++]);
      }
      const bool goes_on =
          depth == 0 && !node.has_block && !node.words.empty() && node.words.back().text.ends_with(',');
      if (goes_on && at_ < tokens_.size()) {
        pending_.insert(pending_.end(), node.words.begin(), node.words.end());
        continue;
      }
      if (!pending_.empty()) {
        node.words.insert(node.words.begin(), pending_.begin(), pending_.end());
        pending_.clear();
      }
      nodes.push_back(std::move(node));
    }
    return nodes;
  }

  void open_block(Node& node, int depth) {
    node.has_block = true;
    node.open = tokens_[at_].begin;
    const Token& brace = tokens_[at_++];
    if (depth >= kDeepest) {
      problems_.push_back({.fatal = true,
                           .what = "blocks nested too deeply",
                           .place = {.file = brace.file, .line = brace.line, .begin = brace.begin, .end = brace.end}});
      at_ = tokens_.size();
      return;
    }
    node.children = block(depth + 1);
    if (at_ < tokens_.size()) {
      node.close = tokens_[at_++].begin;
    } else {
      node.close = tokens_.back().end - 1;  // no brace: it ends with the last word
      problems_.push_back({.fatal = true,
                           .what = "unexpected end of file, expecting \"}\"",
                           .place = {.file = brace.file, .line = brace.line, .begin = brace.begin, .end = brace.end}});
    }
  }

  const std::vector<Token>& tokens_;
  std::vector<Problem>& problems_;
  std::size_t at_ = 0;
  std::vector<Token> pending_;
};

/// Reads files and puts imports in their places.
class Importer {
 public:
  Importer(const ReadRequest& request, Files& files, FileTexts& texts, std::vector<Problem>& problems)
      : request_(request), files_(files), texts_(texts), problems_(problems) {}

  std::vector<Node> read(const std::string& path, int depth) {
    auto text = files_.read(path);
    if (!text) {
      problems_.push_back(
          {.fatal = true, .what = fmt::format("cannot be read: {}", text.error().what), .place = {.file = path}});
      return {};
    }
    const auto tokens = read_tokens(path, *text, request_.environment);
    texts_[path] = std::move(*text);
    std::vector<Node> nodes = Parser(tokens, problems_).run();
    resolve(nodes, path, depth);
    return nodes;
  }

 private:
  void resolve(std::vector<Node>& nodes, const std::string& path, int depth) {
    for (const auto& node : nodes)
      if (node.words.size() == 1 && node.word(0).starts_with('(') && node.word(0).ends_with(')'))
        snippets_[std::string(node.word(0).substr(1, node.word(0).size() - 2))] = node.children;
    std::vector<Node> out;
    for (auto& node : nodes) {
      if (node.word(0) != "import" || node.words.size() < 2) {
        resolve(node.children, path, depth);
        out.push_back(std::move(node));
        continue;
      }
      for (auto& inside : imported(node, path, depth)) out.push_back(std::move(inside));
    }
    nodes = std::move(out);
  }

  std::vector<Node> imported(const Node& node, const std::string& path, int depth) {
    const std::string name(node.word(1));
    if (depth >= 16 || texts_.size() >= kMostFiles || ++imports_ > kMostImports) {
      problems_.push_back({.fatal = true, .what = "imports nested too deeply", .place = node.place()});
      return {};
    }
    if (const auto snippet = snippets_.find(name); snippet != snippets_.end()) {
      std::vector<Node> copy = snippet->second;
      resolve(copy, path, depth + 1);
      return copy;
    }
    const std::string folder = path.substr(0, path.rfind('/') + 1);
    const std::string pattern = name.starts_with('/') ? name : folder + name;
    const auto paths = files_.match(pattern);
    if (paths.empty() && name.find_first_of("*?[") == std::string::npos)
      problems_.push_back(
          {.fatal = true, .what = fmt::format("import {}: no such file or snippet", name), .place = node.place()});
    std::vector<Node> all;
    for (const auto& one : paths)
      for (auto& inside : read(one, depth + 1)) all.push_back(std::move(inside));
    return all;
  }

  const ReadRequest& request_;
  Files& files_;
  FileTexts& texts_;
  std::vector<Problem>& problems_;
  std::map<std::string, std::vector<Node>> snippets_;
  std::size_t imports_ = 0;
};

}  // namespace

ConfigPlace Node::place() const {
  if (words.empty()) return {};
  return {.file = words.front().file,
          .line = words.front().line,
          .begin = words.front().begin,
          .end = has_block ? close + 1 : words.back().end};
}

const Node* Node::child(std::string_view name) const {
  const auto found = std::ranges::find_if(children, [&](const Node& one) { return one.word(0) == name; });
  return found == children.end() ? nullptr : &*found;
}

std::vector<Token> read_tokens(const std::string& file, std::string_view text,
                               const std::vector<NameValue>& environment) {
  return Lexer(file, text, environment).run();
}

std::vector<Node> read_caddyfile(const ReadRequest& request, Files& files, FileTexts& texts,
                                 std::vector<Problem>& problems) {
  std::vector<Node> nodes = Importer(request, files, texts, problems).read(request.config, 0);
  // A file of one site may do without braces: its first line is the address, all others are its directives.
  const bool bare = nodes.size() > 1 &&
                    std::ranges::none_of(
                        nodes, [](const Node& node) { return node.words.empty() || node.word(0).starts_with('('); }) &&
                    !nodes.front().has_block;
  if (!bare) return nodes;
  Node site;
  site.words = nodes.front().words;
  site.children.assign(std::make_move_iterator(nodes.begin() + 1), std::make_move_iterator(nodes.end()));
  std::vector<Node> one;
  one.push_back(std::move(site));
  return one;
}

}  // namespace fix502::caddy
