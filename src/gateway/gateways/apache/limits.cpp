// Every limit of httpd that can end a request, with what it is without a directive (docs/manual/mod/*.xml, 2.4).
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "gateway/gateways/apache/configuration.hpp"
#include "target/target.hpp"

namespace fix502::apache {
namespace {

std::int64_t number(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// Timeout, ProxyTimeout, timeout=, retry=, ttl= are read by atoi(): "500ms" is 500 seconds (core.c, mod_proxy.c
/// of 2.4).
std::int64_t seconds(std::string_view text) {
  return std::clamp<std::int64_t>(number(text), 0, INT32_MAX) * 1000;
}

std::string word(LimitKind kind) {
  return std::string(to_word(kind));
}

class Limiter {
 public:
  Limiter(const Apache& apache, const Asked& asked, const Target* target, Route& route)
      : apache_(apache), asked_(asked), target_(target), route_(route) {}

  void server_limit(LimitKind kind, std::string_view directive, std::string_view builtin, bool first_host) {
    const Directive* found = nullptr;
    std::string_view name = directive;
    const std::string key = lower(directive);
    if (first_host && asked_.first_host != nullptr) found = asked_.first_host->scope->last(key);
    if (found == nullptr) found = first_host ? asked_.servers->main.scope->last(key) : asked_.find_in_server(key);
    const Setting from = setting_of(asked_, found, name, builtin);
    put(kind, number(from.value), from);
  }
  void main_limit(LimitKind kind, const Directive* found, std::string_view name, std::int64_t builtin) {
    const Setting from = setting_of(asked_, found, name, std::to_string(builtin));
    put(kind, number(from.value), from);
  }
  void put(LimitKind kind, std::optional<std::int64_t> amount, Setting from) {
    route_.limits[word(kind)] = {.amount = amount, .from = std::move(from)};
  }
  /// The time for reading and writing: the worker's, ProxyTimeout, Timeout, 60 s.
  [[nodiscard]] Limit upstream_time() const {
    if (const Parameter* own = target_ == nullptr || target_->balancer != nullptr ? member_parameter("timeout")
                                                                                  : parameter_of(*target_, "timeout"))
      return {.amount = seconds(own->value), .from = setting_of(asked_, *own, "timeout")};
    const Worker* worker = target_ == nullptr ? nullptr : target_->worker;
    const Directive* proxy = worker != nullptr && worker->early_timeout != nullptr
                                 ? worker->early_timeout
                                 : asked_.find_in_server("proxytimeout");
    if (proxy != nullptr)
      return {.amount = seconds(proxy->word(0)), .from = setting_of(asked_, proxy, "ProxyTimeout", "60")};
    const Directive* general = asked_.find_in_server("timeout");
    return {.amount = seconds(general == nullptr ? "60" : general->word(0)),
            .from = setting_of(asked_, general, "Timeout", "60")};
  }
  [[nodiscard]] const Parameter* member_parameter(std::string_view key) const {
    return target_ == nullptr || target_->members.empty() ? nullptr : target_->members[0]->parameter(key);
  }
  void upstream(const Pooling& pooling);
  void balancer();
  void gateway();

 private:
  const Apache& apache_;
  const Asked& asked_;
  const Target* target_;
  Route& route_;
};

void Limiter::upstream(const Pooling& pooling) {
  const Limit time = upstream_time();
  route_.limits[word(LimitKind::read_timeout)] = time;
  route_.limits[word(LimitKind::send_timeout)] = time;
  const Parameter* connect = parameter_of(*target_, "connectiontimeout");
  route_.limits[word(LimitKind::connect_timeout)] =
      connect == nullptr
          ? time
          : Limit{.amount = parse_time(connect->value, "s"), .from = setting_of(asked_, *connect, "connectiontimeout")};
  // One line of the response's header: HUGE_STRING_LEN, for FastCGI and its kin MAX_STRING_LEN (util_script.c).
  const Parameter* field = parameter_of(*target_, "responsefieldsize");
  const bool counts = is_http(route_.request.protocol) || route_.request.protocol == Protocol::uwsgi;
  if (field != nullptr && counts)
    put(LimitKind::response_field, number(field->value) == 0 ? 8192 : number(field->value),
        setting_of(asked_, *field, "responsefieldsize"));
  else
    put(LimitKind::response_field, 8192,
        {.directive = counts ? "responsefieldsize" : "", .value = "8192", .source = Source::builtin, .place = {}});
  const Limit threads = [&] {
    const Directive* set = asked_.servers->main.scope->last("threadsperchild");
    const bool prefork = apache_.tree().modules.contains("mpm_prefork_module");
    if (prefork)
      return Limit{.amount = 1, .from = {.directive = "", .value = "1", .source = Source::builtin, .place = {}}};
    return Limit{.amount = set == nullptr ? 25 : number(set->word(0)),
                 .from = setting_of(asked_, set, "ThreadsPerChild", "25")};
  }();
  const auto count = [&](std::string_view key) -> std::optional<Limit> {
    const Parameter* set = parameter_of(*target_, key);
    if (set == nullptr || number(set->value) <= 0) return std::nullopt;
    return Limit{.amount = number(set->value), .from = setting_of(asked_, *set, key)};
  };
  const Limit most = count("max").value_or(threads);
  route_.limits[word(LimitKind::upstream_connections)] = most;
  Limit kept = count("smax").value_or(most);
  if (!pooling.used) kept = {.amount = 0, .from = pooling.from};
  route_.limits[word(LimitKind::pool_size)] = kept;
  const Parameter* idle = parameter_of(*target_, "ttl");
  if (idle != nullptr)
    put(LimitKind::pool_idle, seconds(idle->value), setting_of(asked_, *idle, "ttl"));
  else
    put(LimitKind::pool_idle, std::nullopt, {.directive = "ttl", .value = "", .source = Source::builtin, .place = {}});
  if (const Parameter* acquire = parameter_of(*target_, "acquire"))
    put(LimitKind::queue_timeout, parse_time(acquire->value, "ms"), setting_of(asked_, *acquire, "acquire"));
}

void Limiter::balancer() {
  const Parameter* retry = member_parameter("retry");
  put(LimitKind::retry_pause, retry == nullptr ? 60'000 : seconds(retry->value),
      retry == nullptr ? Setting{.directive = "retry", .value = "60", .source = Source::builtin, .place = {}}
                       : setting_of(asked_, *retry, "retry"));
  const auto tries = target_->balancer->parameters.find("maxattempts");
  const auto members = static_cast<std::int64_t>(target_->members.size());
  const std::int64_t builtin = members > 1 ? members - 1 : 1;
  if (tries == target_->balancer->parameters.end())
    put(LimitKind::retries, builtin,
        {.directive = "maxattempts", .value = std::to_string(builtin), .source = Source::builtin, .place = {}});
  else
    put(LimitKind::retries, number(tries->second.value), setting_of(asked_, tries->second, "maxattempts"));
}

void Limiter::gateway() {
  server_limit(LimitKind::request_line, "LimitRequestLine", "8190", true);
  server_limit(LimitKind::request_field, "LimitRequestFieldSize", "8190", true);
  // 2.4.53: 1 GiB instead of none.
  const Directive* body = asked_.find("limitrequestbody");
  const Setting from = setting_of(asked_, body, "LimitRequestBody", "1073741824");
  put(LimitKind::request_body, number(from.value) == 0 ? std::nullopt : std::optional(number(from.value)), from);
  const Directive* timeout = asked_.find_in_server("timeout");
  put(LimitKind::client_timeout, seconds(timeout == nullptr ? "60" : timeout->word(0)),
      setting_of(asked_, timeout, "Timeout", "60"));
  const Scope& main = *asked_.servers->main.scope;
  const Directive* workers = main.last("maxrequestworkers");
  if (workers == nullptr) workers = main.last("maxclients");
  const bool prefork = apache_.tree().modules.contains("mpm_prefork_module");
  const Directive* threads = main.last("threadsperchild");
  const Directive* processes = main.last("serverlimit");
  const std::int64_t builtin = prefork ? 256
                                       : (processes == nullptr ? 16 : number(processes->word(0))) *
                                             (threads == nullptr ? 25 : number(threads->word(0)));
  main_limit(LimitKind::connections, workers, "MaxRequestWorkers", builtin);
}

/// "all -SSLv3", "-all +TLSv1.2", "TLSv1.2 TLSv1.3": without a sign the last one alone counts (ssl_engine_config.c).
std::vector<std::string> tls_versions(const Directive* directive) {
  const std::vector<std::string> known = {"SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"};
  const std::vector<std::string> all = {"TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"};
  std::vector<std::string> on = directive == nullptr ? all : std::vector<std::string>();
  if (directive == nullptr) return on;
  for (const Word& one : directive->words) {
    std::string_view name = one.text;
    const char sign = name.starts_with('+') || name.starts_with('-') ? name[0] : '\0';
    if (sign != '\0') name.remove_prefix(1);
    std::vector<std::string> these;
    if (equals_ignoring_case(name, "all")) these = all;
    for (const auto& version : known)
      if (equals_ignoring_case(name, version)) these.push_back(version);
    if (sign == '-')
      std::erase_if(on, [&](const std::string& version) { return std::ranges::find(these, version) != these.end(); });
    else if (sign == '+')
      on.insert(on.end(), these.begin(), these.end());
    else
      on = these;
  }
  return on;
}

}  // namespace

ConfigPlace place_of(const Parameter& parameter) {
  if (parameter.section != nullptr) return parameter.section->place;
  return parameter.from == nullptr ? ConfigPlace{} : parameter.from->place;
}

Setting setting_of(const Asked& asked, const Directive* directive, std::string_view name, std::string_view builtin) {
  if (directive == nullptr)
    return {.directive = std::string(name), .value = std::string(builtin), .source = Source::builtin, .place = {}};
  std::string value;
  for (const Word& one : directive->words) value += (value.empty() ? "" : " ") + one.text;
  return {
      .directive = directive->name, .value = value, .source = asked.source_of(directive), .place = directive->place};
}

Setting setting_of(const Asked& asked, const Parameter& parameter, std::string_view name) {
  const Source source = parameter.from == nullptr ? Source::set : asked.source_of(parameter.from);
  return {.directive = std::string(name), .value = parameter.value, .source = source, .place = place_of(parameter)};
}

const Parameter* parameter_of(const Target& target, std::string_view key) {
  if (target.balancer != nullptr) return target.members.empty() ? nullptr : target.members[0]->parameter(key);
  return target.worker == nullptr ? nullptr : target.worker->parameter(key);
}

Pooling pooling_of(const Apache& apache, const Asked& asked, const Target& target) {
  static_cast<void>(apache);
  Pooling pooling;
  const Worker* worker =
      target.balancer != nullptr ? (target.members.empty() ? nullptr : target.members[0]) : target.worker;
  if (worker == nullptr) {
    // The worker for everything else keeps nothing (ap_proxy_pre_request sets proxy-nokeepalive).
    pooling.from = {.directive = "ProxyPass", .value = "no worker of its own", .source = Source::builtin, .place = {}};
    return pooling;
  }
  const Parameter* off = worker->parameter("disablereuse");
  const Parameter* on = worker->parameter("enablereuse");
  // Both write the same member: the later one counts, and of one line the later word.
  if (off != nullptr && on != nullptr) {
    const bool off_first = off->from == on->from
                               ? off->word < on->word
                               : off->from != nullptr && (on->from == nullptr || off->from->order < on->from->order);
    (off_first ? off : on) = nullptr;
  }
  const bool explicit_on = (on != nullptr && equals_ignoring_case(on->value, "on")) ||
                           (off != nullptr && equals_ignoring_case(off->value, "off"));
  const bool explicit_off = !explicit_on && (on != nullptr || off != nullptr);
  const bool substituted = worker->matchable && worker->url.contains('$');
  const bool by_scheme = worker->scheme == "http" || worker->scheme == "https" || worker->scheme == "ws" ||
                         worker->scheme == "wss" || worker->scheme == "h2" || worker->scheme == "h2c" ||
                         worker->scheme == "ajp";
  pooling.wanted = worker->scheme == "uwsgi" || worker->scheme == "scgi" || worker->made_for_any_host
                       ? false
                       : explicit_on || (!explicit_off && by_scheme && !substituted);
  pooling.used = pooling.wanted;
  if (on != nullptr)
    pooling.from = setting_of(asked, *on, "enablereuse");
  else if (off != nullptr)
    pooling.from = setting_of(asked, *off, "disablereuse");
  else
    pooling.from = {.directive = by_scheme && !substituted ? "disablereuse" : "enablereuse",
                    .value = "Off",
                    .source = Source::builtin,
                    .place = {}};
  for (const auto* name : {"proxy-nokeepalive", "force-proxy-request-1.0"}) {
    if (!pooling.used || !asked.env.contains(name)) continue;
    pooling.used = false;
    pooling.from = {.directive = "SetEnv", .value = name, .source = Source::set, .place = {}};
    for (const Scope* scope : asked.sight)
      for (const Directive* set : scope->all("setenv"))
        if (set->word(0) == name) pooling.from = setting_of(asked, set, "SetEnv", "");
  }
  return pooling;
}

UpstreamTls build_tls(const Asked& asked, const Target& target) {
  UpstreamTls tls;
  const std::string scheme = scheme_of(target);
  tls.on = scheme == "https" || scheme == "wss" || scheme == "h2";
  if (!tls.on) return tls;
  const Directive* engine = asked.find("sslproxyengine");
  tls.place = engine != nullptr ? engine->place : target.from->place;
  const Directive* verify = asked.find("sslproxyverify");
  tls.verify = verify != nullptr &&
               (equals_ignoring_case(verify->word(0), "require") || equals_ignoring_case(verify->word(0), "2"));
  // CheckPeerCN counts only where CheckPeerName is not said (ssl_engine_io.c).
  const Directive* name = asked.find("sslproxycheckpeername");
  tls.verify_name = is_on(name, is_on(asked.find("sslproxycheckpeercn"), true));
  tls.verify_dates = is_on(asked.find("sslproxycheckpeerexpire"), true);
  std::string host = parse_url(target.url).host;
  if (target.balancer != nullptr && !target.members.empty()) host = target.members[0]->host;
  if (is_on(asked.find("proxypreservehost"), false)) host = asked.in->host;
  tls.name = host;
  if (!is_ipv4(host) && !is_ipv6(host)) tls.sni = host;
  const auto file = [&](std::string_view key) {
    const Directive* directive = asked.find(key);
    return directive == nullptr ? std::string() : std::string(directive->word(0));
  };
  tls.trusted_file = file("sslproxycacertificatefile");
  if (tls.trusted_file.empty()) tls.trusted_file = file("sslproxycacertificatepath");
  tls.certificate = tls.key = file("sslproxymachinecertificatefile");
  if (const Directive* ciphers = asked.find("sslproxyciphersuite"))
    tls.ciphers = std::string(ciphers->words.empty() ? "" : ciphers->words.back().text);
  if (const Directive* protocol = asked.find("sslproxyprotocol")) {
    auto versions = tls_versions(protocol);
    std::ranges::sort(versions);
    if (!versions.empty()) tls.min_version = versions.front(), tls.max_version = versions.back();
  }
  if (scheme == "h2") tls.alpn = {"h2"};
  return tls;
}

void add_limits(const Apache& apache, const Asked& asked, const Target* target, const Pooling& pooling, Route& route) {
  Limiter limiter(apache, asked, target, route);
  if (target != nullptr) limiter.upstream(pooling);
  if (target != nullptr && target->balancer != nullptr) limiter.balancer();
  limiter.gateway();
}

void add_settings(const Apache& apache, Asked& asked, const Target& target, Route& route) {
  static_cast<void>(apache);
  constexpr std::string_view kNames[] = {"ProxyPreserveHost",
                                         "ProxyBadHeader",
                                         "ProxyErrorOverride",
                                         "ProxyAddHeaders",
                                         "SSLProxyEngine",
                                         "SSLProxyVerify",
                                         "SSLProxyCheckPeerName",
                                         "SSLProxyCheckPeerCN",
                                         "SSLProxyCheckPeerExpire",
                                         "SSLProxyProtocol",
                                         "SSLProxyCipherSuite",
                                         "SSLProxyCACertificateFile",
                                         "LogLevel",
                                         "RequestReadTimeout",
                                         "LimitRequestFields",
                                         "KeepAliveTimeout",
                                         "ErrorDocument",
                                         "ProxyFCGIBackendType",
                                         "ProxyFCGISetEnvIf",
                                         "CacheEnable",
                                         "CacheDisable",
                                         "ProxyWebsocketFallbackToProxyHttp"};
  for (const auto name : kNames)
    if (const Directive* directive = asked.find(lower(name)))
      route.settings.push_back(setting_of(asked, directive, name, ""));
  for (const auto* name : {"ServerLimit", "ThreadsPerChild", "StartServers", "MaxConnectionsPerChild"})
    if (const Directive* directive = asked.servers->main.scope->last(lower(name)))
      route.settings.push_back(setting_of(asked, directive, name, ""));
  const Parameters* parameters = target.worker != nullptr ? &target.worker->parameters
                                 : target.members.empty() ? nullptr
                                                          : &target.members[0]->parameters;
  if (parameters != nullptr)
    for (const auto& [key, parameter] : *parameters) route.settings.push_back(setting_of(asked, parameter, key));
  if (target.balancer != nullptr)
    for (const auto& [key, parameter] : target.balancer->parameters)
      route.settings.push_back(setting_of(asked, parameter, key));
  if (route.request.protocol == Protocol::fastcgi) {
    // Where SCRIPT_FILENAME comes from: the target itself, unless ProxyFCGISetEnvIf says another.
    Setting script{.directive = "SCRIPT_FILENAME", .value = {}, .source = Source::set, .place = target.from->place};
    for (const Scope* scope : asked.sight)
      for (const Directive* set : scope->all("proxyfcgisetenvif"))
        if (set->word(1) == "SCRIPT_FILENAME") script.place = set->place;
    for (const auto& [name, value] : route.request.params)
      if (name == "SCRIPT_FILENAME") script.value = value;
    route.settings.push_back(std::move(script));
  }
}

}  // namespace fix502::apache
