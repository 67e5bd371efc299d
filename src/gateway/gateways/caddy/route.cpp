// From the handler that a request reaches to the route: servers, transport, limits, and the request as Go's client
// sends it.

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "gateway/cgi.hpp"
#include "gateway/gateways/caddy/configuration.hpp"
#include "target/target.hpp"

namespace fix502::caddy {
namespace {

bool is_true(const Json& json) {
  return json.is_boolean() && json.get<bool>();
}

UpstreamServer server_of(std::string_view dial) {
  UpstreamServer server;
  server.name = dial;
  if (dial.starts_with("unix/")) {
    server.socket = dial.substr(5);
    return server;
  }
  if (const auto network = dial.find('/'); network != std::string_view::npos) dial = dial.substr(network + 1);
  if (const auto endpoint = parse_endpoint(dial)) {
    server.host = endpoint->host;
    server.port = endpoint->port == 0 ? 80 : endpoint->port;
  }
  if (server.host.empty()) server.host = "127.0.0.1";
  return server;  // names are looked up at every connection
}

void put(Route& route, LimitKind kind, std::optional<std::int64_t> amount, std::string directive, const Json& value,
         std::string_view builtin, const ConfigPlace& place) {
  Setting from{.directive = std::move(directive),
               .value = value.is_null()     ? std::string(builtin)
                        : value.is_string() ? value.get<std::string>()
                                            : value.dump(),
               .source = value.is_null() ? Source::builtin : Source::set,
               .place = value.is_null() ? ConfigPlace{} : place};
  route.limits[std::string(to_word(kind))] = {.amount = amount, .from = std::move(from)};
}

void put_time(Route& route, LimitKind kind, std::string directive, const Json& value,
              std::optional<std::int64_t> builtin, std::string_view words, const ConfigPlace& place) {
  const auto amount = value.is_null() ? builtin : milliseconds_of(value);
  put(route, kind, amount && *amount > 0 ? amount : std::nullopt, std::move(directive), value, words, place);
}

std::optional<std::int64_t> number(const Json& value, std::optional<std::int64_t> builtin) {
  return value.is_number_integer() ? std::optional(value.get<std::int64_t>()) : builtin;
}

void fill_limits(Route& route, const Json& server, const Json& handler, const ConfigPlace& place) {
  const Json& transport = at(handler, "transport");
  const bool fastcgi = route.request.protocol == Protocol::fastcgi;
  put_time(route, LimitKind::connect_timeout, "dial_timeout", at(transport, "dial_timeout"), 3'000, "3s", place);
  if (fastcgi) {
    put_time(route, LimitKind::read_timeout, "read_timeout", at(transport, "read_timeout"), std::nullopt, "none",
             place);
  } else {
    put_time(route, LimitKind::read_timeout, "response_header_timeout", at(transport, "response_header_timeout"),
             std::nullopt, "none", place);
    put(route, LimitKind::response_header, number(at(transport, "max_response_header_size"), 10 * 1024 * 1024),
        "max_response_header", at(transport, "max_response_header_size"), "10MiB", place);
    const Json& keep = at(transport, "keep_alive");
    put_time(route, LimitKind::pool_idle, "keepalive", at(keep, "idle_timeout"), 120'000, "2m", place);
    put(route, LimitKind::pool_size, number(at(keep, "max_idle_conns_per_host"), 32), "keepalive_idle_conns_per_host",
        at(keep, "max_idle_conns_per_host"), "32", place);
  }
  put_time(route, LimitKind::send_timeout, "write_timeout", at(transport, "write_timeout"), std::nullopt, "none",
           place);
  put(route, LimitKind::request_header, number(at(server, "max_header_bytes"), 1024 * 1024), "max_header_size",
      at(server, "max_header_bytes"), "1MiB", {});
  put(route, LimitKind::retries, number(at(at(handler, "load_balancing"), "retries"), 0), "lb_retries",
      at(at(handler, "load_balancing"), "retries"), "0", place);
}

void fill_tls(Route& route, const Json& transport, const ConfigPlace& place) {
  const Json& tls = at(transport, "tls");
  if (!tls.is_object()) return;
  route.tls.on = true;
  route.tls.verify = route.tls.verify_name = route.tls.verify_dates = !is_true(at(tls, "insecure_skip_verify"));
  route.tls.name = text_of(at(tls, "server_name"));
  const std::string& host = route.servers.empty() ? route.tls.name : route.servers.front().host;
  const std::string sni = route.tls.name.empty() ? host : route.tls.name;
  if (!is_ipv4(sni) && !is_ipv6(sni)) route.tls.sni = sni;
  if (at(tls, "root_ca_pem_files").is_array() && !at(tls, "root_ca_pem_files").empty())
    route.tls.trusted_file = text_of(at(tls, "root_ca_pem_files")[0]);
  route.tls.certificate = text_of(at(tls, "client_certificate_file"));
  route.tls.key = text_of(at(tls, "client_certificate_key_file"));
  route.tls.place = place;
}

/// "x_under" is "X_under": Go's canonical form (net/textproto).
std::string canonical(std::string name) {
  bool up = true;
  for (char& c : name) {
    if (up && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (!up && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    up = c == '-';
  }
  return name;
}

void fill_headers(Route& route, const Json& handler, const Asked& asked) {
  std::string host = asked.incoming.host;
  const bool usual = asked.incoming.port == (asked.incoming.scheme == "https" ? 443 : 80);
  if (!usual) host += fmt::format(":{}", asked.incoming.port);
  std::vector<NameValue> others;
  const auto set = [&](const std::string& name, const std::string& value) {
    std::erase_if(others, [&](const NameValue& one) { return equals_ignoring_case(one.name, name); });
    others.push_back({canonical(name), value});
  };
  constexpr std::string_view kDropped[] = {"connection",
                                           "keep-alive",
                                           "proxy-connection",
                                           "proxy-authorization",
                                           "proxy-authenticate",
                                           "te",
                                           "trailer",
                                           "transfer-encoding",
                                           "host"};
  std::string agent;
  for (const auto& header : asked.incoming.headers) {
    const std::string name = lower(header.name);
    if (name == "user-agent")
      agent = header.value;
    else if (std::ranges::find(kDropped, name) == std::end(kDropped))
      others.push_back({canonical(header.name), header.value});
  }
  set("X-Forwarded-For", "127.0.0.1");
  set("X-Forwarded-Host", host);
  set("X-Forwarded-Proto", asked.incoming.scheme);
  const Json& change = at(at(handler, "headers"), "request");
  if (at(change, "set").is_object()) {
    for (const auto& [name, values] : at(change, "set").items()) {
      std::string value = values.is_array() && !values.empty() ? text_of(values[0]) : std::string();
      if (value == "{http.reverse_proxy.upstream.hostport}" && !route.servers.empty())
        value = route.servers.front().endpoint();
      if (equals_ignoring_case(name, "host"))
        host = value;
      else
        set(name, value);
    }
  }
  if (at(change, "delete").is_array())
    for (const auto& name : at(change, "delete"))
      std::erase_if(others, [&](const NameValue& one) { return equals_ignoring_case(one.name, text_of(name)); });
  std::ranges::stable_sort(others, {}, &NameValue::name);
  const bool asks = std::ranges::any_of(others, [](const NameValue& one) { return one.name == "Accept-Encoding"; });
  auto& headers = route.request.headers;
  headers = {{"Host", host}};
  if (!agent.empty()) headers.push_back({"User-Agent", agent});
  headers.insert(headers.end(), others.begin(), others.end());
  if (!asks && route.request.protocol != Protocol::fastcgi) headers.push_back({"Accept-Encoding", "gzip"});
}

void fill_fastcgi(Route& route, const Json& transport, const Asked& asked, const ConfigPlace& place) {
  const std::string root = text_of(at(transport, "root"));
  auto& params = route.request.params;
  params = {{"GATEWAY_INTERFACE", "CGI/1.1"},
            {"QUERY_STRING", asked.query},
            {"REMOTE_ADDR", "127.0.0.1"},
            {"REQUEST_METHOD", asked.incoming.method},
            {"REQUEST_SCHEME", asked.incoming.scheme},
            {"SERVER_NAME", asked.incoming.host},
            {"SERVER_PORT", std::to_string(asked.incoming.port)},
            {"SERVER_PROTOCOL", "HTTP/1.1"},
            {"SERVER_SOFTWARE", "Caddy"},
            {"DOCUMENT_ROOT", root},
            {"DOCUMENT_URI", asked.path},
            {"REQUEST_URI", asked.incoming.target},
            {"SCRIPT_FILENAME", root + asked.path},
            {"SCRIPT_NAME", asked.path}};
  for (const auto& header : route.request.headers) params.push_back({cgi_variable(header.name), header.value});
  route.settings.push_back({.directive = "SCRIPT_FILENAME", .value = root, .source = Source::set, .place = place});
}

/// ":8080", "127.0.0.1:8080", "tcp/:80-90": address and first port.
std::pair<std::string, std::uint16_t> listen_of(std::string_view text) {
  if (const auto network = text.find('/'); network != std::string_view::npos) text = text.substr(network + 1);
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return {};
  std::string address(text.substr(0, colon));
  if (address.starts_with('[')) address = address.substr(1, address.size() - 2);
  std::uint32_t port = 0;
  for (const char c : text.substr(colon + 1)) {
    if (c < '0' || c > '9' || port > 65'535) break;
    port = port * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return {address, port <= 65'535 ? static_cast<std::uint16_t>(port) : std::uint16_t{0}};
}

void collect_hosts(const Json& json, std::set<std::string>& hosts, int depth) {
  if (depth > 32) return;
  if (json.is_array())
    for (const auto& one : json) collect_hosts(one, hosts, depth + 1);
  if (!json.is_object()) return;
  if (at(json, "host").is_array())
    for (const auto& host : at(json, "host"))
      if (host.is_string()) hosts.insert(host.get<std::string>());
  for (const auto& [name, value] : json.items()) collect_hosts(value, hosts, depth + 1);
}

void collect_paths(const Json& json, std::vector<std::string>& paths, int depth) {
  if (depth > 32 || paths.size() > 200) return;
  if (json.is_array())
    for (const auto& one : json) collect_paths(one, paths, depth + 1);
  if (!json.is_object()) return;
  if (at(json, "path").is_array())
    for (const auto& path : at(json, "path"))
      if (path.is_string()) {
        std::string one = path.get<std::string>();
        if (one.starts_with('*')) one = "/x" + one.substr(1);
        if (one.ends_with('*')) one.pop_back();
        if (one.starts_with('/') && !one.contains('*')) paths.push_back(one);
      }
  for (const auto& [name, value] : json.items()) collect_paths(value, paths, depth + 1);
}

void search(const std::vector<Node>& nodes, const std::vector<std::string>& dials, const Node*& found) {
  for (const auto& node : nodes) {
    if (found == nullptr && (node.word(0) == "reverse_proxy" || node.word(0) == "php_fastcgi")) {
      std::vector<std::string> own;
      for (const Token* token : upstream_tokens(node)) own.push_back(dial_of(token->text));
      if (own == dials) found = &node;
    }
    search(node.children, dials, found);
  }
}

void search_place(const std::vector<Node>& nodes, const ConfigPlace& place, const Node*& found) {
  for (const auto& node : nodes) {
    if (node.place() == place) found = &node;
    search_place(node.children, place, found);
  }
}

}  // namespace

std::vector<const Token*> upstream_tokens(const Node& node) {
  std::vector<const Token*> tokens;
  const auto take = [&](const Node& from) {
    for (std::size_t i = 1; i < from.words.size(); ++i) {
      const std::string& text = from.words[i].text;
      const bool matcher = i == 1 && from.word(0) != "to" &&
                           (text.starts_with('@') || text == "*" || (text.starts_with('/') && !text.starts_with("//")));
      if (!matcher) tokens.push_back(&from.words[i]);
    }
  };
  take(node);
  if (const Node* to = node.child("to")) take(*to);
  return tokens;
}

std::string dial_of(std::string_view upstream) {
  std::string_view port = "80";
  for (const std::string_view scheme : {"http://", "https://", "h2c://"}) {
    if (!upstream.starts_with(scheme)) continue;
    upstream.remove_prefix(scheme.size());
    if (scheme == "https://") port = "443";
  }
  if (upstream.starts_with("unix/") || upstream.contains("]:")) return std::string(upstream);
  return upstream.contains(':') ? std::string(upstream) : fmt::format("{}:{}", upstream, port);
}

const Node* Caddy::node_of(const Json& handler, std::string_view host) const {
  std::vector<std::string> dials;
  if (at(handler, "upstreams").is_array())
    for (const auto& upstream : at(handler, "upstreams")) dials.push_back(text_of(at(upstream, "dial")));
  const Node* found = nullptr;
  // The site of that host first: the same upstream may stand in several.
  for (const auto& site : nodes)
    if (std::ranges::any_of(site.words, [&](const Token& word) { return !host.empty() && word.text.contains(host); }))
      search(site.children, dials, found);
  if (found == nullptr) search(nodes, dials, found);
  return found;
}

const Node* Caddy::node_at(const ConfigPlace& place) const {
  const Node* found = nullptr;
  if (place.known()) search_place(nodes, place, found);
  return found;
}

void fill_route(Route& route, const Caddy& configuration, const Json& server, const Journey& journey,
                const Asked& asked) {
  const Json& handler = *journey.handler;
  const Json& transport = at(handler, "transport");
  const Node* node = configuration.node_of(handler, asked.incoming.host);
  route.kind = RouteKind::proxied;
  route.place = node != nullptr ? node->place() : ConfigPlace{.file = configuration.main_file, .line = 1};
  route.location = node != nullptr ? std::string(node->word(0)) : "reverse_proxy";
  const auto tokens = node != nullptr ? upstream_tokens(*node) : std::vector<const Token*>{};
  if (at(handler, "upstreams").is_array()) {
    for (const auto& upstream : at(handler, "upstreams")) {
      UpstreamServer one = server_of(text_of(at(upstream, "dial")));
      one.place = route.place;
      if (const std::size_t i = route.servers.size(); i < tokens.size())
        one.place = {
            .file = tokens[i]->file, .line = tokens[i]->line, .begin = tokens[i]->begin, .end = tokens[i]->end};
      route.servers.push_back(std::move(one));
    }
  }
  if (at(handler, "dynamic_upstreams").is_object())
    route.notes.push_back("the upstreams are looked up when it runs (dynamic)");
  route.upstream = route.servers.empty() ? std::string() : route.servers.front().name;
  UpstreamRequest& request = route.request;
  const bool fastcgi = text_of(at(transport, "protocol")) == "fastcgi";
  const Json& versions = at(transport, "versions");
  const bool h2c =
      versions.is_array() && std::ranges::any_of(versions, [](const Json& one) { return text_of(one) == "h2c"; });
  request.protocol = fastcgi ? Protocol::fastcgi : h2c ? Protocol::http2 : Protocol::http1_1;
  request.method = asked.incoming.method;
  request.target = asked.target();
  fill_tls(route, transport, route.place);
  const Json& keep = at(at(transport, "keep_alive"), "enabled");
  route.pool = route.pool_wanted = request.keeps_connection = !fastcgi && !(keep.is_boolean() && !keep.get<bool>());
  fill_headers(route, handler, asked);
  if (fastcgi) fill_fastcgi(route, transport, asked, route.place);
  const Json& active = at(at(handler, "health_checks"), "active");
  if (active.is_object()) {
    route.check = {
        .on = true,
        .method = "GET",
        .path = text_of(at(active, "uri")).empty() ? text_of(at(active, "path")) : text_of(at(active, "uri")),
        .host = {},
        .expect = "2xx",
        .port = 0,
        .place = route.place};
    if (node != nullptr)
      if (const Node* uri = node->child("health_uri")) route.check.place = uri->place();
  }
  fill_limits(route, server, handler, route.place);
}

Route Caddy::route(const Incoming& incoming) const {
  Route route;
  const Json& servers = at(at(at(root, "apps"), "http"), "servers");
  if (!servers.is_object()) return route;
  for (const auto& [name, server] : servers.items()) {
    bool listens = false;
    if (at(server, "listen").is_array())
      for (const auto& text : at(server, "listen")) {
        const auto [address, port] = listen_of(text_of(text));
        listens = listens || (port == incoming.port && (address.empty() || address == "0.0.0.0" || address == "::" ||
                                                        incoming.address.empty() || address == incoming.address));
      }
    if (!listens) continue;
    Asked asked(incoming);
    Journey journey;
    const bool done = walk(at(server, "routes"), asked, journey);
    route.server = name;
    route.notes = journey.notes;
    if (done && journey.handler != nullptr) {
      fill_route(route, *this, server, journey, asked);
      return route;
    }
    route.kind = RouteKind::answered;
    route.answer = journey.answer.empty() ? "an empty 200: no route takes it" : journey.answer;
    route.place = {.file = main_file, .line = 1};
    return route;
  }
  return route;
}

std::vector<Listener> Caddy::listeners() const {
  std::vector<Listener> all;
  const Json& servers = at(at(at(root, "apps"), "http"), "servers");
  if (!servers.is_object()) return all;
  for (const auto& [name, server] : servers.items()) {
    std::set<std::string> hosts;
    collect_hosts(at(server, "routes"), hosts, 0);
    if (!at(server, "listen").is_array()) continue;
    for (const auto& text : at(server, "listen")) {
      auto [address, port] = listen_of(text_of(text));
      all.push_back({.address = std::move(address),
                     .port = port,
                     .tls = at(server, "tls_connection_policies").is_array() || port == 443,
                     .server = name,
                     .names = {hosts.begin(), hosts.end()},
                     .place = {.file = main_file, .line = 1}});
    }
  }
  return all;
}

std::vector<Incoming> Caddy::every_way() const {
  std::vector<Incoming> all;
  std::set<std::string> seen;
  for (const auto& listener : listeners()) {
    const Json& server = at(at(at(at(root, "apps"), "http"), "servers"), listener.server);
    std::vector<std::string> paths = {"/"};
    collect_paths(at(server, "routes"), paths, 0);
    std::vector<std::string> hosts = listener.names;
    if (hosts.empty()) hosts.push_back("localhost");
    for (const auto& host : hosts) {
      for (const auto& path : paths) {
        Incoming incoming;
        incoming.scheme = listener.tls ? "https" : "http";
        incoming.port = listener.port;
        incoming.address = listener.address.empty() ? "127.0.0.1" : listener.address;
        incoming.host = host.starts_with("*.") ? "www" + host.substr(1) : host;
        incoming.target = path;
        const Route way = route(incoming);
        if (way.kind == RouteKind::proxied && seen.insert(fmt::format("{} {}", way.upstream, way.place.begin)).second &&
            all.size() < kMostRoutes)
          all.push_back(std::move(incoming));
      }
    }
  }
  return all;
}

std::vector<LogPlace> Caddy::logs(const Route&) const {
  std::vector<LogPlace> places;
  const Json& logs = at(at(root, "logging"), "logs");
  if (logs.is_object()) {
    for (const auto& [name, log] : logs.items()) {
      const std::string file = text_of(at(at(log, "writer"), "filename"));
      if (file.empty()) continue;
      for (const auto kind : {LogPlace::Kind::error, LogPlace::Kind::access})
        places.push_back(
            {.kind = kind, .path = file, .where = {}, .format = {}, .level = text_of(at(log, "level")), .place = {}});
    }
  }
  if (places.empty())
    places.push_back(
        {.kind = LogPlace::Kind::error, .path = {}, .where = "stderr", .format = {}, .level = {}, .place = {}});
  return places;
}

}  // namespace fix502::caddy
