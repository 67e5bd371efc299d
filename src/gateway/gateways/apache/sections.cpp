// Which sections of a configuration hold for a request: <Directory>, <Files>, <Location>, <Proxy> and the conditions.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/apache/asked.hpp"

namespace fix502::apache {

bool location_matches(const Scope& location, std::string_view path) {
  if (location.regex) return !groups_of(location.argument, path).empty();
  std::string_view own = location.argument;
  if (has_wildcard(own)) return wild_match(own, path, true);
  // ap_location_walk: a whole segment, unless the section's own path ends in a slash.
  if (!path.starts_with(own)) return false;
  return own.empty() || own.ends_with('/') || path.size() == own.size() || path[own.size()] == '/';
}

namespace {

bool file_matches(const Scope& files, std::string_view filename) {
  const std::string_view base = filename.substr(filename.rfind('/') + 1);
  if (files.regex) return !groups_of(files.argument, base).empty();
  return has_wildcard(files.argument) ? wild_match(files.argument, base, true) : files.argument == base;
}

bool directory_matches(const Scope& directory, std::string_view filename) {
  const std::string_view folder = filename.substr(0, filename.rfind('/') + 1);
  if (directory.regex) return !groups_of(directory.argument, folder).empty();
  std::string own = directory.argument;
  if (!own.ends_with('/')) own += '/';
  if (!has_wildcard(own)) return folder.starts_with(own);
  const auto depth = std::ranges::count(own, '/');
  std::size_t end = 0;
  for (std::ptrdiff_t i = 0; i < depth && end != std::string_view::npos; ++i)
    end = folder.find('/', end == 0 ? 0 : end + 1);
  return end != std::string_view::npos && wild_match(own, folder.substr(0, end + 1), true);
}

bool proxy_matches(const Scope& proxy, std::string_view url) {
  if (proxy.regex) return !groups_of(proxy.argument, url).empty();
  return has_wildcard(proxy.argument) ? wild_match(proxy.argument, url) : url.starts_with(proxy.argument);
}

class Walk {
 public:
  explicit Walk(Asked& asked) : asked_(asked) {}

  /// The scope, and what stands in it and applies.
  void enter(const Scope& scope, bool with_files) {
    asked_.sight.push_back(&scope);
    bool taken = false;
    for (const auto& child : scope.children) {
      if (child->kind == ScopeKind::condition) {
        taken = condition(*child, taken, with_files);
      } else if (child->kind == ScopeKind::files && with_files && file_matches(*child, asked_.filename)) {
        enter(*child, with_files);
      } else if (child->kind == ScopeKind::other) {
        continue;  // <Limit>, <RequireAny>: nothing in them decides where a request goes
      }
    }
  }

  /// <If>, <ElseIf>, <Else>: whether this chain has been decided.
  bool condition(const Scope& scope, bool taken, bool with_files) {
    const std::string key = lower(scope.name);
    if (key == "if") taken = false;
    if (taken) return true;
    const Truth holds = key == "else" ? Truth::yes : expression_holds(asked_, expression_of(scope));
    if (holds == Truth::unknown)
      asked_.note(fmt::format("<{} {}> ({}:{}) depends on the request; taken as not so", scope.name,
                              printable(scope.argument, 100), scope.place.file, scope.place.line));
    if (holds == Truth::yes) enter(scope, with_files);
    return holds == Truth::yes;
  }

 private:
  static std::string expression_of(const Scope& scope) {
    std::string text = scope.argument;
    if (text.size() > 1 && text.front() == '"' && text.back() == '"' && scope.words.size() == 1)
      text = scope.words[0].text;
    return text;
  }
  Asked& asked_;
};

}  // namespace

void look_around(Asked& asked, std::string_view proxied_url) {
  std::vector<const VirtualHost*> hosts{&asked.servers->main};
  if (asked.host != &asked.servers->main) hosts.push_back(asked.host);
  asked.sight.clear();
  for (const auto* host : hosts) asked.sight.push_back(host->scope);
  Walk walk(asked);
  const bool with_files = !asked.filename.empty();
  if (with_files) {
    std::vector<const Scope*> directories;
    for (const auto* host : hosts)
      for (const Scope* directory : host->directories)
        if (directory->parent == host->scope && directory_matches(*directory, asked.filename))
          directories.push_back(directory);
    // Shortest path first, regular expressions after all others (ap_directory_walk).
    std::ranges::stable_sort(directories, {}, [](const Scope* scope) {
      return std::pair(scope->regex, std::ranges::count(scope->argument, '/') + (scope->argument == "/" ? -1 : 0));
    });
    for (const Scope* directory : directories) walk.enter(*directory, false);
    for (const Scope* directory : directories)
      for (const auto& child : directory->children)
        if (child->kind == ScopeKind::files && file_matches(*child, asked.filename)) walk.enter(*child, true);
    for (const auto* host : hosts)
      for (const Scope* files : host->files)
        if (files->parent == host->scope && file_matches(*files, asked.filename)) walk.enter(*files, true);
  }
  if (!proxied_url.empty())
    for (const auto* host : hosts)
      for (const Scope* proxy : host->proxies)
        if (proxy_matches(*proxy, proxied_url)) walk.enter(*proxy, false);
  for (const auto* host : hosts)
    for (const Scope* location : host->locations)
      if (location->parent == host->scope && location_matches(*location, asked.path)) walk.enter(*location, false);
  for (const auto* host : hosts) {
    bool taken = false;
    for (const Scope* condition : host->conditions)
      if (condition->parent == host->scope) taken = walk.condition(*condition, taken, with_files);
  }
}

}  // namespace fix502::apache
