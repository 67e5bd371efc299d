#include "gateway/gateways/caddy/editor.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fix502::caddy {
namespace {

/// The blanks at the beginning of the line at this offset.
std::string indent_at(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset).rfind('\n');
  const std::size_t start = before == std::string_view::npos ? 0 : before + 1;
  const auto end = std::min(text.find_first_not_of(" \t", start), text.size());
  return std::string(text.substr(start, end - start));
}

const std::string& file_of(const Node& node) {
  return node.words.front().file;
}

/// One level of indentation, as the file has it.
std::string step_of(const std::string& outer) {
  return outer.starts_with(' ') ? "    " : "\t";
}

std::string joined(std::string_view name, const std::string& value) {
  return value.empty() ? std::string(name) : fmt::format("{} {}", name, value);
}

}  // namespace

Proposal Editor::line(std::string_view name, const std::string& value) const {
  return put(node_, name, value, indent_of(node_));
}

std::optional<Proposal> Editor::transport(std::string_view kind, std::string_view name,
                                          const std::string& value) const {
  // Its timeouts stand in php_fastcgi itself, which refuses a transport ("transport already specified").
  if (node_.word(0) == "php_fastcgi") return kind == "fastcgi" ? std::optional(line(name, value)) : std::nullopt;
  const Node* block = node_.child("transport");
  const std::string outer = indent_of(node_), step = step_of(outer);
  if (block == nullptr)
    return put_text(
        node_, outer,
        fmt::format("transport {} {{\n{}{}{}\n{}{}}}", kind, outer, step + step, joined(name, value), outer, step));
  if (block->word(1) != kind) return std::nullopt;
  return put(*block, name, value, indent_of(*block));
}

Proposal Editor::of_servers(std::string_view name, const std::string& value) const {
  if (const Node* own = all_.line_of(nullptr, true, "", name); own != nullptr && own->words.size() > 1)
    return replace(own->words[1], value);
  for (const auto& options : all_.nodes) {
    if (!options.words.empty() || !options.has_block) continue;
    if (const Node* servers = options.child("servers")) return put(*servers, name, value, indent_of(*servers));
    return before_close(all_.main_file, options.close, "", fmt::format("servers {{\n\t\t{} {}\n\t}}", name, value));
  }
  // Global options stand before everything else.
  return {.title = {},
          .edits = {{.file = all_.main_file,
                     .begin = 0,
                     .end = 0,
                     .text = fmt::format("{{\n\tservers {{\n\t\t{} {}\n\t}}\n}}\n\n", name, value)}}};
}

std::optional<Proposal> Editor::nearest(std::string_view name, const std::string& value) const {
  const Node* own = all_.line_of(&node_, false, "", name);
  if (own == nullptr) own = all_.beside(node_, name);
  if (own == nullptr || own->words.size() < 2) return std::nullopt;
  return replace(own->words.back(), value);
}

std::vector<Edit> Editor::without(std::string_view beginning) const {
  std::vector<Edit> edits;
  const Node* block = node_.child("transport");
  if (block == nullptr) return edits;
  for (const auto& one : block->children) {
    if (!one.word(0).starts_with(beginning)) continue;
    const ConfigPlace place = one.place();
    const std::string& text = text_of(place.file);
    const auto line_end = text.find('\n', place.end);
    edits.push_back({.file = place.file,
                     .begin = place.begin - indent_at(text, place.begin).size(),
                     .end = line_end == std::string::npos ? text.size() : line_end + 1,
                     .text = {}});
  }
  return edits;
}

Proposal Editor::replace(const Token& token, std::string with) {
  return {.title = {},
          .edits = {{.file = token.file, .begin = token.begin, .end = token.end, .text = std::move(with)}}};
}

std::string Editor::indent_of(const Node& node) const {
  return indent_at(text_of(file_of(node)), node.words.front().begin);
}

Proposal Editor::put(const Node& block, std::string_view name, const std::string& value,
                     const std::string& outer) const {
  if (const Node* own = block.child(name); own != nullptr && own->words.size() > 1)
    return {
        .title = {},
        .edits = {{.file = file_of(*own), .begin = own->words[1].begin, .end = own->words.back().end, .text = value}}};
  return put_text(block, outer, joined(name, value));
}

/// As the last line of a block; a directive without one gets it.
Proposal Editor::put_text(const Node& block, const std::string& outer, const std::string& line) const {
  if (block.has_block) return before_close(file_of(block), block.close, outer, line);
  const std::size_t end = block.words.back().end;
  return {.title = {},
          .edits = {{.file = file_of(block),
                     .begin = end,
                     .end = end,
                     .text = fmt::format(" {{\n{}{}{}\n{}}}", outer, step_of(outer), line, outer)}}};
}

Proposal Editor::before_close(const std::string& file, std::size_t close, const std::string& outer,
                              const std::string& line) const {
  const auto before = text_of(file).rfind('\n', close);
  const std::size_t at = before == std::string::npos ? close : before + 1;
  return {
      .title = {},
      .edits = {{.file = file, .begin = at, .end = at, .text = fmt::format("{}{}{}\n", outer, step_of(outer), line)}}};
}

}  // namespace fix502::caddy
