#include "gateway/gateways/apache/tree.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/apache/check.hpp"
#include "gateway/gateways/apache/reader.hpp"

namespace fix502::apache {
namespace {

constexpr std::size_t kDeepestSection = 64;
constexpr std::size_t kMostProblems = 500;
constexpr std::size_t kMostDirectives = 400'000;

/// What Debian and most others build in (apache2 -l), and what cannot be missing.
constexpr std::string_view kBuiltIn[] = {"core.c",           "mod_so.c",    "http_core.c",   "mod_watchdog.c",
                                         "mod_log_config.c", "mod_logio.c", "mod_version.c", "mod_unixd.c"};

void index_scope(Scope& scope) {
  for (const auto& directive : scope.directives) scope.index[directive->key].push_back(directive.get());
  for (const auto& child : scope.children) index_scope(*child);
}

}  // namespace

void Reader::read_file(const std::string& path, Scope& scope, int depth, const ConfigPlace& from) {
  if (too_deep_) return;
  if (depth > kDeepestInclude) {
    too_deep_ = true;
    return stop(fmt::format("Exceeded maximum include depth of {}, there appears to be a recursion", kDeepestInclude),
                from);
  }
  if (++reads_ > kMostFiles) return stop("more files are included than can be read", from);
  if (!tree_->files.contains(path)) {
    auto text = files_.read(path);
    if (!text)
      return stop(fmt::format("Could not open configuration file {}: {}", shown(path), text.error().what), from);
    tree_->files.emplace(path, std::move(*text));
  }
  const std::string& text = tree_->files.find(path)->second;
  std::vector<Open> open{{.name = {}, .scope = &scope, .skip = false, .place = {}}};
  int number = 1;
  for (std::size_t offset = 0; offset < text.size();) {
    Line line = next_line(text, offset, number);
    if (!line.text.empty() && line.text[0] != '#') take_line(path, std::move(line), open, depth, true);
    if (tree_->problems.size() > kMostProblems || directives_ > kMostDirectives) return;
  }
  if (recording_ != nullptr) recording_ = nullptr, stop("</Macro> directive missing", open.back().place);
  while (open.size() > 1) {
    stop(fmt::format("<{}> was not closed.", shown(open.back().name)), open.back().place);
    open.pop_back();
  }
}

void Reader::read_lines(const std::string& path, const std::vector<Line>& lines, Scope& scope, int depth, bool exact) {
  std::vector<Open> open{{.name = {}, .scope = &scope, .skip = false, .place = {}}};
  for (const Line& line : lines) {
    take_line(path, line, open, depth, exact);
    if (tree_->problems.size() > kMostProblems || directives_ > kMostDirectives) return;
  }
  for (; open.size() > 1; open.pop_back())
    stop(fmt::format("<{}> was not closed.", shown(open.back().name)), open.back().place);
}

void Reader::take_line(const std::string& path, Line line, std::vector<Open>& open, int depth, bool exact) {
  if (recording_ != nullptr) {
    const std::string low = lower(line.text.substr(0, 8));
    if (low.starts_with("<macro ")) ++recording_depth_;
    if (low.starts_with("</macro>") && --recording_depth_ == 0)
      recording_ = nullptr;
    else
      recording_->lines.push_back(std::move(line));
    return;
  }
  const bool skip = open.back().skip;
  if (skip && line.text[0] != '<') return;
  if (!skip) expand(line, [this](const std::string& name) { return value_of(name); });
  if (line.text.empty()) return;
  if (line.text.starts_with("</")) return close_section(path, line, open);
  if (line.text[0] == '<') return open_section(path, line, open, exact);

  auto directive = std::make_unique<Directive>();
  directive->words = words_of(line.text, 0, line);
  directive->name = directive->words.front().text;
  directive->key = lower(directive->name);
  directive->words.erase(directive->words.begin());
  directive->place = {.file = path, .line = line.number, .begin = line.begin, .end = line.end};
  directive->order = ++tree_->order;
  directive->exact = exact && !line.made;
  Scope& scope = *open.back().scope;
  directive->scope = &scope;
  ++directives_;
  if (take_at_once(*directive, scope, depth)) return;
  if (check_known(*directive))
    if (std::string error = directive_error(*directive); !error.empty()) stop(std::move(error), directive->place);
  scope.directives.push_back(std::move(directive));
}

void Reader::open_section(const std::string& path, const Line& line, std::vector<Open>& open, bool exact) {
  const ConfigPlace place{.file = path, .line = line.number, .begin = line.begin, .end = line.end};
  std::string_view text = line.text;
  const auto name_end = std::min(text.find_first_of(" \t>"), text.size());
  const std::string name(text.substr(1, name_end - 1));
  const std::string key = lower(name);
  Open frame{.name = name, .scope = open.back().scope, .skip = open.back().skip, .place = place};
  const bool closed = text.ends_with('>');
  std::string_view argument = text.substr(name_end);
  if (closed) argument.remove_suffix(std::min<std::size_t>(1, argument.size()));
  argument = trim(argument);
  if (open.size() > kDeepestSection) {
    stop("sections are nested too deeply", place);
    frame.skip = true;
  }
  if (frame.skip) {
    open.push_back(std::move(frame));
    return;
  }
  if (!closed) stop(fmt::format("<{}> directive missing closing '>'", shown(name)), place);
  if (is_start_condition(key)) {
    std::vector<Word> words = words_of(argument, 0, line);
    if (argument.empty()) stop(fmt::format("<{}> directive requires an argument", shown(name)), place);
    frame.skip = !condition_holds(key, key == "ifversion" ? argument : words.empty() ? argument : words[0].text);
    open.push_back(std::move(frame));
    return;
  }
  if (key == "macro") {
    std::vector<Word> words = words_of(argument, 0, line);
    if (words.empty()) {
      stop("Macro definition: name not specified", place);
    } else {
      Macro macro{.file = path, .parameters = {}, .lines = {}};
      for (std::size_t i = 1; i < words.size(); ++i) macro.parameters.push_back(words[i].text);
      auto& stored = macros_[lower(words[0].text)];
      stored = std::move(macro);
      recording_ = &stored;
      recording_depth_ = 1;
    }
    return;
  }
  auto scope = std::make_unique<Scope>();
  scope->kind = kind_of(key);
  scope->name = name;
  const auto start = static_cast<std::size_t>(argument.data() - text.data());
  scope->words =
      argument.empty() ? std::vector<Word>() : words_of(text.substr(0, start + argument.size()), start, line);
  scope->regex = key.ends_with("match");
  if (!scope->regex && !scope->words.empty() && scope->words[0].text == "~" && scope->kind != ScopeKind::condition) {
    scope->regex = true;
    scope->words.erase(scope->words.begin());
  }
  scope->argument = scope->words.empty() ? std::string() : scope->words[0].text;
  if (scope->kind == ScopeKind::condition) scope->argument = std::string(argument);
  scope->place = place;
  scope->order = ++tree_->order;
  scope->parent = open.back().scope;
  Directive as_directive{.name = name,
                         .key = key,
                         .words = {},
                         .place = place,
                         .order = scope->order,
                         .exact = exact && !line.made,
                         .scope = open.back().scope};
  if (check_known(as_directive))
    if (std::string error = section_error(*scope); !error.empty()) stop(std::move(error), place);
  if (argument.empty() && scope->kind != ScopeKind::other && key != "else")
    stop(fmt::format("<{}> directive requires additional arguments", shown(name)), place);
  frame.scope = scope.get();
  frame.own = true;
  open.back().scope->children.push_back(std::move(scope));
  open.push_back(std::move(frame));
}

void Reader::close_section(const std::string& path, const Line& line, std::vector<Open>& open) {
  const ConfigPlace place{.file = path, .line = line.number, .begin = line.begin, .end = line.end};
  std::string_view name = std::string_view(line.text).substr(2);
  name = trim(name.substr(0, name.find('>')));
  if (open.size() <= 1) return stop(fmt::format("</{0}> without matching <{0}> section", shown(name)), place);
  if (!equals_ignoring_case(open.back().name, name)) {
    stop(fmt::format("Expected </{}> but saw </{}>", shown(open.back().name), shown(name)), place);
    // What was meant is the nearest section of that name, if there is one.
    const auto meant = std::ranges::find_if(open.rbegin(), open.rend() - 1,
                                            [&](const Open& some) { return equals_ignoring_case(some.name, name); });
    if (meant == open.rend() - 1) return;
    open.resize(static_cast<std::size_t>(open.rend() - meant));
  }
  if (open.back().own) open.back().scope->close = place;
  open.pop_back();
}

std::unique_ptr<Tree> Reader::read() {
  tree_ = std::make_unique<Tree>();
  tree_->server_root = request_.prefix;
  for (const auto name : kBuiltIn) tree_->modules.emplace(name);
  for (const auto& define : request_.defines) defines_[define];
  for (const auto& [name, value] : request_.environment) environment_[name] = value;
  // "-l mod_x.c": what this program has built in; "-C ..." and "-c ...": directives of its command line.
  const auto from_command_line = [this](std::string_view option) {
    for (const auto& more : request_.more) {
      if (!more.starts_with(option)) continue;
      const std::string text = more.substr(option.size());
      if (option == "-l ") {
        tree_->modules.insert(lower(text));
        continue;
      }
      Line line{
          .text = std::string(trim(text)), .offsets = {}, .ends = {}, .begin = 0, .end = text.size(), .number = 1};
      if (!line.text.empty()) read_lines("", {line}, tree_->main, 1, false);
    }
  };
  from_command_line("-l ");
  from_command_line("-C ");
  read_file(absolute(request_.config), tree_->main, 0, {});
  from_command_line("-c ");
  index_scope(tree_->main);
  return std::move(tree_);
}

ScopeKind kind_of(std::string_view key) {
  static const std::unordered_map<std::string_view, ScopeKind> kKinds = {
      {"virtualhost", ScopeKind::host},         {"location", ScopeKind::location},
      {"locationmatch", ScopeKind::location},   {"directory", ScopeKind::directory},
      {"directorymatch", ScopeKind::directory}, {"files", ScopeKind::files},
      {"filesmatch", ScopeKind::files},         {"proxy", ScopeKind::proxy},
      {"proxymatch", ScopeKind::proxy},         {"if", ScopeKind::condition},
      {"elseif", ScopeKind::condition},         {"else", ScopeKind::condition}};
  const auto found = kKinds.find(key);
  return found == kKinds.end() ? ScopeKind::other : found->second;
}

std::string shown(std::string_view text) {
  constexpr std::size_t kMostShown = 200;
  return printable(text, kMostShown);
}

const std::vector<const Directive*>& Scope::all(std::string_view key) const {
  static const std::vector<const Directive*> kNone;
  const auto found = index.find(key);
  return found == index.end() ? kNone : found->second;
}

const Directive* Scope::last(std::string_view key) const {
  const auto& some = all(key);
  return some.empty() ? nullptr : some.back();
}

bool Tree::has_module(std::string_view name) const {
  return !knows_modules || modules.contains(lower(name));
}

void Tree::problem(bool fatal, std::string what, const ConfigPlace& place) {
  if (problems.size() < kMostProblems) problems.push_back({.fatal = fatal, .what = std::move(what), .place = place});
}

std::unique_ptr<Tree> read_tree(const ReadRequest& request, Files& files) {
  return Reader(request, files).read();
}

}  // namespace fix502::apache
