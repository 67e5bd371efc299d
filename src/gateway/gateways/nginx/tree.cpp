#include "gateway/gateways/nginx/tree.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/nginx/lexer.hpp"

namespace fix502::nginx {
namespace {

constexpr std::string_view kPairs[] = {"map",         "geo",           "split_clients", "types",
                                       "charset_map", "otel_exporter", "match",         "js_shared_dict_zone"};

BlockKind kind_of(const std::string& name, const Block& outer) {
  if (std::ranges::find(kPairs, name) != std::end(kPairs)) return BlockKind::pairs;
  if (outer.kind == BlockKind::foreign || name == "stream" || name == "mail" || name == "rtmp")
    return BlockKind::foreign;
  if (name == "events") return BlockKind::events;
  if (name == "http") return BlockKind::http;
  if (name == "server") return BlockKind::server;
  if (name == "location") return BlockKind::location;
  if (name == "upstream") return BlockKind::upstream;
  if (name == "limit_except") return BlockKind::limit_except;
  if (name == "if") return outer.kind == BlockKind::server ? BlockKind::if_server : BlockKind::if_location;
  return BlockKind::foreign;
}

}  // namespace

const std::string& Directive::arg(std::size_t n) const {
  static const std::string kNothing;
  return n + 1 < words.size() ? words[n + 1].text : kNothing;
}

std::string Directive::value() const {
  std::string text;
  for (std::size_t i = 1; i < words.size(); ++i) text += (i == 1 ? "" : " ") + words[i].text;
  return text;
}

const Directive* Block::own(std::string_view name) const {
  const auto found = std::ranges::lower_bound(by_name, name, {}, &std::pair<std::string_view, const Directive*>::first);
  return found != by_name.end() && found->first == name ? found->second : nullptr;
}

std::vector<const Directive*> Block::all_own(std::string_view name) const {
  std::vector<const Directive*> all;
  for (const auto& row :
       std::ranges::equal_range(by_name, name, {}, &std::pair<std::string_view, const Directive*>::first))
    all.push_back(row.second);
  return all;
}

const Directive* effective(const Block& block, std::string_view name) {
  for (const Block* at = &block; at != nullptr; at = at->parent)
    if (const auto* found = at->own(name)) return found;
  return nullptr;
}

std::vector<const Directive*> effective_all(const Block& block, std::string_view name) {
  for (const Block* at = &block; at != nullptr; at = at->parent)
    if (auto found = at->all_own(name); !found.empty()) return found;
  return {};
}

void index_tree(Block& block) {
  block.by_name.clear();
  for (const auto& child : block.children) {
    block.by_name.emplace_back(child->name(), child.get());
    if (child->block) index_tree(*child->block);
  }
  std::ranges::stable_sort(block.by_name, {}, &std::pair<std::string_view, const Directive*>::first);
}

std::string under(const std::string& folder, const std::string& path) {
  if (path.starts_with('/')) return path;
  return folder.ends_with('/') ? folder + path : folder + "/" + path;
}

void TreeReader::problem(bool fatal, std::string what, const ConfigPlace& place) {
  if (problems_.size() < kMostProblems) problems_.push_back({fatal, std::move(what), place});
}

void TreeReader::read_file(const std::string& path, Block& into) {
  include_file(path, {}, into);
}

void TreeReader::read_text(std::string_view text, Block& into) {
  read_bytes(text, {}, into, nullptr);
}

/// The blocks that are open while one file is read, the innermost last.
struct TreeReader::Open {
  std::vector<Block*> blocks;
  std::size_t ignored = 0;  ///< blocks that are nested too deeply, or have no name
};

void TreeReader::read_bytes(std::string_view text, const std::string& path, Block& into, const Directive* via) {
  Lexer lexer(text);
  Open open{.blocks = {&into}};
  std::vector<Word> words;
  for (;;) {
    const auto stop = lexer.next(words);
    const ConfigPlace here{path, lexer.line(), lexer.at() == 0 ? 0 : lexer.at() - 1, lexer.at()};
    if (auto error = lexer.take_error(); !error.empty()) problem(true, std::move(error), here);
    if (stop == Lexer::Stop::end) break;
    if (stop == Lexer::Stop::block_close) {
      if (open.ignored > 0) {
        --open.ignored;
      } else if (open.blocks.size() == 1) {
        problem(true, "unexpected \"}\"", here);
      } else {
        Block* closed = open.blocks.back();
        open.blocks.pop_back();
        auto* opener = open.blocks.back()->children.back().get();
        if (opener->block.get() == closed) opener->close = lexer.at() - 1, opener->place.end = lexer.at();
      }
      continue;
    }
    const bool opens = stop == Lexer::Stop::block_open;
    if (open.ignored > 0 || words.empty()) {
      if (opens) ++open.ignored;
      continue;
    }
    Block& outer = *open.blocks.back();
    auto directive = std::make_unique<Directive>();
    directive->place = {path, lexer.first_line(), words.front().begin, lexer.at()};
    directive->words = std::move(words);
    words = {};
    directive->parent = &outer;
    if (open.blocks.size() == 1) directive->via = via;
    Directive& added = *directive;
    if (opens && added.name().ends_with("_by_lua_block")) {
      added.open = lexer.at();
      lexer.skip_lua();
      added.close = lexer.at() - 1, added.place.end = lexer.at();
      if (auto error = lexer.take_error(); !error.empty()) problem(true, std::move(error), added.place);
      outer.children.push_back(std::move(directive));
    } else if (opens) {
      if (open.blocks.size() >= kDeepestBlock) {
        problem(false, "blocks are nested too deeply; what is inside is not read", added.place);
        open.ignored = 1;
        continue;
      }
      added.open = added.close = lexer.at();
      added.block = std::make_unique<Block>();
      added.block->kind = kind_of(added.name(), outer);
      added.block->opener = &added;
      added.block->parent = &outer;
      open.blocks.push_back(added.block.get());
      outer.children.push_back(std::move(directive));
    } else if (added.name() == "include" && added.args() == 1) {
      outer.children.push_back(std::move(directive));
      include(added, outer);
    } else {
      outer.children.push_back(std::move(directive));
    }
  }
  if (open.blocks.size() > 1 || open.ignored > 0)
    problem(true, "unexpected end of file, expecting \"}\"", {path, lexer.line(), text.size(), text.size()});
  // What has no end reaches to the end of the file.
  for (std::size_t i = 1; i < open.blocks.size(); ++i) {
    auto* opener = open.blocks[i - 1]->children.back().get();
    opener->close = opener->place.end = text.size();
  }
}

void TreeReader::include(const Directive& directive, Block& into) {
  const auto path = under(conf_folder_, directive.arg(0));
  if (path.find_first_of("*?[") == std::string::npos) {
    include_file(path, directive, into);
    return;
  }
  // A pattern that matches nothing is no error (ngx_conf_include()).
  for (const auto& file : files_.match(path)) include_file(file, directive, into);
}

void TreeReader::include_file(const std::string& path, const Directive& directive, Block& into) {
  const ConfigPlace place = directive.words.empty() ? ConfigPlace{path, 0, 0, 0} : directive.place;
  if (std::ranges::find(stack_, path) != stack_.end()) {
    // nginx has no guard: it dies of a full stack.
    problem(true, "\"" + printable(path, 300) + "\" includes itself", place);
    return;
  }
  if (stack_.size() >= static_cast<std::size_t>(kDeepestInclude) || read_ >= kMostFiles || bytes_ >= kMostBytes) {
    if (!std::exchange(full_, true))
      problem(false, "too many included files: \"" + printable(path, 300) + "\" and what follows is not read", place);
    return;
  }
  ++read_;
  auto known = texts_.find(path);
  if (known == texts_.end()) {
    auto text = files_.read(path);
    if (!text) {
      const auto& what = text.error().what;
      const std::string_view number = what == "No such file or directory" ? "2: "
                                      : what == "Permission denied"       ? "13: "
                                                                          : "";
      problem(true, fmt::format("open() \"{}\" failed ({}{})", printable(path, 300), number, what), place);
      return;
    }
    known = texts_.emplace(path, std::move(*text)).first;
  }
  bytes_ += known->second.size();
  stack_.push_back(path);
  read_bytes(known->second, path, into, directive.words.empty() ? nullptr : &directive);
  stack_.pop_back();
}

}  // namespace fix502::nginx
