#include "gateway/gateways/apache/tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "gateway/gateways/apache/check.hpp"

namespace fix502::apache {
namespace {

constexpr std::size_t kDeepestSection = 64;
constexpr std::size_t kMostProblems = 500;
constexpr std::size_t kMostDirectives = 400'000;
constexpr std::size_t kShownText = 200;  // bytes of foreign text in a message

struct KnownDirective {
  std::string_view modules, contexts;
};
const std::unordered_map<std::string_view, KnownDirective>& known_directives() {
  static const std::unordered_map<std::string_view, KnownDirective> kKnown = {
#define DIRECTIVE(key, modules, contexts) {key, {modules, contexts}},
#include "gateway/gateways/apache/directives.def"
#undef DIRECTIVE
  };
  return kKnown;
}

/// What Debian and most others build in (apache2 -l), and what cannot be missing.
constexpr std::string_view kBuiltIn[] = {"core.c",           "mod_so.c",    "http_core.c",   "mod_watchdog.c",
                                         "mod_log_config.c", "mod_logio.c", "mod_version.c", "mod_unixd.c"};

struct Macro {
  std::string file;
  std::vector<std::string> parameters;
  std::vector<Line> lines;
};

/// One section that is open while a file is read.
struct Open {
  std::string name;
  Scope* scope = nullptr;
  bool skip = false;  ///< its condition does not hold
  ConfigPlace place;
  bool own = false;  ///< `scope` was made by it
};

class Reader {
 public:
  Reader(const ReadRequest& request, Files& files) : request_(request), files_(files) {}
  std::unique_ptr<Tree> read();

 private:
  void read_file(const std::string& path, Scope& scope, int depth, const ConfigPlace& from);
  void read_lines(const std::string& path, const std::vector<Line>& lines, Scope& scope, int depth, bool exact);
  void take_line(const std::string& path, Line line, std::vector<Open>& open, int depth, bool exact);
  void open_section(const std::string& path, const Line& line, std::vector<Open>& open, bool exact);
  void close_section(const std::string& path, const Line& line, std::vector<Open>& open);
  bool take_at_once(Directive& directive, Scope& scope, int depth);
  void include(const Directive& directive, Scope& scope, int depth);
  void include_folder(const std::string& folder, Scope& scope, int depth, const ConfigPlace& from);
  void use_macro(const Directive& directive, Scope& scope, int depth);
  void load_module(const Directive& directive);
  bool check_known(const Directive& directive);
  bool condition_holds(std::string_view name, std::string_view argument);
  bool version_holds(std::string_view argument) const;
  [[nodiscard]] const std::string* value_of(const std::string& name) const;
  [[nodiscard]] std::string absolute(std::string_view path) const;
  void stop(std::string what, const ConfigPlace& place) { tree_->problem(true, std::move(what), place); }

  const ReadRequest& request_;
  Files& files_;
  std::unique_ptr<Tree> tree_;
  std::map<std::string, std::string> defines_;
  std::map<std::string, std::string> environment_;
  std::map<std::string, Macro> macros_;
  Macro* recording_ = nullptr;
  std::size_t recording_depth_ = 0;
  std::size_t reads_ = 0;
  std::size_t directives_ = 0;
  bool too_deep_ = false;  ///< files include each other without end: no further one is read
};

std::string shown(std::string_view text) {
  return printable(text, kShownText);
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

bool is_start_condition(std::string_view key) {
  return key == "ifmodule" || key == "ifdefine" || key == "ifversion" || key == "iffile" || key == "ifdirective" ||
         key == "ifsection";
}

/// The letter of directives.def.
char letter_of(ScopeKind kind) {
  switch (kind) {
    case ScopeKind::host:
      return 'v';
    case ScopeKind::location:
      return 'l';
    case ScopeKind::directory:
      return 'd';
    case ScopeKind::proxy:
      return 'p';
    case ScopeKind::files:
      return 'f';
    default:
      return 'm';
  }
}

/// "1.2.3" as three numbers.
std::vector<int> numbers_of(std::string_view text) {
  std::vector<int> numbers(3, 0);
  std::size_t which = 0;
  for (const char c : text) {
    if (c == '.')
      ++which;
    else if (c >= '0' && c <= '9' && which < 3 && numbers[which] < 100'000)
      numbers[which] = numbers[which] * 10 + (c - '0');
    if (which >= 3) break;
  }
  return numbers;
}

void index_scope(Scope& scope) {
  for (const auto& directive : scope.directives) scope.index[directive->key].push_back(directive.get());
  for (const auto& child : scope.children) index_scope(*child);
}

const std::string* Reader::value_of(const std::string& name) const {
  const auto defined = defines_.find(name);
  if (defined != defines_.end()) return &defined->second;
  const auto set = environment_.find(name);
  return set != environment_.end() ? &set->second : nullptr;
}

std::string Reader::absolute(std::string_view path) const {
  if (path.starts_with('/')) return std::string(path);
  return tree_->server_root + (tree_->server_root.ends_with('/') ? "" : "/") + std::string(path);
}

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

bool Reader::take_at_once(Directive& directive, Scope& scope, int depth) {
  const std::string& key = directive.key;
  if (key == "include" || key == "includeoptional") return include(directive, scope, depth), true;
  if (key == "define") {
    if (directive.words.empty()) return stop("Define requires an argument", directive.place), true;
    defines_[std::string(directive.word(0))] = std::string(directive.word(1));
    return true;
  }
  if (key == "undefine") return defines_.erase(std::string(directive.word(0))), true;
  if (key == "use") return use_macro(directive, scope, depth), true;
  if (key == "undefmacro") return macros_.erase(lower(directive.word(0))), true;
  if (key == "error") return stop(shown(directive.word(0)), directive.place), true;
  if (key == "loadmodule") load_module(directive);
  if (key == "serverroot" && !directive.word(0).empty()) tree_->server_root = std::string(directive.word(0));
  return false;
}

void Reader::include(const Directive& directive, Scope& scope, int depth) {
  if (directive.words.empty()) return stop(fmt::format("{} takes one argument", directive.name), directive.place);
  const bool optional = directive.key == "includeoptional";
  const std::string path = absolute(directive.word(0));
  if (path.find_first_of("*?[") == std::string::npos) {
    if (files_.is_folder(path)) return include_folder(path, scope, depth + 1, directive.place);
    if (optional && !tree_->files.contains(path) && !files_.read(path)) return;
    return read_file(path, scope, depth + 1, directive.place);
  }
  const auto found = files_.match(path);
  if (found.empty() && !optional) {
    const auto slash = path.rfind('/');
    return stop(fmt::format("No matches for the wildcard '{}' in '{}', failing (use IncludeOptional if required)",
                            shown(path.substr(slash + 1)), shown(path.substr(0, slash))),
                directive.place);
  }
  for (const auto& one : found)
    if (files_.is_folder(one))
      include_folder(one, scope, depth + 1, directive.place);
    else
      read_file(one, scope, depth + 1, directive.place);
}

void Reader::include_folder(const std::string& folder, Scope& scope, int depth, const ConfigPlace& from) {
  if (too_deep_) return;
  if (depth > kDeepestInclude) {
    too_deep_ = true;
    return stop("Exceeded maximum include directory depth", from);
  }
  for (const auto& one : files_.match(folder + (folder.ends_with('/') ? "*" : "/*")))
    if (files_.is_folder(one))
      include_folder(one, scope, depth + 1, from);
    else
      read_file(one, scope, depth + 1, from);
}

void Reader::use_macro(const Directive& directive, Scope& scope, int depth) {
  const auto found = macros_.find(lower(directive.word(0)));
  if (found == macros_.end())
    return stop(fmt::format("macro '{}' undefined", shown(directive.word(0))), directive.place);
  if (too_deep_) return;
  if (depth >= kDeepestInclude) {
    too_deep_ = true;
    return stop("macros use each other without end", directive.place);
  }
  const Macro macro = found->second;
  if (directive.words.size() - 1 != macro.parameters.size())
    return stop(fmt::format("macro '{}' has {} arguments instead of {}", shown(directive.word(0)),
                            directive.words.size() - 1, macro.parameters.size()),
                directive.place);
  std::vector<std::pair<std::string, std::string>> pairs;
  for (std::size_t i = 0; i < macro.parameters.size(); ++i)
    if (!macro.parameters[i].empty()) pairs.emplace_back(macro.parameters[i], directive.words[i + 1].text);
  // mod_macro.c: of two names that begin alike the longer one is tried first.
  std::ranges::stable_sort(pairs, std::ranges::greater{}, [](const auto& pair) { return pair.first.size(); });
  std::vector<Line> lines = macro.lines;
  for (Line& line : lines) {
    std::string text;
    for (std::size_t i = 0; i < line.text.size() && text.size() < kLargestConfig;) {
      const auto fits = std::ranges::find_if(
          pairs, [&](const auto& pair) { return line.text.compare(i, pair.first.size(), pair.first) == 0; });
      if (fits == pairs.end()) {
        text += line.text[i++];
      } else {
        text += fits->second;
        i += fits->first.size();
      }
    }
    if (text == line.text) continue;
    line.offsets.assign(text.size(), static_cast<std::uint32_t>(line.begin));
    line.ends.assign(text.size(), static_cast<std::uint32_t>(line.end));
    line.text = std::move(text);
    line.made = true;
  }
  read_lines(macro.file, lines, scope, depth + 1, true);
}

void Reader::load_module(const Directive& directive) {
  const std::string symbol = lower(directive.word(0));
  std::string file = lower(directive.word(1));
  file = file.substr(file.rfind('/') + 1);
  if (file.ends_with(".so")) file.replace(file.size() - 3, 3, ".c");
  tree_->knows_modules = true;
  tree_->modules.insert(symbol);
  tree_->modules.insert(file);
  if (!symbol.ends_with("_module")) return;
  const std::string name = symbol.substr(0, symbol.size() - 7);
  // The sources of the multi-process modules have their bare names: event.c.
  if (name.starts_with("mpm_")) tree_->modules.insert(name.substr(4) + ".c");
  const std::string as_documented = "mod_" + name;
  static const std::set<std::string, std::less<>> kOwn = [] {
    std::set<std::string, std::less<>> own;
    for (const auto& [key, known] : known_directives())
      for (const auto module : split(known.modules, '|')) own.emplace(module);
    return own;
  }();
  // Those of httpd's own that have no directives.
  static const std::set<std::string, std::less<>> kSilent = {
      "mod_asis",         "mod_authz_host",     "mod_authz_owner", "mod_authz_user",  "mod_bucketeer",
      "mod_case_filter",  "mod_case_filter_in", "mod_data",        "mod_proxy_ajp",   "mod_proxy_balancer",
      "mod_proxy_fdpass", "mod_proxy_hcheck",   "mod_proxy_http",  "mod_proxy_http2", "mod_proxy_uwsgi",
      "mod_ratelimit",    "mod_slotmem_plain",  "mod_slotmem_shm", "mod_so",          "mod_status",
      "mod_systemd",      "mod_unique_id",      "mod_watchdog"};
  if (!name.starts_with("mpm_") && !name.starts_with("lbmethod_") && !name.starts_with("socache_") &&
      !kOwn.contains(as_documented) && !kSilent.contains(as_documented) &&
      !kOwn.contains(file.substr(0, file.size() - 2)))
    tree_->foreign_modules = true;
}

bool Reader::check_known(const Directive& directive) {
  const auto found = known_directives().find(directive.key);
  if (found == known_directives().end()) {
    if (!tree_->foreign_modules)
      stop(fmt::format("Invalid command '{}', perhaps misspelled or defined by a module not included in the server "
                       "configuration",
                       shown(directive.name)),
           directive.place);
    return false;
  }
  const auto modules = split(found->second.modules, '|');
  const bool there = std::ranges::any_of(modules, [&](std::string_view module) {
    return module == "core" || module == "mpm_common" || tree_->has_module(std::string(module) + ".c");
  });
  if (!there) {
    stop(fmt::format("Invalid command '{}', perhaps misspelled or defined by a module not included in the server "
                     "configuration",
                     shown(directive.name)),
         directive.place);
    return false;
  }
  const Scope* scope = directive.scope;
  while (scope->kind == ScopeKind::other || scope->kind == ScopeKind::condition) scope = scope->parent;
  const char context = letter_of(scope->kind);
  if (found->second.contexts.contains(context)) return true;
  if (context == 'm')
    stop(fmt::format("{} not allowed here", shown(directive.name)), directive.place);
  else if (context == 'v')
    stop(fmt::format("{} cannot occur within <VirtualHost> section", shown(directive.name)), directive.place);
  else
    stop(fmt::format("{} not allowed in <{}> context", shown(directive.name), shown(scope->name)), directive.place);
  return false;
}

bool Reader::condition_holds(std::string_view name, std::string_view argument) {
  if (name == "ifversion") return version_holds(argument);
  const bool negated = argument.starts_with('!');
  if (negated) argument.remove_prefix(1);
  bool holds = false;
  if (name == "ifdefine")
    holds = defines_.contains(std::string(argument));
  else if (name == "ifmodule")
    holds = tree_->has_module(argument);
  else if (name == "iffile")
    holds = files_.is_folder(absolute(argument)) || !files_.match(absolute(argument)).empty();
  else if (name == "ifdirective")
    holds = known_directives().contains(lower(argument));
  else  // <IfSection>
    holds = kind_of(lower(argument)) != ScopeKind::other;
  return holds != negated;
}

bool Reader::version_holds(std::string_view argument) const {
  const auto parts = words(argument);
  if (parts.empty() || request_.version.empty()) return true;
  std::string_view op = parts.size() > 1 ? parts[0] : "=";
  const std::string_view wanted = parts.back();
  const bool negated = op.starts_with('!');
  if (negated) op.remove_prefix(1);
  const auto have = numbers_of(request_.version), want = numbers_of(wanted);
  const bool holds = op == ">="   ? have >= want
                     : op == "<=" ? have <= want
                     : op == ">"  ? have > want
                     : op == "<"  ? have < want
                                  : have == want;
  return holds != negated;
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

}  // namespace

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
