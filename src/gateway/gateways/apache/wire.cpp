// The bytes that httpd sends to an upstream: proxy_util.c ap_proxy_create_hdrbrgd(), mod_proxy_http.c,
// mod_proxy_fcgi.c, mod_proxy_uwsgi.c, mod_proxy_scgi.c, server/util_script.c.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/apache/configuration.hpp"
#include "target/target.hpp"

namespace fix502::apache {
namespace {

constexpr std::string_view kClient = "127.0.0.1";  // whoever asks from this machine

/// apr_table: names without regard to case, in the order of their first use.
class Fields {
 public:
  void add(std::string name, std::string value) { all_.push_back({std::move(name), std::move(value)}); }
  void set(std::string_view name, std::string value) {
    const auto found = find(name);
    if (found == all_.end()) return add(std::string(name), std::move(value));
    found->value = std::move(value);
    std::erase_if(all_, [&, first = &*found](const NameValue& field) {
      return &field != first && equals_ignoring_case(field.name, name);
    });
  }
  void merge(std::string_view name, std::string_view value) {
    const auto found = find(name);
    if (found == all_.end())
      add(std::string(name), std::string(value));
    else
      found->value += ", " + std::string(value);
  }
  void unset(std::string_view name) {
    std::erase_if(all_, [&](const NameValue& field) { return equals_ignoring_case(field.name, name); });
  }
  [[nodiscard]] const std::string* get(std::string_view name) const {
    const auto found =
        std::ranges::find_if(all_, [&](const NameValue& f) { return equals_ignoring_case(f.name, name); });
    return found == all_.end() ? nullptr : &found->value;
  }
  [[nodiscard]] std::vector<NameValue>& all() { return all_; }

 private:
  std::vector<NameValue>::iterator find(std::string_view name) {
    return std::ranges::find_if(all_, [&](const NameValue& field) { return equals_ignoring_case(field.name, name); });
  }
  std::vector<NameValue> all_;
};

/// As httpd has read it: Host first, as browsers send it, lines of one name made one.
Fields client_fields(const Asked& asked) {
  Fields fields;
  fields.add("Host", asked.host_header);
  for (const auto& [name, value] : asked.in->headers) fields.merge(name, value);
  return fields;
}

/// mod_headers' formats: %{VAR}e, %{VAR}s, %t, %%.
std::optional<std::string> header_value(Asked& asked, std::string_view format) {
  if (format.starts_with("expr=")) return expression_text(asked, format.substr(5));
  std::string made;
  for (std::size_t i = 0; i < format.size();) {
    if (format[i] != '%') {
      made += format[i++];
      continue;
    }
    if (format.substr(i).starts_with("%%")) {
      made += '%';
      i += 2;
      continue;
    }
    const auto close = format.find('}', i);
    if (!format.substr(i).starts_with("%{") || close == std::string_view::npos || close + 1 >= format.size())
      return std::nullopt;
    const auto name = format.substr(i + 2, close - i - 2);
    const char what = format[close + 1];
    if (what == 'e') {
      const std::string* value = asked.env.find(name);
      made += value == nullptr ? "(null)" : *value;
    } else if (what == 's' && equals_ignoring_case(name, "HTTPS")) {
      made += asked.in->scheme == "https" ? "on" : "off";
    } else {
      return std::nullopt;
    }
    i = close + 2;
  }
  return made;
}

/// Whether "env=X", "env=!X" or "expr=..." at a directive's end lets it count.
bool header_condition(Asked& asked, const Directive& directive, std::size_t& words) {
  const std::string_view last = directive.word(words - 1);
  if (last == "early") --words;
  if (last.starts_with("env=")) {
    --words;
    const bool negated = last.substr(4).starts_with('!');
    return asked.env.contains(last.substr(negated ? 5 : 4)) != negated;
  }
  if (last.starts_with("expr=") && words > 2 && !equals_ignoring_case(directive.word(0), "unset")) {
    // "set X expr=..." is the value; a condition stands behind it.
    if (words == 3) return true;
    --words;
    return expression_holds(asked, last.substr(5)) == Truth::yes;
  }
  return true;
}

void request_headers(Asked& asked, Fields& fields) {
  for (const Scope* scope : std::vector<const Scope*>(asked.sight)) {
    for (const Directive* directive : scope->all("requestheader")) {
      std::size_t words = directive->words.size();
      if (words < 2 || !header_condition(asked, *directive, words)) continue;
      const std::string action = lower(directive->word(0));
      std::string name(directive->word(1));
      if (name.ends_with(':')) name.pop_back();
      if (action == "unset") {
        fields.unset(name);
        continue;
      }
      if (action.starts_with("edit")) {
        const std::string* old = fields.get(name);
        if (old == nullptr) continue;
        const auto groups = groups_of(directive->word(2), *old);
        if (groups.empty()) continue;
        std::string text = *old;
        const auto at = text.find(groups[0]);
        text.replace(at, groups[0].size(), put_groups(directive->word(3), groups));
        if (action == "edit*") asked.note("RequestHeader edit* is shown for its first match only");
        fields.unset(name);  // mod_headers.c takes the old one out and puts the new one at the end
        fields.add(name, text);
        continue;
      }
      const auto value = header_value(asked, directive->word(2));
      if (!value)
        asked.note(fmt::format("RequestHeader {} ({}:{}) has a value that is only known when it runs", name,
                               directive->place.file, directive->place.line));
      const std::string text = value.value_or(std::string(directive->word(2)));
      if (action == "set")
        fields.set(name, text);
      else if (action == "add")
        fields.add(name, text);
      else if (action == "append" || action == "merge")
        fields.merge(name, text);
      else if (action == "setifempty" && fields.get(name) == nullptr)
        fields.add(name, text);
    }
  }
}

void drop_hop_by_hop(Fields& fields) {
  if (const std::string* found = fields.get("Connection")) {
    const std::string connection = *found;
    for (const auto name : split(connection, ',')) fields.unset(name);
  }
  for (const auto* name : {"Connection", "Proxy-Connection", "Keep-Alive", "Upgrade", "Trailer", "TE",
                           "Transfer-Encoding", "Content-Length"})
    fields.unset(name);
}

/// Host of the target as httpd writes it: a port of 80 is left out, whatever the scheme.
std::string target_host(const Url& url) {
  const std::string host = bracketed(url.host);
  const bool written = url.port != 0 && url.port != port_of_scheme(url.scheme);
  return written && url.port != 80 ? fmt::format("{}:{}", host, url.port) : host;
}

/// The URL that is asked of one member: a balancer's name is replaced by the member's (mod_proxy_balancer.c
/// rewrite_url).
std::string member_url(const Target& target) {
  if (target.balancer == nullptr || target.members.empty()) return target.url;
  const auto slash = target.url.find('/', std::string_view("balancer://").size());
  return target.members[0]->url + (slash == std::string::npos ? std::string() : target.url.substr(slash));
}

void http_request(Asked& asked, const Target& target, const Pooling& pooling, UpstreamRequest& request) {
  Fields fields = client_fields(asked);
  request_headers(asked, fields);
  const std::string upgrade = fields.get("Upgrade") == nullptr ? std::string() : *fields.get("Upgrade");
  const bool had_length = fields.get("Content-Length") != nullptr;
  const std::string seen_host = fields.get("Host") == nullptr ? std::string() : *fields.get("Host");
  drop_hop_by_hop(fields);
  const Url url = parse_url(member_url(target));
  request.target = url.path.empty() ? "/" : url.path;
  const bool preserved = is_on(asked.find("proxypreservehost"), false);
  std::string host = preserved ? seen_host : target_host(url);
  const Directive* via = asked.find_in_server("proxyvia");
  const std::string how = via == nullptr ? std::string("off") : lower(via->word(0));
  if (how == "block") fields.unset("Via");
  if (how == "on" || how == "full") {
    asked.note("ProxyVia adds a Via field with this server's name");
    fields.merge("Via", fmt::format("{} {}", asked.in->http_version, asked.server_name()));
  }
  if (!is_on(asked.find("proxy100continue"), true)) fields.unset("Expect");
  if (is_on(asked.find("proxyaddheaders"), true)) {
    fields.merge("X-Forwarded-For", kClient);
    fields.merge("X-Forwarded-Host", seen_host);
    fields.merge("X-Forwarded-Server", asked.server_name());
  }
  fields.unset("Host");
  request.headers.push_back({"Host", host});
  for (auto& field : fields.all()) request.headers.push_back(std::move(field));
  if (had_length || !request.body.empty())
    request.headers.push_back({"Content-Length", std::to_string(request.body.size())});
  const bool old = asked.env.contains("force-proxy-request-1.0");
  if (old) {
    request.protocol = Protocol::http1_0;
    return;
  }
  const Parameter* allowed = parameter_of(target, "upgrade");
  const std::string scheme = scheme_of(target);
  const bool websocket = scheme == "ws" || scheme == "wss";
  const bool upgrades =
      !upgrade.empty() && (allowed != nullptr ? equals_ignoring_case(allowed->value, "any") || allowed->value == "*" ||
                                                    equals_ignoring_case(allowed->value, upgrade)
                                              : websocket && equals_ignoring_case(upgrade, "websocket"));
  if (upgrades) {
    request.headers.push_back({"Connection", "Upgrade"});
    request.headers.push_back({"Upgrade", upgrade});
  } else if (request.protocol == Protocol::http1_1) {
    request.headers.push_back({"Connection", pooling.used ? "Keep-Alive" : "close"});
    request.keeps_connection = pooling.used;
  }
}

/// util_script.c http2env(): what is no letter, digit or "-" has no variable.
std::string environment_name(std::string_view field) {
  std::string name = "HTTP_";
  for (const char c : field) {
    if (c == '-')
      name += '_';
    else if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      name += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    else
      return {};
  }
  return name;
}

void common_variables(const Apache& apache, Asked& asked, const Target& target, std::string_view script_filename,
                      Environment& vars) {
  Fields fields = client_fields(asked);
  request_headers(asked, fields);
  for (const auto& [name, value] : fields.all()) {
    const std::string low = lower(name);
    if (low == "content-type") {
      vars.set("CONTENT_TYPE", value);
    } else if (low == "content-length") {
      vars.set("CONTENT_LENGTH", value);
    } else if (low == "authorization" || low == "proxy-authorization") {
      if (is_on(asked.find("cgipassauth"), false)) vars.set(environment_name(name), value);
    } else if (low != "proxy" && low != "transfer-encoding") {
      if (const std::string variable = environment_name(name); !variable.empty()) vars.set(variable, value);
    }
  }
  const auto path = std::ranges::find(apache.environment(), "PATH", &NameValue::name);
  vars.set("PATH", path == apache.environment().end() ? "/bin:/usr/bin:/usr/ucb:/usr/bsd:/usr/local/bin" : path->value);
  const auto library = std::ranges::find(apache.environment(), "LD_LIBRARY_PATH", &NameValue::name);
  if (library != apache.environment().end()) vars.set("LD_LIBRARY_PATH", library->value);
  const Directive* root = asked.find_in_server("documentroot");
  const std::string document_root = root == nullptr ? std::string() : std::string(root->word(0));
  const Directive* admin = asked.find_in_server("serveradmin");
  vars.set("SERVER_SIGNATURE", "");
  vars.set("SERVER_SOFTWARE", apache.version.empty() ? "Apache" : fmt::format("Apache/{}", apache.version));
  const Directive* canonical = asked.find("usecanonicalname");
  vars.set("SERVER_NAME", canonical != nullptr && is_on(canonical, false) ? asked.server_name() : asked.in->host);
  vars.set("SERVER_ADDR", asked.in->address.empty() ? std::string(kClient) : asked.in->address);
  vars.set("SERVER_PORT", std::to_string(asked.in->port));
  vars.set("REMOTE_ADDR", std::string(kClient));
  vars.set("DOCUMENT_ROOT", document_root);
  vars.set("REQUEST_SCHEME", asked.in->scheme);
  vars.set("CONTEXT_PREFIX", "");
  vars.set("CONTEXT_DOCUMENT_ROOT", document_root);
  vars.set("SERVER_ADMIN", admin == nullptr ? "[no address given]" : std::string(admin->word(0)));
  vars.set("SCRIPT_FILENAME", std::string(script_filename));
  vars.set("REMOTE_PORT", "40000");
  if (asked.redirected_from) {
    vars.set("REDIRECT_URL", *asked.redirected_from);
    if (!asked.redirected_args.empty()) vars.set("REDIRECT_QUERY_STRING", asked.redirected_args);
  }
  vars.set("GATEWAY_INTERFACE", "CGI/1.1");
  vars.set("SERVER_PROTOCOL", "HTTP/" + asked.in->http_version);
  vars.set("REQUEST_METHOD", asked.in->method);
  vars.set("QUERY_STRING", asked.args);
  vars.set("REQUEST_URI", asked.in->target.substr(0, asked.in->target.find('#')));
  std::string script_name = asked.path;
  if (!target.path_info.empty() && script_name.ends_with(target.path_info))
    script_name.resize(script_name.size() - target.path_info.size());
  vars.set("SCRIPT_NAME", script_name);
  if (!target.path_info.empty()) {
    vars.set("PATH_INFO", target.path_info);
    vars.set("PATH_TRANSLATED", document_root + target.path_info);
  }
}

/// ProxyFCGISetEnvIf: the administrator's last word.
void set_fcgi_environment(Asked& asked, Environment& vars) {
  for (const Scope* scope : std::vector<const Scope*>(asked.sight)) {
    for (const Directive* directive : scope->all("proxyfcgisetenvif")) {
      const Truth holds = expression_holds(asked, directive->word(0));
      if (holds == Truth::unknown)
        asked.note(fmt::format("ProxyFCGISetEnvIf ({}:{}) depends on the request; taken as not so",
                               directive->place.file, directive->place.line));
      if (holds != Truth::yes) continue;
      const std::string_view name = directive->word(1);
      if (name.starts_with('!')) {
        vars.erase(name.substr(1));
        continue;
      }
      Asked with = asked;
      for (const auto& [key, value] : vars.all()) with.env.set(key, value);
      const auto value = expression_text(with, directive->word(2));
      if (value) vars.set(name, *value);
    }
  }
}

std::string without_query(std::string text) {
  return text.substr(0, text.find('?'));
}

}  // namespace

std::string scheme_of(const Target& target) {
  if (target.balancer != nullptr) return target.members.empty() ? std::string("http") : target.members[0]->scheme;
  return parse_url(target.url).scheme;
}

Protocol protocol_of(const Target& target, const Asked& asked) {
  const std::string scheme = scheme_of(target);
  if (scheme == "fcgi") return Protocol::fastcgi;
  if (scheme == "uwsgi") return Protocol::uwsgi;
  if (scheme == "scgi") return Protocol::scgi;
  if (scheme == "ajp") return Protocol::ajp;
  if (scheme == "h2" || scheme == "h2c") return Protocol::http2;
  return asked.env.contains("force-proxy-request-1.0") ? Protocol::http1_0 : Protocol::http1_1;
}

UpstreamRequest build_request(const Apache& apache, Asked& asked, const Target& target, const Pooling& pooling) {
  UpstreamRequest request;
  request.protocol = protocol_of(target, asked);
  request.method = asked.in->method;
  if (is_http(request.protocol)) {
    http_request(asked, target, pooling, request);
    return request;
  }
  request.target.clear();
  request.keeps_connection = pooling.used;
  if (request.protocol == Protocol::ajp) {
    // mod_proxy_ajp sends the request's own fields, and the URL of the target.
    const Url url = parse_url(member_url(target));
    request.target = url.path.empty() ? "/" : url.path;
    Fields fields = client_fields(asked);
    request_headers(asked, fields);
    for (auto& field : fields.all()) request.headers.push_back(std::move(field));
    return request;
  }
  Environment vars;
  for (const auto& [name, value] : asked.env.all()) vars.set(name, value);
  if (target.worker == nullptr && target.balancer == nullptr) vars.set("proxy-nokeepalive", "1");
  if (target.balancer != nullptr && !target.members.empty()) {
    const Parameter* route = target.members[0]->parameter("route");
    vars.set("BALANCER_NAME", target.balancer->name);
    vars.set("BALANCER_WORKER_NAME", target.members[0]->url);
    vars.set("BALANCER_WORKER_ROUTE", route == nullptr ? "" : route->value);
  }
  std::string url = "proxy:" + without_query(member_url(target));
  const Directive* type = asked.find("proxyfcgibackendtype");
  const bool generic = type != nullptr && equals_ignoring_case(type->word(0), "generic");
  if (generic && request.protocol == Protocol::fastcgi) {
    const auto slash = url.find('/', url.find("://") + 3);
    url = slash == std::string::npos ? std::string("/") : url.substr(slash);
  }
  Asked with = asked;
  Target own = target;
  if (request.protocol == Protocol::uwsgi) {
    // mod_proxy_uwsgi.c: the target's own path, decoded, and what is before it in SCRIPT_NAME.
    const Url to = parse_url(member_url(target));
    const auto decoded = decode_path(without_query(to.path.empty() ? "/" : to.path), true, "on");
    vars.set("PATH_INFO", decoded.refused.empty() ? decoded.path : "/");
  }
  if (const std::string* wanted = asked.env.find("proxy-fcgi-pathinfo"); wanted != nullptr && own.path_info.empty())
    asked.note("proxy-fcgi-pathinfo makes PATH_INFO of the URL when it runs");
  common_variables(apache, with, own, url, vars);
  if (request.protocol == Protocol::fastcgi) set_fcgi_environment(with, vars);
  if (request.protocol == Protocol::uwsgi) {
    const std::string info = *vars.find("PATH_INFO"), name = *vars.find("SCRIPT_NAME");
    if (info != "/" && name.ends_with(info))
      vars.set("SCRIPT_NAME", name.substr(0, name.size() - info.size()));
    else if (info == "/" && name == "/")
      vars.set("SCRIPT_NAME", "");
  }
  asked.notes = with.notes;
  request.params = vars.all();
  if (request.protocol == Protocol::scgi) {
    std::erase_if(request.params, [](const NameValue& p) {
      return p.name == "GATEWAY_INTERFACE" || p.name == "CONTENT_LENGTH" || p.name == "SCGI";
    });
    request.params.insert(request.params.begin(),
                          {{"CONTENT_LENGTH", std::to_string(request.body.size())}, {"SCGI", "1"}});
  }
  return request;
}

}  // namespace fix502::apache
