#include "gateway/gateways/apache/configuration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "target/target.hpp"

namespace fix502::apache {
namespace {

std::string host_title(const VirtualHost& host) {
  if (!host.name.empty()) return host.name;
  if (host.scope->kind == ScopeKind::main) return "the main server";
  return host.addresses.empty() ? std::string("a virtual host") : host.addresses.front().written;
}

bool cannot_serve(const Worker& worker) {
  const Parameter* status = worker.parameter("status");
  return status != nullptr && status->value.find_first_of("DdSsEe") != std::string::npos;
}

UpstreamServer server_of(const Worker& worker, const Target& target, bool reused) {
  UpstreamServer server;
  const Url url = parse_url(target.balancer == nullptr ? target.url : worker.url);
  server.socket = worker.socket;
  if (server.socket.empty()) {
    server.host = url.host.empty() ? worker.host : url.host;
    server.port = url.valid ? url.real_port() : worker.port;
  }
  server.name = server.socket.empty() ? server.endpoint() : server.socket;
  server.place = worker.from != nullptr ? worker.from->place : worker.place;
  const Parameter* load = worker.parameter("loadfactor");
  if (load != nullptr) server.weight = std::max(1, std::atoi(load->value.c_str()));
  const Parameter* status = worker.parameter("status");
  server.backup = status != nullptr && status->value.find_first_of("HhRr") != std::string::npos;
  server.disabled = cannot_serve(worker);
  const Parameter* ttl = worker.parameter("addressttl");
  // Without reuse, or with a time for it, the name is looked up again (ap_proxy_initialize_worker).
  server.resolved_once = server.is_name() && reused && (ttl == nullptr || ttl->value == "-1");
  return server;
}

/// A target without a worker of its own is looked up for each request.
UpstreamServer server_of(const Target& target) {
  UpstreamServer server;
  const Url url = parse_url(target.url);
  server.socket = target.socket;
  if (server.socket.empty()) server.host = url.host, server.port = url.real_port();
  server.name = server.socket.empty() ? server.endpoint() : server.socket;
  server.place = target.from->place;
  return server;
}

HealthCheck check_of(const Target& target) {
  HealthCheck check;
  if (target.members.empty()) return check;
  const Parameter* method = parameter_of(target, "hcmethod");
  if (method == nullptr || equals_ignoring_case(method->value, "none")) return check;
  check.on = true;
  check.place = place_of(*method);
  if (!equals_ignoring_case(method->value, "tcp")) {
    check.method = method->value.starts_with("OPTIONS") || method->value.starts_with("options") ? "OPTIONS"
                   : lower(method->value).starts_with("head")                                   ? "HEAD"
                                                                                                : "GET";
    const Parameter* uri = parameter_of(target, "hcuri");
    check.path = uri == nullptr ? "/" : uri->value;
    check.expect = "2xx,3xx";
  }
  return check;
}

void add_cache(Asked& asked, Route& route) {
  for (const Scope* scope : asked.sight)
    for (const Directive* enable : scope->all("cacheenable")) {
      const bool by_section = enable->words.size() == 1;
      if (by_section || asked.path.starts_with(enable->word(1))) route.cached = asked.in->method == "GET";
    }
  for (const Scope* scope : asked.sight)
    for (const Directive* disable : scope->all("cachedisable"))
      if (equals_ignoring_case(disable->word(0), "on") ||
          (disable->word(0).starts_with('/') && asked.path.starts_with(disable->word(0))))
        route.cached = false;
  const Directive* root = asked.find_in_server("cacheroot");
  if (route.cached && root != nullptr) route.cache_folder = std::string(root->word(0));
}

void add_upgrade(Asked& asked, const Target& target, Route& route) {
  const std::string scheme = scheme_of(target);
  const Parameter* upgrade = parameter_of(target, "upgrade");
  const bool named = upgrade != nullptr && (equals_ignoring_case(upgrade->value, "websocket") ||
                                            equals_ignoring_case(upgrade->value, "any") || upgrade->value == "*");
  const bool by_scheme = (scheme == "ws" || scheme == "wss") && upgrade == nullptr;
  route.passes_upgrade = named || by_scheme;
  const std::string words = lower(target.location + " " + asked.path);
  route.asks_upgrade = named || scheme == "ws" || scheme == "wss" || words.contains("websocket") ||
                       words.contains("socket.io") || words.contains("/ws/") || words.ends_with("/ws") ||
                       words.contains("/ws ");
}

void add_place(const Target& target, Route& route) {
  route.place = target.from->place;
  route.location = target.location;
  // A RewriteRule or SetHandler that sends on stands in the way already.
  for (auto place = route.way.begin(); place != route.way.end();)
    place = *place == route.place ? route.way.erase(place) : place + 1;
}

}  // namespace

Apache::Apache(const ReadRequest& request, Files& files_port) : tree_(read_tree(request, files_port)) {
  servers_ = build_servers(*tree_);
  environment_ = request.environment;
  version = request.version;
  files = tree_->files;
  if (const Directive* user_directive = tree_->main.last("user")) user = std::string(user_directive->word(0));
  if (servers_.listens.empty())
    tree_->problem(true, "no listening sockets available, shutting down (no Listen directive)",
                   {.file = request.config, .line = 1});
  problems = tree_->problems;
}

std::optional<Way> find_way(const Apache& apache, const Incoming& incoming) {
  Way way;
  way.choice = choose_host(apache.servers(), incoming);
  if (way.choice.host == nullptr) return std::nullopt;
  way.asked = ask(apache.servers(), way.choice, incoming);
  way.mapping = map_request(way.asked);
  set_environment(way.asked);
  return way;
}

Route Apache::route(const Incoming& incoming) const {
  Route route;
  route.incoming = incoming;
  auto way = find_way(*this, incoming);
  if (!way) return route;
  Asked& asked = way->asked;
  route.server = host_title(*asked.host);
  route.way.push_back(way->choice.listen->place);
  if (asked.host->scope->kind == ScopeKind::host) route.way.push_back(asked.host->scope->place);
  route.way.insert(route.way.end(), way->mapping.way.begin(), way->mapping.way.end());
  const bool tls = is_on(asked.find_in_server("sslengine"), false) || way->choice.listen->protocol == "https";
  if ((incoming.scheme == "https") != tls)
    asked.note(fmt::format("port {} speaks {} here", incoming.port, tls ? "TLS" : "plain HTTP"));
  if (!way->mapping.target) {
    route.kind = RouteKind::answered;
    route.answer = way->mapping.answer;
    add_limits(*this, asked, nullptr, {}, route);
    route.notes = asked.notes;
    return route;
  }
  const Target& target = *way->mapping.target;
  route.kind = RouteKind::proxied;
  add_place(target, route);
  const Pooling pooling = pooling_of(*this, asked, target);
  if (target.url.starts_with("balancer://")) {
    route.upstream = target.balancer == nullptr ? target.url : target.balancer->name;
    for (const Worker* member : target.members) route.servers.push_back(server_of(*member, target, pooling.used));
    if (route.servers.empty()) asked.note(fmt::format("{} has no members", route.upstream));
  } else {
    route.servers.push_back(target.worker != nullptr ? server_of(*target.worker, target, pooling.used)
                                                     : server_of(target));
    if (target.worker != nullptr && target.worker->socket.empty()) route.servers[0].socket = target.socket;
    route.servers[0].place = target.from->place;
    route.upstream = route.servers[0].name;
  }
  route.check = check_of(target);
  route.request = build_request(*this, asked, target, pooling);
  route.tls = build_tls(asked, target);
  if (route.tls.on && !is_on(asked.find("sslproxyengine"), false))
    asked.note("SSLProxyEngine is not on here: every request ends with 500 (AH01961)");
  if (target.alias != nullptr && target.worker != nullptr && target.worker->from != nullptr &&
      target.worker->from != target.alias->from)
    asked.note(fmt::format("shares its worker with {} {} ({}:{}): only the parameters there count (AH01146)",
                           target.worker->from->name, target.worker->from->word(0), target.worker->from->place.file,
                           target.worker->from->place.line));
  add_limits(*this, asked, &target, pooling, route);
  add_settings(*this, asked, target, route);
  add_cache(asked, route);
  add_upgrade(asked, target, route);
  route.pool = pooling.used;
  route.pool_wanted = pooling.wanted;
  route.pool_from = pooling.from;
  route.pool_retried = false;  // mod_proxy_http does not try again once the request was written
  route.notes = asked.notes;
  return route;
}

std::vector<Listener> Apache::listeners() const {
  std::vector<Listener> all;
  for (const Listen& listen : servers_.listens) {
    bool any = false;
    for (const auto& host : servers_.hosts) {
      const bool here = std::ranges::any_of(host->addresses, [&](const HostAddress& address) {
        return (address.port == 0 || address.port == listen.port) &&
               (address.address.empty() || listen.address.empty() || address.address == listen.address);
      });
      if (!here) continue;
      any = true;
      Listener made{.address = listen.address,
                    .port = listen.port,
                    .tls = false,
                    .server = host_title(*host),
                    .names = {},
                    .place = host->scope->place};
      const Directive* engine = host->scope->last("sslengine");
      if (engine == nullptr) engine = servers_.main.scope->last("sslengine");
      made.tls = is_on(engine, false) || listen.protocol == "https";
      if (!host->name.empty()) made.names.push_back(host->name);
      made.names.insert(made.names.end(), host->other_names.begin(), host->other_names.end());
      all.push_back(std::move(made));
    }
    if (!any)
      all.push_back({.address = listen.address,
                     .port = listen.port,
                     .tls = listen.protocol == "https",
                     .server = host_title(servers_.main),
                     .names = servers_.main.name.empty() ? std::vector<std::string>() : std::vector{servers_.main.name},
                     .place = listen.place});
  }
  return all;
}

namespace {

/// A path that a pattern like "^/api/(.*)$" takes: as much of its beginning as is plain text.
std::string sample_path(std::string_view pattern) {
  std::string path;
  if (pattern.starts_with('^')) pattern.remove_prefix(1);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\' && i + 1 < pattern.size() && std::ispunct(static_cast<unsigned char>(pattern[i + 1])) != 0) {
      path += pattern[++i];
      continue;
    }
    if (std::string_view("$()[]{}|?*+.\\^").contains(c)) {
      if ((c == '?' || c == '*') && !path.empty()) path.pop_back();
      break;
    }
    path += c;
  }
  if (!path.starts_with('/')) path = "/" + path;
  return path;
}

void add_candidates(const VirtualHost& host, std::vector<std::string>& paths) {
  const auto add = [&](std::string path) {
    if (path.starts_with('/') && std::ranges::find(paths, path) == paths.end()) paths.push_back(std::move(path));
  };
  for (const Alias& alias : host.passes)
    if (!alias.excluded) add(alias.pattern ? sample_path(alias.fake) : alias.fake);
  for (const Scope* scope : host.locations)
    if (const auto found = host.location_passes.find(scope); found != host.location_passes.end()) {
      const Alias& alias = found->second;
      if (!alias.excluded) add(alias.pattern ? sample_path(alias.fake) : alias.fake);
    }
  for (const Directive* rule : host.scope->all("rewriterule"))
    if (lower(rule->word(2)).contains('p')) add(sample_path(rule->word(0)));
  for (const Scope* location : host.locations)
    if (location->last("rewriterule") != nullptr || location->last("sethandler") != nullptr)
      add(location->regex ? sample_path(location->argument) : location->argument);
  for (const auto* scopes : {&host.files, &host.directories})
    for (const Scope* scope : *scopes)
      if (scope->last("sethandler") != nullptr) {
        const std::string_view name = scope->argument;
        add(scope->kind == ScopeKind::files && name.contains("php") ? "/index.php" : "/");
      }
}

}  // namespace

std::vector<Incoming> Apache::every_way() const {
  std::vector<Incoming> all;
  std::set<std::pair<std::string, std::uint64_t>> seen;
  std::vector<std::pair<const VirtualHost*, Incoming>> starts;
  for (const Listen& listen : servers_.listens) {
    bool any = false;
    for (const auto& host : servers_.hosts) {
      const auto here = std::ranges::find_if(host->addresses, [&](const HostAddress& address) {
        return address.port == 0 || address.port == listen.port;
      });
      if (here == host->addresses.end()) continue;
      any = true;
      Incoming incoming;
      incoming.port = listen.port;
      incoming.address = here->address;
      incoming.host = host->name.empty() ? "localhost" : host->name;
      incoming.scheme = is_on(host->scope->last("sslengine"), false) || listen.protocol == "https" ? "https" : "http";
      starts.emplace_back(host.get(), std::move(incoming));
    }
    if (any) continue;
    Incoming incoming;
    incoming.port = listen.port;
    incoming.host = servers_.main.name.empty() ? "localhost" : servers_.main.name;
    incoming.scheme = listen.protocol == "https" ? "https" : "http";
    starts.emplace_back(&servers_.main, std::move(incoming));
  }
  for (auto& [host, start] : starts) {
    std::vector<std::string> paths;
    add_candidates(*host, paths);
    if (host != &servers_.main) add_candidates(servers_.main, paths);
    for (const std::string& path : paths) {
      Incoming incoming = start;
      incoming.target = encode_path(path, false);
      auto way = find_way(*this, incoming);
      if (!way || !way->mapping.target) continue;
      if (way->asked.header("upgrade") == nullptr && way->mapping.target->from == nullptr) continue;
      const ConfigPlace& place = way->mapping.target->from->place;
      if (!seen.emplace(place.file, place.begin).second) continue;
      all.push_back(std::move(incoming));
      if (all.size() >= kMostRoutes) return all;
    }
  }
  return all;
}

namespace {

constexpr std::string_view kCommon = "%h %l %u %t \"%r\" %>s %b";

LogPlace log_place(const Directive& directive, LogPlace::Kind kind, const std::string& root) {
  LogPlace log;
  log.kind = kind;
  log.place = directive.place;
  const std::string target(directive.word(0));
  if (target.starts_with('|'))
    log.where = target;
  else if (target == "syslog" || target.starts_with("syslog:"))
    log.where = "syslog";
  else if (target == "journald")
    log.where = "journald";
  else if (target == "/dev/stderr" || target == "/proc/self/fd/2")
    log.where = "stderr";
  else if (target == "/dev/stdout" || target == "/proc/self/fd/1")
    log.where = "stdout";
  else
    log.path = target.starts_with('/') ? target : root + "/" + target;
  return log;
}

}  // namespace

std::vector<LogPlace> Apache::logs(const Route& route) const {
  const VirtualHost* host = &servers_.main;
  for (const auto& one : servers_.hosts)
    if (std::ranges::find(route.way, one->scope->place) != route.way.end()) host = one.get();
  std::vector<const Scope*> scopes{host->scope};
  if (host != &servers_.main) scopes.push_back(servers_.main.scope);
  std::vector<LogPlace> logs;
  const auto level_of = [&]() -> std::string {
    for (const Scope* scope : scopes)
      if (const Directive* level = scope->last("loglevel")) {
        std::string words;
        for (const Word& word : level->words) words += (words.empty() ? "" : " ") + word.text;
        return words;
      }
    return "warn";
  };
  for (const Scope* scope : scopes)
    if (const Directive* error = scope->last("errorlog")) {
      logs.push_back(log_place(*error, LogPlace::Kind::error, tree_->server_root));
      logs.back().level = level_of();
    }
  if (servers_.main.scope->last("errorlog") == nullptr) {
    LogPlace log;
    log.path = tree_->server_root + "/logs/error_log";
    log.level = level_of();
    logs.push_back(std::move(log));
  }
  // A virtual host's own access logs take the place of the main server's (mod_log_config.c).
  std::vector<const Directive*> access = scopes.front()->all("customlog");
  if (access.empty()) access = scopes.front()->all("transferlog");
  if (access.empty()) access = servers_.main.scope->all("customlog");
  const auto& global = servers_.main.scope->all("globallog");
  access.insert(access.end(), global.begin(), global.end());
  for (const Directive* directive : access) {
    LogPlace log = log_place(*directive, LogPlace::Kind::access, tree_->server_root);
    std::string format(directive->word(1));
    if (format.empty() || format.starts_with("env=")) format = kCommon;
    if (!format.contains('%'))
      for (const Scope* scope : scopes)
        for (const Directive* named : scope->all("logformat"))
          if (named->words.size() > 1 && named->word(1) == format && !format.contains('%'))
            format = std::string(named->word(0));
    log.format = format.contains('%') ? format : std::string();
    logs.push_back(std::move(log));
  }
  return logs;
}

}  // namespace fix502::apache
