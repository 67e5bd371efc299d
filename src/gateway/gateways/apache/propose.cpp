// What a mending is in httpd's words. gateway-specific traps: parameters count only on the directive that made the worker
// (AH01146), SSLProxyProtocol without signs keeps its last word only (AH02532), names in certificates are compared with the
// URL's host.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/apache/edits.hpp"
#include "target/target.hpp"

namespace fix502::apache {
namespace {

std::string time_text(std::int64_t ms) {
  return ms % 1000 == 0 ? std::to_string(ms / 1000) : fmt::format("{}ms", ms);
}

std::int64_t whole_seconds(std::int64_t ms) {
  return std::max<std::int64_t>(1, (ms + 999) / 1000);
}

Proposal proposal(Editor& editor, std::string title = {}) {
  return {.title = std::move(title), .edits = std::move(editor.edits()), .restart = false};
}

/// Numbers of a version, "2.4.59" or newer?
bool at_least(std::string_view version, int major, int minor, int patch) {
  std::vector<int> numbers;
  for (const auto part : split(version, '.')) numbers.push_back(std::atoi(std::string(part).c_str()));
  numbers.resize(3, 0);
  return version.empty() || numbers >= std::vector{major, minor, patch};
}

const Worker* worker_of(const Target& target, std::size_t server) {
  if (target.balancer == nullptr) return target.worker;
  return server < target.members.size() ? target.members[server] : nullptr;
}

/// A worker's parameter; where the target has no worker of its own a <Proxy> section makes one.
bool set_on_worker(Editor& editor, std::size_t server, std::string_view key, std::string_view value,
                   std::string_view beside = {}) {
  const Target& target = editor.target();
  if (const Worker* worker = worker_of(target, server)) return editor.set_worker(worker, key, value);
  if (target.balancer != nullptr) return false;
  const SocketUrl split_url = split_socket(target.written);
  const Url url = parse_url(split_url.url);
  if (!url.valid || url.host.contains('$') || url.host.contains('%')) return false;
  std::string name = url.origin();
  if (!split_url.socket.empty()) name = "unix:" + split_url.socket + "|" + name;
  std::string set = fmt::format("\tProxySet {}={}", key, value);
  if (!beside.empty()) set += " " + std::string(beside);
  // Sections stand in servers only: before the outermost one around the directive.
  const Scope* scope = target.from->scope;
  ConfigPlace place = target.from->place;
  for (; scope != nullptr && scope->kind != ScopeKind::main && scope->kind != ScopeKind::host; scope = scope->parent)
    place = scope->place;
  return editor.insert_before(place, {fmt::format("<Proxy \"{}\">", name), set, "</Proxy>"});
}

bool ssl_loaded(const Editor& editor) {
  return editor.apache().tree().has_module("ssl_module");
}

}  // namespace

std::optional<Proposal> mend_address(Editor& editor, const Mending& mending) {
  if (mending.text.empty()) return std::nullopt;
  if (!change_url(editor, mending.server, {.scheme = {}, .address = mending.text, .path = {}})) return std::nullopt;
  return proposal(editor);
}

namespace {

std::optional<Proposal> mend_connections(Editor& editor, std::int64_t amount) {
  const Scope& main = *editor.apache().servers().main.scope;
  const auto number = [&](std::string_view key, std::int64_t otherwise) {
    const Directive* directive = main.last(key);
    return directive == nullptr ? otherwise : std::int64_t{std::atoi(std::string(directive->word(0)).c_str())};
  };
  const bool prefork = editor.apache().tree().modules.contains("mpm_prefork_module");
  const std::int64_t threads = prefork ? 1 : std::max<std::int64_t>(1, number("threadsperchild", 25));
  const std::int64_t most = number("serverlimit", prefork ? 256 : 16);
  // Rounded up to whole processes: httpd rounds down, with a warning (event.c).
  const std::int64_t processes = (amount + threads - 1) / threads;
  const std::int64_t wanted = processes * threads;
  const Directive* workers = main.last("maxrequestworkers");
  if (workers == nullptr) workers = main.last("maxclients");
  const Directive* limit = main.last("serverlimit");
  const Directive* beside = workers != nullptr ? workers : main.last("threadsperchild");
  if (beside == nullptr && !main.all("listen").empty()) beside = main.all("listen").front();
  if (beside == nullptr) return std::nullopt;
  std::vector<std::string> lines;
  if (workers == nullptr)
    lines.push_back(fmt::format("MaxRequestWorkers {}", wanted));
  else if (!editor.replace_word(*workers, 0, std::to_string(wanted)))
    return std::nullopt;
  const bool more_processes = processes > most;
  if (more_processes && limit != nullptr && !editor.replace_word(*limit, 0, std::to_string(processes))) return std::nullopt;
  if (more_processes && limit == nullptr) lines.insert(lines.begin(), fmt::format("ServerLimit {}", processes));
  if (!lines.empty() && !editor.insert_behind(beside->place, lines)) return std::nullopt;
  Proposal made = proposal(editor);
  made.restart = more_processes;  // ServerLimit is only read at a start
  return made;
}

/// The time for an answer: at the worker, unless the virtual host's ProxyTimeout says it already.
std::optional<Proposal> mend_time(Editor& editor, const Route& route, const Mending& mending) {
  const Limit* now = route.limit(mending.limit);
  const bool connecting = mending.limit == LimitKind::connect_timeout;
  const Directive* proxy = editor.way().asked.find_in_server("proxytimeout");
  const bool by_proxy_timeout = now != nullptr && proxy != nullptr && now->from.place == proxy->place && !connecting;
  const bool own = proxy != nullptr && proxy->scope == editor.way().asked.host->scope;
  if (by_proxy_timeout && own) {
    if (!editor.replace_word(*proxy, 0, std::to_string(whole_seconds(mending.amount)))) return std::nullopt;
    return proposal(editor);
  }
  const std::string_view key = connecting ? "connectiontimeout" : "timeout";
  // timeout= knows whole seconds only, connectiontimeout= units as well (mod_proxy.c, set_worker_param).
  const std::string value = connecting ? time_text(mending.amount) : std::to_string(whole_seconds(mending.amount));
  if (worker_of(editor.target(), mending.server) != nullptr) {
    // All members alike: a request may go to any of them.
    bool done = true;
    if (editor.target().balancer != nullptr)
      for (const Worker* member : editor.target().members) done = done && editor.set_worker(member, key, value);
    else
      done = editor.set_worker(editor.target().worker, key, value);
    if (!done) return std::nullopt;
    return proposal(editor);
  }
  const bool http = is_http(route.request.protocol);
  if (!http && set_on_worker(editor, mending.server, key, value)) return proposal(editor);
  if (connecting && set_on_worker(editor, mending.server, key, value, "disablereuse=On"))
    return proposal(editor);
  const Directive& from = *editor.target().from;
  if (from.scope->kind == ScopeKind::main || from.scope->kind == ScopeKind::host) {
    if (!editor.insert_behind(from.place, {fmt::format("ProxyTimeout {}", whole_seconds(mending.amount))})) return std::nullopt;
    return proposal(editor);
  }
  if (set_on_worker(editor, mending.server, key, value, "disablereuse=On")) return proposal(editor);
  return std::nullopt;
}

}  // namespace

std::optional<Proposal> mend_limit(Editor& editor, const Route& route, const Mending& mending) {
  const std::string number = std::to_string(mending.amount);
  const auto in_host = [&](std::string_view name, std::string_view value) -> std::optional<Proposal> {
    const VirtualHost* host = editor.way().asked.first_host;
    if (host == nullptr || !editor.set_in_host(name, value, *host)) return std::nullopt;
    return proposal(editor);
  };
  const auto on_workers = [&](std::string_view key, std::string_view value) -> std::optional<Proposal> {
    const Target& target = editor.target();
    bool done = !target.members.empty() || target.balancer == nullptr;
    if (target.balancer != nullptr)
      for (const Worker* member : target.members) done = done && editor.set_worker(member, key, value);
    else
      done = set_on_worker(editor, mending.server, key, value, target.worker == nullptr && is_http(route.request.protocol) ? "disablereuse=On" : "");
    if (!done) return std::nullopt;
    return proposal(editor);
  };
  switch (mending.limit) {
    case LimitKind::request_line: return in_host("LimitRequestLine", number);
    case LimitKind::request_field: return in_host("LimitRequestFieldSize", number);
    case LimitKind::connections: return mend_connections(editor, mending.amount);
    case LimitKind::client_timeout: {
      const VirtualHost* host = editor.way().asked.host;
      if (!editor.set_in_host("Timeout", std::to_string(whole_seconds(mending.amount)), *host)) return std::nullopt;
      return proposal(editor);
    }
    default: break;
  }
  if (!editor.way().mapping.target) return std::nullopt;
  switch (mending.limit) {
    case LimitKind::read_timeout:
    case LimitKind::send_timeout:
    case LimitKind::connect_timeout: return mend_time(editor, route, mending);
    case LimitKind::response_field:
      if (!is_http(route.request.protocol) && route.request.protocol != Protocol::uwsgi) return std::nullopt;
      return on_workers("responsefieldsize", number);
    case LimitKind::request_body: {
      if (!editor.set_here("LimitRequestBody", number)) return std::nullopt;
      return proposal(editor);
    }
    case LimitKind::pool_idle:
      if (mending.amount < 1000) return std::nullopt;
      return on_workers("ttl", std::to_string(mending.amount / 1000));
    case LimitKind::pool_size: return on_workers("smax", number);
    case LimitKind::upstream_connections: return on_workers("max", number);
    case LimitKind::queue_timeout: return on_workers("acquire", number);
    case LimitKind::retry_pause:
      if (editor.target().balancer == nullptr) return std::nullopt;
      return on_workers("retry", std::to_string(whole_seconds(mending.amount)));
    case LimitKind::retries: {
      const Balancer* balancer = editor.target().balancer;
      if (balancer == nullptr) return std::nullopt;
      const Directive* owner = editor.target().from->key.starts_with("proxypass") ? editor.target().from : nullptr;
      if (!editor.set_parameter(balancer->parameters, "maxattempts", number, owner, balancer->place)) return std::nullopt;
      return proposal(editor);
    }
    default: return std::nullopt;
  }
}

std::optional<Proposal> mend_pool(Editor& editor, const Route& route, const Mending& mending) {
  if (route.pool == (mending.kind == MendingKind::use_pool)) return std::nullopt;  // it is so already
  const Target& target = editor.target();
  const Worker* worker = worker_of(target, mending.server);
  if (mending.kind == MendingKind::keep_shorter) {
    // ttl= knows whole seconds only, and at least one.
    if (worker == nullptr || mending.amount < 1000) return std::nullopt;
    if (!editor.set_worker(worker, "ttl", std::to_string(mending.amount / 1000))) return std::nullopt;
    return proposal(editor);
  }
  const bool off = mending.kind == MendingKind::no_pool;
  if (worker == nullptr) {
    if (off || !set_on_worker(editor, mending.server, "enablereuse", "On")) return std::nullopt;
    return proposal(editor);
  }
  const auto& asked = editor.way().asked;
  if (!off)
    for (const Scope* scope : asked.sight)
      for (const Directive* set : scope->all("setenv"))
        if (set->word(0) == "proxy-nokeepalive" && !editor.remove(*set)) return std::nullopt;
  const Parameter* disable = worker->parameter("disablereuse");
  const Parameter* enable = worker->parameter("enablereuse");
  bool done = true;
  if (enable != nullptr) done = editor.set_worker(worker, "enablereuse", off ? "Off" : "On");
  if (disable != nullptr || (enable == nullptr && off)) done = done && editor.set_worker(worker, "disablereuse", off ? "On" : "Off");
  if (!off && disable == nullptr && enable == nullptr && editor.edits().empty())
    done = editor.set_worker(worker, "enablereuse", "On");
  if (!done || editor.edits().empty()) return std::nullopt;
  return proposal(editor);
}

namespace {

bool engine_on(Editor& editor) {
  return is_on(editor.way().asked.find("sslproxyengine"), false) || editor.set_for_upstream("SSLProxyEngine", "on");
}

/// The certificate's name must be the host that httpd compares it with: the URL's, or the visitor's Host field.
bool fit_name(Editor& editor, const std::string& name, std::string& title) {
  const Asked& asked = editor.way().asked;
  const Target& target = editor.target();
  const bool preserved = is_on(asked.find("proxypreservehost"), false);
  const std::string compared = preserved ? asked.in->host : parse_url(target.url).host;
  if (name.empty() || equals_ignoring_case(name, compared)) return true;
  if (equals_ignoring_case(name, asked.in->host) && !preserved) {
    title = fmt::format("pass the visitor's Host on: the upstream's certificate is for {}", name);
    return editor.set_here("ProxyPreserveHost", "On");
  }
  title = fmt::format("do not compare the certificate's name: it is for {}, and Apache knows only the URL's host", name);
  return editor.set_for_upstream("SSLProxyCheckPeerName", "off");
}

std::string scheme_with_tls(std::string_view scheme, bool tls) {
  constexpr std::pair<std::string_view, std::string_view> kPairs[] = {{"http", "https"}, {"ws", "wss"}, {"h2c", "h2"}};
  for (const auto& [plain, secure] : kPairs)
    if (scheme == (tls ? plain : secure)) return std::string(tls ? secure : plain);
  return {};
}

std::optional<Proposal> mend_versions(Editor& editor, const std::string& version) {
  const bool ancient = version == "TLSv1" || version == "TLSv1.0" || version == "TLSv1.1" || version == "SSLv3";
  const Directive* protocol = editor.way().asked.find("sslproxyprotocol");
  // Without signs each word overrides the one before it (AH02532): "all -SSLv3" is every version that OpenSSL has.
  if (protocol != nullptr && !editor.set_for_upstream("SSLProxyProtocol", "all -SSLv3")) return std::nullopt;
  // OpenSSL 3 signs with SHA-1 (TLS 1.0, 1.1) at security level 0 only.
  if (ancient && !editor.set_for_upstream("SSLProxyCipherSuite", "DEFAULT:@SECLEVEL=0")) return std::nullopt;
  if (editor.edits().empty()) return std::nullopt;
  return proposal(editor);
}

}  // namespace

std::optional<Proposal> mend_tls(Editor& editor, const Route& route, const Mending& mending) {
  if (!ssl_loaded(editor) && mending.kind != MendingKind::use_plain) return std::nullopt;
  std::string title;
  const std::string scheme = scheme_of(editor.target());
  if (!route.tls.on && mending.kind != MendingKind::use_tls) return std::nullopt;
  switch (mending.kind) {
    case MendingKind::use_tls: {
      const std::string secure = scheme_with_tls(scheme, true);
      if (secure.empty() || !change_url(editor, mending.server, {.scheme = secure, .address = {}, .path = {}}))
        return std::nullopt;
      if (!engine_on(editor)) return std::nullopt;
      if (!mending.text.empty() && !editor.set_for_upstream("SSLProxyCACertificateFile", as_word(mending.text))) return std::nullopt;
      if (!fit_name(editor, mending.name, title)) return std::nullopt;
      return proposal(editor);
    }
    case MendingKind::use_plain: {
      const std::string plain = scheme_with_tls(scheme, false);
      if (plain.empty() || !change_url(editor, mending.server, {.scheme = plain, .address = {}, .path = {}}))
        return std::nullopt;
      return proposal(editor);
    }
    case MendingKind::send_sni: {
      const std::string name = mending.name.empty() ? route.incoming.host : mending.name;
      if (!is_ipv4(name) && !is_ipv6(name) && equals_ignoring_case(name, route.incoming.host) &&
          !is_on(editor.way().asked.find("proxypreservehost"), false)) {
        if (!editor.set_here("ProxyPreserveHost", "On")) return std::nullopt;
        return proposal(editor, "pass the visitor's Host on: Apache greets with it");
      }
      if (is_ipv4(name) || is_ipv6(name) || equals_ignoring_case(name, route.tls.sni)) return std::nullopt;
      const Worker* worker = worker_of(editor.target(), mending.server);
      const std::uint16_t port = worker != nullptr ? worker->port : parse_url(editor.target().url).real_port();
      if (!change_url(editor, mending.server, {.scheme = {}, .address = fmt::format("{}:{}", name, port), .path = {}}))
        return std::nullopt;
      return proposal(editor, fmt::format("name the upstream by {}: Apache greets with the URL's host (the name must lead there)", name));
    }
    case MendingKind::verify_name:
      if (!fit_name(editor, mending.name, title) || editor.edits().empty()) return std::nullopt;
      return proposal(editor, title);
    case MendingKind::trust_file:
      if (mending.text.empty() || !editor.set_for_upstream("SSLProxyCACertificateFile", as_word(mending.text))) return std::nullopt;
      return proposal(editor);
    case MendingKind::tls_versions: return mend_versions(editor, mending.text);
    default: return std::nullopt;
  }
}

namespace {

std::string scheme_of_protocol(Protocol protocol, bool tls) {
  switch (protocol) {
    case Protocol::fastcgi: return "fcgi";
    case Protocol::uwsgi: return "uwsgi";
    case Protocol::scgi: return "scgi";
    case Protocol::ajp: return "ajp";
    case Protocol::http2: return tls ? "h2" : "h2c";
    case Protocol::http1_0:
    case Protocol::http1_1: return tls ? "https" : "http";
    default: return {};
  }
}

std::string module_of(std::string_view scheme) {
  if (scheme == "fcgi" || scheme == "uwsgi" || scheme == "scgi" || scheme == "ajp") return "proxy_" + std::string(scheme) + "_module";
  return scheme.starts_with("h2") ? "proxy_http2_module" : "proxy_http_module";
}

/// What of the path is put behind the target's own: with ProxyPass /app/ it is "x.php" of "/app/x.php".
std::optional<std::string> rest_of_path(const Editor& editor) {
  const Alias* alias = editor.target().alias;
  const std::string& path = editor.way().asked.path;
  if (alias == nullptr || alias->pattern || !path.starts_with(alias->fake)) return std::nullopt;
  return path.substr(alias->fake.size());
}

/// "/srv/app/x.php" for the rest "x.php" is "/srv/app/".
std::optional<std::string> base_for(const Editor& editor, const std::string& script) {
  const auto rest = rest_of_path(editor);
  if (!rest) return std::nullopt;
  if (!script.ends_with(".php")) {
    // A root: as many slashes as the ProxyPass's own path has at its end.
    std::string base = script;
    while (base.ends_with('/')) base.pop_back();
    return base + (editor.target().alias->fake.ends_with('/') ? "/" : "");
  }
  if (rest->empty() || !script.ends_with(*rest)) return std::nullopt;
  return script.substr(0, script.size() - rest->size());
}

std::optional<Proposal> mend_script(Editor& editor, const std::string& text) {
  if (text.empty()) return std::nullopt;
  const Target& target = editor.target();
  const Asked& asked = editor.way().asked;
  for (const Scope* scope : asked.sight)
    for (const Directive* set : scope->all("proxyfcgisetenvif"))
      if (set->word(1) == "SCRIPT_FILENAME") {
        if (!editor.replace_word(*set, 2, text)) return std::nullopt;
        return proposal(editor);
      }
  if (target.balancer == nullptr && target.by == Target::By::pass) {
    if (const auto base = base_for(editor, text)) {
      if (!change_url(editor, 0, {.scheme = {}, .address = {}, .path = *base, .change_path = true})) return std::nullopt;
      return proposal(editor);
    }
  }
  std::string script_name = asked.path;
  if (!target.path_info.empty() && script_name.ends_with(target.path_info))
    script_name.resize(script_name.size() - target.path_info.size());
  std::string value = text;
  if (!text.ends_with(".php")) {
    while (value.ends_with('/')) value.pop_back();
    value += "%{reqenv:SCRIPT_NAME}";
  } else if (text.ends_with(script_name)) {
    value = text.substr(0, text.size() - script_name.size()) + "%{reqenv:SCRIPT_NAME}";
  }
  if (!editor.add_for_target({fmt::format("ProxyFCGISetEnvIf \"true\" SCRIPT_FILENAME \"{}\"", value)})) return std::nullopt;
  return proposal(editor);
}

}  // namespace

std::optional<Proposal> mend_protocol(Editor& editor, const Route& route, const Mending& mending) {
  if (mending.kind == MendingKind::script_file) {
    if (route.request.protocol != Protocol::fastcgi) return std::nullopt;
    return mend_script(editor, mending.text);
  }
  if (mending.kind == MendingKind::unchunked) {
    if (!is_http(route.request.protocol) || route.request.protocol == Protocol::http1_0) return std::nullopt;
    if (!editor.add_for_target({"SetEnv force-proxy-request-1.0 1"})) return std::nullopt;
    return proposal(editor);
  }
  const Target& target = editor.target();
  const std::string scheme = scheme_of_protocol(mending.protocol, route.tls.on);
  if (scheme.empty() || scheme == scheme_of(target) || !editor.apache().tree().has_module(module_of(scheme)))
    return std::nullopt;
  // SetHandler sends a file's path: right for FastCGI only.
  if (target.by == Target::By::handler && scheme != "fcgi") return std::nullopt;
  // A RewriteRule makes the whole path: what of it the script would be is not known.
  if (target.by == Target::By::rewrite && scheme == "fcgi") return std::nullopt;
  UrlChange change{.scheme = scheme, .address = {}, .path = {}};
  if (target.balancer != nullptr && scheme == "fcgi" && !mending.text.empty() && !mending.text.ends_with(".php")) {
    change.change_path = true;
    change.path = mending.text;
    while (change.path.ends_with('/')) change.path.pop_back();
  }
  if (target.balancer == nullptr && target.by == Target::By::pass) {
    if (scheme == "fcgi") {
      if (mending.text.empty()) return std::nullopt;
      const auto base = base_for(editor, mending.text);
      if (!base) {
        // One script for all: the application's front.
        if (!change_url(editor, mending.server, change)) return std::nullopt;
        if (!editor.add_for_target({fmt::format("ProxyFCGISetEnvIf \"true\" SCRIPT_FILENAME \"{}\"", mending.text)}))
          return std::nullopt;
        return proposal(editor);
      }
      change.change_path = true;
      change.path = *base;
    } else if (route.request.protocol == Protocol::fastcgi) {
      change.change_path = true;
      change.path = target.alias != nullptr && target.alias->fake.ends_with('/') ? "/" : "";
    }
  }
  if (!change_url(editor, mending.server, change)) return std::nullopt;
  return proposal(editor);
}

std::optional<Proposal> mend_rest(Editor& editor, const Route& route, const Mending& mending) {
  const Apache& apache = editor.apache();
  const Target& target = editor.target();
  switch (mending.kind) {
    case MendingKind::resolve_again: {
      const Worker* worker = worker_of(target, mending.server);
      if (worker == nullptr) return std::nullopt;
      const bool knows_time = at_least(apache.version, 2, 4, 59);
      if (!editor.set_worker(worker, knows_time ? "addressttl" : "disablereuse", knows_time ? "10" : "On")) return std::nullopt;
      return proposal(editor);
    }
    case MendingKind::tolerate_header:
      // ProxyBadHeader is about lines without a colon; a name with a blank in it ends with 500 all the same (AH02429).
      if (!is_http(route.request.protocol) || mending.text != "no_colon") return std::nullopt;
      if (!editor.set_in_host("ProxyBadHeader", "Ignore", *editor.way().asked.host)) return std::nullopt;
      return proposal(editor);
    case MendingKind::pass_upgrade: {
      if (route.passes_upgrade || !at_least(apache.version, 2, 4, 47) || target.worker == nullptr || target.balancer != nullptr)
        return std::nullopt;
      if (!is_http(route.request.protocol) || !editor.set_worker(target.worker, "upgrade", "websocket")) return std::nullopt;
      return proposal(editor);
    }
    case MendingKind::check_path: {
      const Worker* worker = worker_of(target, mending.server);
      if (worker == nullptr || target.balancer == nullptr || worker->parameter("hcmethod") == nullptr || mending.text.empty())
        return std::nullopt;
      bool done = true;
      for (const Worker* member : target.members)
        if (member->parameter("hcmethod") != nullptr) done = done && editor.set_worker(member, "hcuri", mending.text);
      if (!done) return std::nullopt;
      return proposal(editor);
    }
    case MendingKind::run_as: {
      const Scope& main = *apache.servers().main.scope;
      const Directive* user = main.last("user");
      const Directive* group = main.last("group");
      if (user == nullptr || mending.text.empty() || !editor.replace_word(*user, 0, mending.text)) return std::nullopt;
      if (group != nullptr && !mending.name.empty() && !editor.replace_word(*group, 0, mending.name)) return std::nullopt;
      Proposal made = proposal(editor);
      made.restart = true;
      return made;
    }
    default: return std::nullopt;
  }
}

std::optional<Proposal> Apache::propose(const Route& route, const Mending& mending) const {
  if (mending.kind == MendingKind::reload_only) return Proposal{};
  const auto way = find_way(*this, route.incoming);
  if (!way) return std::nullopt;
  Editor editor(*this, *way);
  if (mending.kind == MendingKind::set_limit) return mend_limit(editor, route, mending);
  if (!way->mapping.target) return std::nullopt;
  switch (mending.kind) {
    case MendingKind::set_address:
    case MendingKind::ipv4_only:
    case MendingKind::loop_out: return mend_address(editor, mending);
    case MendingKind::keep_shorter:
    case MendingKind::no_pool:
    case MendingKind::use_pool: return mend_pool(editor, route, mending);
    case MendingKind::use_tls:
    case MendingKind::use_plain:
    case MendingKind::send_sni:
    case MendingKind::verify_name:
    case MendingKind::trust_file:
    case MendingKind::tls_versions: return mend_tls(editor, route, mending);
    case MendingKind::speak:
    case MendingKind::script_file:
    case MendingKind::unchunked: return mend_protocol(editor, route, mending);
    default: return mend_rest(editor, route, mending);
  }
}

}  // namespace fix502::apache
