#include "gateway/gateways/nginx/editor.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/nginx/check.hpp"
#include "gateway/gateways/nginx/values.hpp"

namespace fix502::nginx {
namespace {

/// Among directives of the same bytes (a file that is included twice) the one whose blocks the route passed.
const Directive* find_pass(const Model& model, const Route& route) {
  const Directive* best = nullptr;
  std::size_t most = 0;
  for (const auto* pass : model.passes) {
    if (pass->place != route.place) continue;
    std::size_t passed = 1;
    for (const Block* at = pass->parent; at != nullptr && at->opener != nullptr; at = at->parent)
      if (std::ranges::find(route.way, at->opener->place) != route.way.end()) ++passed;
    if (passed > most) best = pass, most = passed;
  }
  return best;
}

/// The directive in the file of its block: the include, where it came from another one.
const Directive& at_home(const Directive& at) {
  const Directive* home = &at;
  while (home->via != nullptr) home = home->via;
  return *home;
}

std::string line_of(const Directive& at) {
  std::string line;
  for (const auto& word : at.words)
    line += (line.empty() ? "" : " ") + (word.quoted ? quote_word(word.text) : word.text);
  return line + ";";
}

}  // namespace

std::string quote_word(const std::string& word) {
  if (!word.empty() && word.find_first_of(" \t\r\n;{}\"'\\#") == std::string::npos) return word;
  std::string text = "\"";
  for (const char c : word) text += (c == '"' || c == '\\') ? std::string("\\") + c : std::string(1, c);
  return text + "\"";
}

Editor::Editor(const NginxConfiguration& configuration, const Route& route)
    : configuration_(configuration), pass_(find_pass(configuration.model(), route)) {
  if (pass_ != nullptr) family_ = family_of(*pass_);
}

const Group* Editor::group() const {
  bool tls = false;
  const auto url = parse_url(strip_scheme(pass_->arg(0), tls));
  const auto found = configuration_.model().groups.find(lower(url.host));
  return found == configuration_.model().groups.end() || !url.port_text.empty() ? nullptr : &found->second;
}

const Block* Editor::server() const {
  const Block* at = pass_->parent;
  while (at != nullptr && at->kind != BlockKind::server) at = at->parent;
  return at;
}

bool Editor::since(std::string_view version) const {
  return at_least(configuration_.version, version);
}

const Block* Editor::scope(std::string_view name) const {
  for (const Block* at = pass_->parent; at != nullptr; at = at->parent)
    if (is_legal(name, at->kind)) return at;
  return nullptr;
}

/// What of this block leads to the pass.
const Directive* Editor::anchor_in(const Block& block) const {
  const Directive* at = pass_;
  while (at != nullptr && at->parent != &block) at = at->parent == nullptr ? nullptr : at->parent->opener;
  return at;
}

void Editor::replace(const ConfigPlace& at, std::uint64_t begin, std::uint64_t end, std::string text) {
  const auto file = configuration_.files.find(at.file);
  if (file != configuration_.files.end() && end <= file->second.size() && begin <= end &&
      std::string_view(file->second).substr(begin, end - begin) == text)
    return;
  Edit edit{at.file, begin, end, std::move(text)};
  if (std::ranges::find(edits_, edit) == edits_.end()) edits_.push_back(std::move(edit));
}

void Editor::replace_word(const Directive& at, std::size_t word, std::string text) {
  if (word + 1 >= at.words.size()) return;
  const auto& old = at.words[word + 1];
  replace(at.place, old.begin, old.end, quote_word(text));
}

void Editor::insert_behind(const Directive& near, const std::string& line) {
  const auto& home = at_home(near);
  const auto& file = home.place.file;
  const auto text = configuration_.files.find(file);
  if (text == configuration_.files.end()) return;
  const std::string_view bytes = text->second;
  const auto end = std::min<std::size_t>(home.place.end, bytes.size());
  const auto rest = trim(bytes.substr(end, std::min(bytes.find('\n', end), bytes.size()) - end));
  // More of the block on the same line: what is new goes in between.
  if (!rest.empty() && !rest.starts_with('#'))
    edits_.push_back({file, end, end, " " + line});
  else
    edits_.push_back(insert_line(file, bytes, end == 0 ? 0 : end - 1, true, line));
}

void Editor::insert_before(const Directive& near, const std::string& line) {
  const auto& home = at_home(near);
  const auto text = configuration_.files.find(home.place.file);
  if (text == configuration_.files.end()) return;
  const std::string_view bytes = text->second;
  const auto begin = static_cast<std::size_t>(home.place.begin);
  const auto newline = begin == 0 ? std::string_view::npos : bytes.rfind('\n', begin - 1);
  const auto start = newline == std::string_view::npos ? 0 : newline + 1;
  if (trim(bytes.substr(start, begin - start)).empty())
    edits_.push_back(insert_line(home.place.file, bytes, begin, false, line));
  else
    edits_.push_back({home.place.file, begin, begin, line + " "});
}

void Editor::set_in(const Block& block, const std::string& name, const std::string& value, const Directive* near) {
  if (const auto* own = block.own(name); own != nullptr && own->args() > 0) {
    if (own->value() != value) replace(own->place, own->words[1].begin, own->words.back().end, value);
    return;
  }
  if (near == nullptr && !block.children.empty()) near = block.children.back().get();
  if (near != nullptr) {
    insert_behind(*near, name + " " + value + ";");
  } else if (block.opener != nullptr) {
    edits_.push_back(
        {block.opener->place.file, block.opener->open, block.opener->open, " " + name + " " + value + "; "});
  }
}

void Editor::set(const std::string& name, const std::string& value) {
  const auto* block = scope(name);
  if (block == nullptr) return;
  const auto* applies = effective(*block, name);
  if (applies != nullptr && applies->value() == value) return;
  set_in(*block, name, value, anchor_in(*block));
}

void Editor::set_pair(const std::string& name, const std::string& key, const std::string& value) {
  const auto* block = scope(name);
  if (block == nullptr) return;
  const auto own = block->all_own(name);
  const auto line = fmt::format("{} {} {};", name, key, quote_word(value));
  for (const auto* at : own)
    if (equals_ignoring_case(at->arg(0), key)) {
      if (at->arg(1) != value) replace_word(*at, 1, value);
      return;
    }
  if (!own.empty()) {
    insert_behind(*own.back(), line);
    return;
  }
  const auto* near = anchor_in(*block);
  if (near == nullptr) return;
  const auto inherited = effective_all(*block, name);
  const std::pair<const Block*, std::string> list{block, name};
  if (std::ranges::find(copied_, list) == copied_.end()) {
    for (const auto* at : inherited)
      if (!equals_ignoring_case(at->arg(0), key)) insert_behind(*near, line_of(*at));
    copied_.push_back(list);
  }
  insert_behind(*near, line);
}

void Editor::set_header(const std::string& header, const std::string& value) {
  set_pair(family_ + "set_header", header, value);
}

void Editor::set_param(const std::string& param, const std::string& value) {
  set_pair(family_ + "param", param, value);
}

void Editor::remove(const Directive& at) {
  const auto text = configuration_.files.find(at.place.file);
  if (text == configuration_.files.end()) return;
  const std::string_view bytes = text->second;
  auto begin = static_cast<std::size_t>(at.place.begin), end = static_cast<std::size_t>(at.place.end);
  const auto newline = begin == 0 ? std::string_view::npos : bytes.rfind('\n', begin - 1);
  const auto start = newline == std::string_view::npos ? 0 : newline + 1;
  const auto stop = std::min(bytes.find('\n', end), bytes.size());
  // Alone on its line: the line goes.
  if (trim(bytes.substr(start, begin - start)).empty() && trim(bytes.substr(end, stop - end)).empty())
    begin = start, end = std::min(stop + 1, bytes.size());
  replace(at.place, begin, end, {});
}

}  // namespace fix502::nginx
