// What some directives do at once, and which lines count: includes, macros, modules, the conditions of a start.
#include "gateway/gateways/apache/reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace fix502::apache {
namespace {

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

}  // namespace

bool is_start_condition(std::string_view key) {
  return key == "ifmodule" || key == "ifdefine" || key == "ifversion" || key == "iffile" || key == "ifdirective" ||
         key == "ifsection";
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

}  // namespace fix502::apache
