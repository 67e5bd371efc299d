// From the handler that a request reaches to the route: servers, transport, checks.

#include <algorithm>

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

}  // namespace

void fill_route(Route& route, const Caddy& configuration, const Json& server, const Journey& journey,
                const Asked& asked) {
  const Json& handler = *journey.handler;
  const Json& transport = at(handler, "transport");
  const Node* node = configuration.node_of(handler, asked.incoming.host);
  route.kind = RouteKind::proxied;
  route.place = node != nullptr ? node->place() : configuration.place_of(handler);
  route.location = node != nullptr ? std::string(node->word(0)) : "reverse_proxy";
  const auto tokens = node != nullptr ? upstream_tokens(*node) : std::vector<const Token*>{};
  if (at(handler, "upstreams").is_array()) {
    for (const auto& upstream : at(handler, "upstreams")) {
      UpstreamServer one = server_of(text_of(at(upstream, "dial")));
      one.place = node != nullptr ? route.place : configuration.place_of(at(upstream, "dial"));
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
  if (fastcgi) fill_fastcgi(route, configuration, transport, asked, node);
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
  fill_limits(route, configuration, server, handler, node);
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

}  // namespace fix502::caddy
