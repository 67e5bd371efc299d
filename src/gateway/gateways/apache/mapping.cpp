#include "gateway/gateways/apache/mapping.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace fix502::apache {
namespace {

constexpr int kMostRedirects = 10;  // LimitInternalRecursion

/// mod_proxy.c alias_match(): how much of the path the prefix takes; any number of slashes are one.
std::size_t alias_length(std::string_view uri, std::string_view fake) {
  std::size_t u = 0, f = 0;
  while (f < fake.size() && u < uri.size()) {
    if (fake[f] == '/') {
      if (uri[u] != '/') return 0;
      while (f < fake.size() && fake[f] == '/') ++f;
      while (u < uri.size() && uri[u] == '/') ++u;
    } else if (uri[u++] != fake[f++]) {
      return 0;
    }
  }
  if (u == uri.size() && f != fake.size()) return 0;
  if (f == 0 || (fake[f - 1] != '/' && u < uri.size() && uri[u] != '/')) return 0;
  return u;
}

bool keeps_slashes(const Asked& asked) {
  const Directive* directive = asked.find_in_server("allowencodedslashes");
  return directive != nullptr && equals_ignoring_case(directive->word(0), "nodecode");
}

/// proxy_http_canon and its kin: scheme and host as httpd writes them, the path encoded anew, the query as it came.
std::string canonical(const Asked& asked, std::string_view text, bool raw, bool with_query) {
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) return std::string(text);
  const auto slash = std::min(text.find('/', colon + 3), text.size());
  const std::string_view path = slash < text.size() ? text.substr(slash + 1) : std::string_view();
  const Url url = parse_url(text.substr(0, slash));
  std::string made = url.valid ? url.origin() : lower(text.substr(0, slash));
  made += "/";
  made += raw ? std::string(path) : encode_path(path, keeps_slashes(asked));
  if (with_query && asked.has_args && !raw) made += "?" + asked.args;
  return made;
}

class Mapper {
 public:
  explicit Mapper(Asked& asked) : asked_(asked) {}
  Mapping run();

 private:
  bool proxy_pass();
  bool try_alias(const Alias& alias);
  bool to_file();
  bool redirected(const Scope& scope);
  bool handled();
  void index_file();
  void split_path_info();
  void settle(Target target);
  void redirect_inside(std::string path);
  [[nodiscard]] bool is_websocket_only(std::string_view url) const;
  void done(std::string answer) { mapping_.answer = std::move(answer); }

  Asked& asked_;
  Mapping mapping_;
  std::string root_;
  std::string path_info_;
};

/// mod_proxy_wstunnel.c: what is no Upgrade goes on to the next ProxyPass, unless mod_proxy_http takes it (the
/// default).
bool Mapper::is_websocket_only(std::string_view url) const {
  if (is_on(asked_.find("proxywebsocketfallbacktoproxyhttp"), true)) return false;
  const std::string scheme = parse_url(url).scheme;
  return (scheme == "ws" || scheme == "wss") && asked_.header("upgrade") == nullptr;
}

bool Mapper::try_alias(const Alias& alias) {
  std::string found;
  bool nocanon = alias.nocanon;
  if (alias.pattern) {
    const auto groups = groups_of(*alias.pattern, asked_.path);
    if (groups.empty()) return false;
    if (!alias.excluded) {
      const auto raw = nocanon ? groups_of(*alias.pattern, asked_.raw_path) : std::vector<std::string>();
      if (raw.empty()) nocanon = false;
      found = put_groups(alias.real, nocanon ? raw : groups);
      if (found == alias.real) found += nocanon ? asked_.raw_path : asked_.path;
    }
  } else {
    const std::size_t length = alias_length(asked_.path, alias.fake);
    if (length == 0) return false;
    if (nocanon && alias_length(asked_.raw_path, alias.fake) != length) nocanon = false;
    found = alias.real + (nocanon ? asked_.raw_path : asked_.path).substr(length);
  }
  if (alias.interpolate)
    asked_.note(fmt::format("ProxyPass interpolate ({}:{}): environment variables are put in when it runs",
                            alias.from->place.file, alias.from->place.line));
  if (!alias.excluded && is_websocket_only(found)) return false;
  mapping_.way.push_back(alias.location != nullptr ? alias.location->place : alias.from->place);
  if (alias.excluded) return true;
  Target target;
  target.by = Target::By::pass;
  target.written = alias.written;
  if (nocanon && asked_.has_args) found += "?" + asked_.args;
  target.url = canonical(asked_, found, nocanon, true);
  target.from = alias.from;
  target.word = alias.word;
  target.alias = &alias;
  if (const Url url = parse_url(target.url); !url.valid && !target.url.starts_with("balancer://")) {
    done(fmt::format("500: {} is no URL (a slash is missing in {})", printable(found, 200), alias.from->name));
    mapping_.way.push_back(alias.from->place);
    return true;
  }
  target.location = alias.location != nullptr
                        ? fmt::format("<{} {}> {}", alias.location->name, alias.location->argument, alias.from->name)
                        : fmt::format("{} {}", alias.from->name, alias.fake);
  settle(std::move(target));
  return true;
}

bool Mapper::proxy_pass() {
  if (asked_.env.contains("no-proxy") && std::ranges::find(asked_.early_env, "no-proxy") != asked_.early_env.end())
    return false;
  // The main server's come first (merge_proxy_config appends the virtual host's).
  std::vector<const VirtualHost*> hosts{&asked_.servers->main};
  if (asked_.host != hosts[0]) hosts.push_back(asked_.host);
  const Alias* in_location = nullptr;
  for (const Scope* scope : asked_.sight)
    for (const VirtualHost* host : hosts)
      if (const auto found = host->location_passes.find(scope); found != host->location_passes.end())
        in_location = &found->second;
  if (in_location != nullptr && try_alias(*in_location)) return true;
  for (const VirtualHost* host : hosts)
    for (const Alias& alias : host->passes)
      if (try_alias(alias)) return true;
  return false;
}

void Mapper::settle(Target target) {
  target.socket = split_socket(target.written).socket;
  const auto find_balancer = [&]() -> const Balancer* {
    const Balancer* own = asked_.host->find_balancer(target.url);
    const Balancer* outer = asked_.servers->main.find_balancer(target.url);
    return own != nullptr && (!own->members.empty() || outer == nullptr) ? own : outer;
  };
  if (target.url.starts_with("balancer://")) {
    target.balancer = find_balancer();
    if (target.balancer != nullptr)
      for (const Worker& member : target.balancer->members) target.members.push_back(&member);
  } else {
    // Workers of the main server come first, and only a longer name takes precedence (merge_proxy_config).
    const Worker* outer = asked_.servers->main.find_worker(target.url);
    const Worker* own = asked_.host->find_worker(target.url);
    target.worker = outer != nullptr && (own == nullptr || own->url.size() <= outer->url.size()) ? outer : own;
    if (target.worker != nullptr && !target.worker->socket.empty()) target.socket = target.worker->socket;
  }
  mapping_.target = std::move(target);
}

bool Mapper::redirected(const Scope& scope) {
  for (const auto& directive : scope.directives) {
    const bool match = directive->key == "redirectmatch";
    if (directive->key != "redirect" && directive->key != "redirectpermanent" && directive->key != "redirecttemp" &&
        !match)
      continue;
    std::size_t first = 0;
    std::string status = directive->key == "redirectpermanent" ? "301" : "302";
    const std::string word = lower(directive->word(0));
    if (word == "permanent" || word == "temp" || word == "seeother" || word == "gone" ||
        (!word.empty() && word[0] >= '1' && word[0] <= '9')) {
      status = word == "permanent"  ? "301"
               : word == "temp"     ? "302"
               : word == "seeother" ? "303"
               : word == "gone"     ? "410"
                                    : word;
      first = 1;
    }
    const bool by_section = scope.kind == ScopeKind::location && directive->words.size() == first + 1 && !match;
    std::string rest;
    if (match) {
      const auto groups = groups_of(directive->word(first), asked_.path);
      if (groups.empty()) continue;
      rest = put_groups(directive->word(first + 1), groups);
    } else if (by_section) {
      rest = std::string(directive->word(first));
    } else {
      const std::size_t length = alias_length(asked_.path, directive->word(first));
      if (length == 0) continue;
      rest = std::string(directive->word(first + 1)) + asked_.path.substr(length);
    }
    mapping_.way.push_back(directive->place);
    mapping_.target.reset();
    done(fmt::format("{} {}", status, rest));
    return true;
  }
  return false;
}

bool Mapper::to_file() {
  std::vector<const Scope*> servers{asked_.host->scope};
  if (asked_.host != &asked_.servers->main) servers.push_back(asked_.servers->main.scope);
  for (const Scope* scope : servers)
    if (redirected(*scope)) return false;
  for (const Scope* scope : servers) {
    for (const auto& directive : scope->directives) {
      const std::string& key = directive->key;
      if (key == "alias" || key == "scriptalias") {
        const std::size_t length = alias_length(asked_.path, directive->word(0));
        if (length == 0) continue;
        asked_.filename = std::string(directive->word(1)) + asked_.path.substr(length);
      } else if (key == "aliasmatch" || key == "scriptaliasmatch") {
        const auto groups = groups_of(directive->word(0), asked_.path);
        if (groups.empty()) continue;
        asked_.filename = put_groups(directive->word(1), groups);
      } else {
        continue;
      }
      mapping_.way.push_back(directive->place);
      return true;
    }
  }
  const Directive* root = asked_.find_in_server("documentroot");
  root_ = root == nullptr ? std::string() : std::string(root->word(0));
  while (root_.size() > 1 && root_.ends_with('/')) root_.pop_back();
  asked_.filename = root_ + asked_.path;
  return true;
}

/// The handler of this file's sections: "proxy:fcgi://..."; empty where there is none.
const Directive* handler_of(Asked& asked) {
  const Directive* set = asked.find("sethandler");
  if (set != nullptr && equals_ignoring_case(set->word(0), "none")) set = nullptr;
  if (set != nullptr) return set;
  // mod_mime: by extension, with or without its dot.
  const auto dot = asked.filename.rfind('.');
  if (dot == std::string::npos || asked.filename.find('/', dot) != std::string::npos) return nullptr;
  const std::string_view extension = std::string_view(asked.filename).substr(dot + 1);
  for (auto scope = asked.sight.rbegin(); scope != asked.sight.rend(); ++scope)
    for (const Directive* add : (*scope)->all("addhandler"))
      for (std::size_t i = 1; i < add->words.size(); ++i) {
        std::string_view own = add->words[i].text;
        if (own.starts_with('.')) own.remove_prefix(1);
        if (equals_ignoring_case(own, extension)) return add;
      }
  return nullptr;
}

bool is_proxy_handler(const Directive* handler) {
  return handler != nullptr && lower(handler->word(0).substr(0, 6)) == "proxy:";
}

/// What httpd finds out by looking at the disk: the first segment that has a handler is the script, the rest its
/// PATH_INFO.
void Mapper::split_path_info() {
  const std::string whole = asked_.filename;
  for (std::size_t slash = whole.find('/', root_.size() + 1); slash != std::string::npos;
       slash = whole.find('/', slash + 1)) {
    asked_.filename = whole.substr(0, slash);
    if (!asked_.filename.substr(asked_.filename.rfind('/') + 1).contains('.')) continue;
    look_around(asked_, {});
    if (!is_proxy_handler(handler_of(asked_))) continue;
    path_info_ = whole.substr(slash);
    return;
  }
  asked_.filename = whole;
}

void Mapper::index_file() {
  const std::string folder = asked_.filename;
  if (!folder.ends_with('/')) return;
  const Directive* index = asked_.find("directoryindex");
  std::vector<std::string> names;
  if (index != nullptr)
    for (const Word& word : index->words) names.push_back(word.text);
  else
    names = {"index.html"};
  for (const std::string& name : names) {
    if (name.starts_with('/') || name == "disabled") continue;
    asked_.filename = folder + name;
    look_around(asked_, {});
    if (!is_proxy_handler(handler_of(asked_))) continue;
    asked_.path += name;
    asked_.note(fmt::format("{} is taken as the index of this folder: files are not looked at", name));
    return;
  }
  asked_.filename = folder;
  look_around(asked_, {});
}

bool Mapper::handled() {
  const Directive* handler = handler_of(asked_);
  if (!is_proxy_handler(handler)) return false;
  const std::string written(handler->word(0).substr(6));
  Target target;
  target.by = Target::By::handler;
  target.written = written;
  target.from = handler;
  target.word = 0;
  const SocketUrl split = split_socket(written);
  target.url = canonical(asked_, split.url + asked_.filename, false, parse_url(split.url).scheme != "fcgi");
  target.path_info = path_info_;
  const Scope& scope = *handler->scope;
  const bool in_server = scope.kind == ScopeKind::main || scope.kind == ScopeKind::host;
  target.location = in_server ? handler->name : fmt::format("<{} {}> {}", scope.name, scope.argument, handler->name);
  if (!in_server) mapping_.way.push_back(scope.place);
  const std::string scheme = parse_url(split.url).scheme;
  if (scheme == "http" || scheme == "https")
    asked_.note("SetHandler with an http URL sends the file's path on, not the URL's: ProxyPass is meant");
  settle(std::move(target));
  return true;
}

/// ap_internal_redirect: what was set is kept under another name, and set anew.
void Mapper::redirect_inside(std::string path) {
  set_environment(asked_);
  Environment renamed;
  for (const auto& [name, value] : asked_.env.all()) renamed.set("REDIRECT_" + name, value);
  renamed.set("REDIRECT_STATUS", "200");
  asked_.env = std::move(renamed);
  asked_.redirected_from = asked_.path;
  asked_.redirected_args = asked_.args;
  asked_.path = std::move(path);
}

Mapping Mapper::run() {
  const Directive* slashes = asked_.find_in_server("allowencodedslashes");
  const Directive* merge = asked_.find_in_server("mergeslashes");
  const Decoded decoded = decode_path(asked_.raw_path, merge == nullptr || !equals_ignoring_case(merge->word(0), "off"),
                                      slashes == nullptr ? std::string_view() : slashes->word(0));
  if (!decoded.refused.empty()) return done("answers " + decoded.refused), std::move(mapping_);
  asked_.path = decoded.path;
  for (int round = 0; round < kMostRedirects; ++round) {
    asked_.filename.clear();
    path_info_.clear();
    look_around(asked_, {});
    set_early_environment(asked_);
    const auto take_rewritten = [&](Rewritten& rewritten) {
      mapping_.way.insert(mapping_.way.end(), rewritten.way.begin(), rewritten.way.end());
      if (rewritten.kind == Rewritten::Kind::answered) {
        done(rewritten.answer);
        return true;
      }
      if (rewritten.kind != Rewritten::Kind::proxied) return false;
      Target target;
      target.by = Target::By::rewrite;
      target.written = rewritten.url;
      std::string url = split_socket(rewritten.url).url;
      if (rewritten.unescaped && asked_.has_args) url += "?" + asked_.args;
      target.url = canonical(asked_, url, rewritten.unescaped, true);
      target.from = rewritten.rule;
      target.word = 1;
      target.location = fmt::format("RewriteRule {}", rewritten.rule->word(0));
      settle(std::move(target));
      return true;
    };
    Rewritten rewritten = rewrite_in_server(asked_);
    if (take_rewritten(rewritten)) return std::move(mapping_);
    if (rewritten.kind == Rewritten::Kind::again) asked_.path = rewritten.url;
    const bool is_path = rewritten.kind == Rewritten::Kind::path;
    if (!is_path && proxy_pass()) {
      if (!mapping_.answer.empty()) return std::move(mapping_);
      if (mapping_.target) {
        look_around(asked_, mapping_.target->url);
        // mod_alias looks at sections once more, after everything else (fixup_redir).
        for (const Scope* scope : std::vector<const Scope*>(asked_.sight))
          if (scope->kind == ScopeKind::location && redirected(*scope)) return std::move(mapping_);
        return std::move(mapping_);
      }
    }
    if (is_path) {
      // Without [PT] the result is a file: below the document root, unless its first folder is one of the disk's.
      const std::string root = asked_.variable("document_root").value_or(std::string());
      root_ = root;
      asked_.filename = !root.empty() && rewritten.url.starts_with(root + "/") ? rewritten.url : root + rewritten.url;
    } else if (!to_file()) {
      return std::move(mapping_);
    }
    look_around(asked_, {});
    split_path_info();
    index_file();
    look_around(asked_, {});
    for (const Scope* scope : std::vector<const Scope*>(asked_.sight))
      if (scope->kind != ScopeKind::main && scope->kind != ScopeKind::host && redirected(*scope))
        return std::move(mapping_);
    Rewritten in_directory = rewrite_in_directory(asked_);
    if (take_rewritten(in_directory)) return std::move(mapping_);
    if (in_directory.kind == Rewritten::Kind::again && in_directory.url != asked_.path) {
      redirect_inside(in_directory.url);
      continue;
    }
    if (handled()) return std::move(mapping_);
    const Directive* fallback = asked_.find("fallbackresource");
    if (fallback != nullptr && fallback->word(0).starts_with('/') && asked_.path != fallback->word(0)) {
      asked_.note("FallbackResource is taken: files are not looked at");
      mapping_.way.push_back(fallback->place);
      redirect_inside(std::string(fallback->word(0)));
      continue;
    }
    const Directive* handler = handler_of(asked_);
    done(handler != nullptr ? fmt::format("handler {}", printable(handler->word(0), 80))
                            : fmt::format("the file {}", printable(asked_.filename, 200)));
    return std::move(mapping_);
  }
  done("internal redirects without end (LimitInternalRecursion)");
  return std::move(mapping_);
}

}  // namespace

std::string put_groups(std::string_view text, const std::vector<std::string>& groups) {
  std::string made;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '$' || text[i + 1] == '&')) {
      made += text[++i];
    } else if (text[i] == '&') {
      made += groups[0];
    } else if (text[i] == '$' && i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9') {
      const auto which = static_cast<std::size_t>(text[++i] - '0');
      if (which < groups.size()) made += groups[which];
    } else {
      made += text[i];
    }
  }
  return made;
}

std::string encode_path(std::string_view path, bool keep_encoded_slashes) {
  constexpr std::string_view kPlain = "/~$-_.+!*'(),;:@&=";
  std::string made;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const auto c = static_cast<unsigned char>(path[i]);
    if (keep_encoded_slashes && lower(path.substr(i, 3)) == "%2f") {
      made += path.substr(i, 3);
      i += 2;
    } else if ((c < 0x80 && std::isalnum(c) != 0) || kPlain.contains(static_cast<char>(c))) {
      made += static_cast<char>(c);
    } else {
      made += fmt::format("%{:02X}", c);
    }
  }
  return made;
}

Mapping map_request(Asked& asked) {
  return Mapper(asked).run();
}

}  // namespace fix502::apache
