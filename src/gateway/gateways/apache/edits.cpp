#include "gateway/gateways/apache/edits.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace fix502::apache {
namespace {

/// Blanks before the first word of the line on which `offset` stands.
std::string indent_at(std::string_view text, std::uint64_t offset) {
  const auto at = std::min<std::size_t>(offset, text.size());
  const auto before = text.substr(0, at).rfind('\n');
  const std::size_t start = before == std::string_view::npos ? 0 : before + 1;
  const std::size_t end = std::min(text.find_first_not_of(" \t", start), text.size());
  return std::string(text.substr(start, end - start));
}

std::string_view ending_at(std::string_view text, std::uint64_t offset) {
  const auto end = text.find('\n', std::min<std::size_t>(offset, text.size()));
  return end != std::string_view::npos && end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n";
}

}  // namespace

std::string as_word(std::string_view text) {
  if (!text.empty() && text.find_first_of(" \t\"'") == std::string_view::npos) return std::string(text);
  std::string made = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') made += '\\';
    made += c;
  }
  return made + "\"";
}

Editor::Editor(const Apache& apache, const Way& way) : apache_(apache), way_(way) {}

const std::string* Editor::text_of(const ConfigPlace& place) const {
  const auto found = apache_.files.find(place.file);
  if (found == apache_.files.end() || place.end > found->second.size() || place.begin > place.end) return nullptr;
  return &found->second;
}

bool Editor::replace_word(const Directive& directive, std::size_t word, std::string_view text) {
  if (!directive.exact || word >= directive.words.size() || text_of(directive.place) == nullptr) return false;
  const std::string& file = *text_of(directive.place);
  const char first = file[std::min<std::size_t>(directive.words[word].begin, file.size() - 1)];
  std::string made = as_word(text);
  if ((first == '"' || first == '\'') && made == text) made = first + made + first;  // as it was written
  edits_.push_back({directive.place.file, directive.words[word].begin, directive.words[word].end, std::move(made)});
  return true;
}

bool Editor::replace_words(const Directive& directive, std::size_t first, std::string_view text) {
  if (!directive.exact || first >= directive.words.size() || text_of(directive.place) == nullptr) return false;
  edits_.push_back({directive.place.file, directive.words[first].begin, directive.words.back().end, std::string(text)});
  return true;
}

bool Editor::append(const Directive& directive, std::string_view text) {
  if (!directive.exact || text_of(directive.place) == nullptr) return false;
  edits_.push_back({directive.place.file, directive.place.end, directive.place.end, " " + std::string(text)});
  return true;
}

bool Editor::remove(const Directive& directive) {
  const std::string* text = text_of(directive.place);
  if (!directive.exact || text == nullptr) return false;
  const auto newline = text->rfind('\n', directive.place.begin);
  const std::size_t begin = newline == std::string::npos ? 0 : newline + 1;
  const auto end = text->find('\n', directive.place.end);
  edits_.push_back({directive.place.file, begin, end == std::string::npos ? text->size() : end + 1, ""});
  return true;
}

bool Editor::insert(const ConfigPlace& place, const std::vector<std::string>& lines, bool behind, bool deeper) {
  const std::string* text = text_of(place);
  if (text == nullptr) return false;
  const std::string own = indent_at(*text, place.begin);
  const std::string step = own.contains('\t') ? "\t" : own.empty() || own.size() % 4 == 0 ? "    " : "  ";
  const std::string indent = own + (deeper ? step : "");
  const std::string ending(ending_at(*text, place.end));
  std::string made;
  for (const std::string& line : lines) {
    // A leading tab stands for one level more.
    const bool inner = line.starts_with('\t');
    made += indent + (inner ? step : "") + line.substr(inner ? 1 : 0) + ending;
  }
  if (!behind) {
    const auto newline = place.begin == 0 ? std::string::npos : text->rfind('\n', place.begin - 1);
    const std::size_t at = newline == std::string::npos ? 0 : newline + 1;
    edits_.push_back({place.file, at, at, made});
    return true;
  }
  const auto newline = text->find('\n', place.end);
  if (newline == std::string::npos) {
    made.resize(made.size() - ending.size());
    edits_.push_back({place.file, text->size(), text->size(), ending + made});
  } else {
    edits_.push_back({place.file, newline + 1, newline + 1, made});
  }
  return true;
}

bool Editor::insert_behind(const ConfigPlace& place, const std::vector<std::string>& lines) {
  return insert(place, lines, true, false);
}

bool Editor::insert_before(const ConfigPlace& place, const std::vector<std::string>& lines) {
  return insert(place, lines, false, false);
}

bool Editor::set_in_host(std::string_view name, std::string_view value, const VirtualHost& host) {
  const std::string key = lower(name);
  const Directive* set = host.scope->last(key);
  if (set == nullptr) set = apache_.servers().main.scope->last(key);
  if (set != nullptr) return replace_words(*set, 0, value);
  const std::vector<std::string> line{fmt::format("{} {}", name, value)};
  if (const Directive* server_name = host.scope->last("servername"); server_name != nullptr && server_name->exact)
    return insert_behind(server_name->place, line);
  if (host.scope->kind == ScopeKind::host) return insert(host.scope->place, line, true, true);
  const auto& listens = host.scope->all("listen");
  if (listens.empty()) return false;
  return insert_behind(listens.front()->place, line);
}

bool Editor::set_here(std::string_view name, std::string_view value) {
  // Only what this virtual host or a section of it says is changed; what all others share stays.
  const Directive* set = way_.asked.find(lower(name));
  if (set != nullptr && (set->scope != apache_.servers().main.scope || way_.asked.host == &apache_.servers().main))
    return replace_words(*set, 0, value);
  const std::vector<std::string> line{fmt::format("{} {}", name, value)};
  return insert_behind(target().from->place, line);
}

bool Editor::set_for_upstream(std::string_view name, std::string_view value) {
  const Directive* set = way_.asked.find(lower(name));
  if (set != nullptr && (set->scope != apache_.servers().main.scope || way_.asked.host == &apache_.servers().main))
    return replace_words(*set, 0, value);
  const std::vector<std::string> line{fmt::format("{} {}", name, value)};
  const Scope* around = nullptr;
  for (const Scope* scope = target().from->scope;
       scope != nullptr && scope->kind != ScopeKind::main && scope->kind != ScopeKind::host; scope = scope->parent)
    around = scope;
  return around != nullptr ? insert_before(around->place, line) : insert_behind(target().from->place, line);
}

bool Editor::add_for_target(const std::vector<std::string>& lines) {
  const Directive& from = *target().from;
  const ScopeKind kind = from.scope->kind;
  const bool in_section = kind != ScopeKind::main && kind != ScopeKind::host;
  if (in_section) return from.exact && insert_behind(from.place, lines);
  const Alias* alias = target().alias;
  if (alias == nullptr || alias->fake == "/") return insert_behind(from.place, lines);
  std::vector<std::string> block;
  const std::string name = alias->pattern ? "LocationMatch" : "Location";
  // A section's path ends with a whole segment, with or without its slash, just as ProxyPass's does.
  block.push_back(fmt::format("<{} {}>", name, fmt::format("\"{}\"", alias->fake)));
  for (const auto& line : lines) block.push_back("\t" + line);
  block.push_back(fmt::format("</{}>", name));
  return from.exact && insert_behind(from.place, block);
}

bool Editor::set_parameter(const Parameters& parameters, std::string_view key, std::string_view value,
                           const Directive* owner, const ConfigPlace& owner_place) {
  const auto found = parameters.find(key);
  if (found != parameters.end()) {
    const Parameter& parameter = found->second;
    const bool by_section = parameter.section != nullptr;
    const auto& words = by_section ? parameter.section->words : parameter.from->words;
    const ConfigPlace& place = by_section ? parameter.section->place : parameter.from->place;
    if ((!by_section && !parameter.from->exact) || parameter.word >= words.size() || text_of(place) == nullptr)
      return false;
    const Word& word = words[parameter.word];
    const auto equals = word.text.find('=');
    if (word.plain)
      edits_.push_back({place.file, word.begin + equals + 1, word.end, as_word(value)});
    else
      edits_.push_back(
          {place.file, word.begin, word.end, as_word(word.text.substr(0, equals + 1) + std::string(value))});
    return true;
  }
  const std::string text = fmt::format("{}={}", key, as_word(value));
  if (owner != nullptr) return append(*owner, text);
  return insert(owner_place, {"ProxySet " + text}, true, true);
}

bool Editor::set_worker(const Worker* worker, std::string_view key, std::string_view value) {
  return worker != nullptr && set_parameter(worker->parameters, key, value, worker->from, worker->place);
}

bool change_url(Editor& editor, std::size_t server, const UrlChange& change) {
  const Target& target = editor.target();
  const Directive* from = target.from;
  std::size_t word = target.word;
  if (target.balancer != nullptr) {
    if (server >= target.members.size()) return false;
    from = target.members[server]->from;
    word = target.members[server]->word;
  }
  if (from == nullptr || word >= from->words.size()) return false;
  std::string text = from->words[word].text;
  std::string front;
  if (target.by == Target::By::handler && target.balancer == nullptr && lower(text.substr(0, 6)) == "proxy:")
    front = text.substr(0, 6), text = text.substr(6);
  auto [socket, url_text] = split_socket(text);
  const auto colon = url_text.find("://");
  if (colon == std::string::npos) return false;
  const auto slash = std::min(url_text.find('/', colon + 3), url_text.size());
  std::string scheme = url_text.substr(0, colon), authority = url_text.substr(colon + 3, slash - colon - 3);
  std::string path = url_text.substr(slash);
  const Url url = parse_url(url_text);
  if (!change.scheme.empty()) {
    // The port stays: the new scheme's own may be another.
    const bool has_port =
        authority.find(':', authority.starts_with('[') ? authority.find(']') : 0) != std::string::npos;
    if (socket.empty() && !has_port && port_of_scheme(scheme) != port_of_scheme(change.scheme))
      authority += fmt::format(":{}", port_of_scheme(lower(scheme)));
    scheme = change.scheme;
  }
  if (!change.address.empty()) {
    if (change.address.starts_with("unix:")) {
      if (socket.empty()) authority = "localhost";
      socket = change.address.substr(5);
    } else {
      socket.clear();
      authority = change.address;
    }
  }
  if (change.change_path) path = change.path;
  std::string made = front;
  if (!socket.empty()) made += "unix:" + socket + "|";
  made += scheme + "://" + authority + path;
  if (!editor.replace_word(*from, word, made)) return false;
  // What sends redirects back must know the same URL (ProxyPassReverse).
  if (target.balancer != nullptr || !change.path.empty() || !scheme.starts_with("http")) return true;
  const std::string new_origin = scheme + "://" + authority;
  for (const Scope* scope : editor.way().asked.sight)
    for (const Directive* reverse : scope->all("proxypassreverse")) {
      const std::size_t at = reverse->words.empty() ? 0 : reverse->words.size() - 1;
      if (reverse->words.empty() || reverse->words[at].text != url_text || url_text.empty()) continue;
      editor.replace_word(*reverse, at, new_origin + path);
    }
  return true;
}

}  // namespace fix502::apache
