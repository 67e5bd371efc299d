// From the backend that was chosen to the route: servers, the request as it is sent, health check, traits.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/cgi.hpp"
#include "gateway/gateways/haproxy/configuration.hpp"

namespace fix502::haproxy {
namespace {

std::string section_title(const Section& section) {
  return section.kind + " " + section.name;
}

void fill_check(Route& route, const Model& model, const Section& back, const std::vector<ServerLine>& servers) {
  HealthCheck& check = route.check;
  check.on = std::ranges::any_of(servers, &ServerLine::check);
  const Applies option = model.option(back, "httpchk");
  if (!check.on || option.line == nullptr) return;
  const Line& line = *option.line;
  check.method = "OPTIONS";
  check.path = "/";
  check.expect = "2xx,3xx";
  check.place = line.place();
  // "option httpchk", "option httpchk URI", "option httpchk METHOD URI [VERSION]"
  if (line.words.size() == 3) {
    check.path = line.word(2);
  } else if (line.words.size() > 3) {
    check.method = line.word(2);
    check.path = line.word(3);
  }
  for (const auto& rule : back.lines) {
    if (rule.word(0) != "http-check") continue;
    if (rule.word(1) == "expect") check.expect = rule.rest(2);
    if (rule.word(1) != "send") continue;
    check.place = rule.place();
    for (std::size_t i = 2; i + 1 < rule.words.size(); ++i) {
      if (rule.word(i) == "meth") check.method = rule.word(i + 1);
      if (rule.word(i) == "uri") check.path = rule.word(i + 1);
      if (rule.word(i) == "hdr" && equals_ignoring_case(rule.word(i + 1), "host")) check.host = rule.word(i + 2);
    }
  }
  for (const auto& server : servers)
    if (server.check_port != 0) check.port = server.check_port;
}

/// Connections to the server are kept for the next request (configuration.txt 4.2 "option http-server-close",
/// "httpclose").
bool keeps(const Model& model, const Section& front, const Section& back, const std::vector<ServerLine>& servers) {
  for (const Section* section : {&front, &back})
    for (const std::string_view option : {"httpclose", "http-server-close", "forceclose"})
      if (model.option(*section, option).line != nullptr) return false;
  return std::ranges::none_of(servers, [](const ServerLine& server) { return server.pool == 0; });
}

void fill_headers(UpstreamRequest& request, const Asked& asked, const Model& model, const Section& front,
                  const Section& back) {
  std::string host = asked.header("host").value_or(asked.incoming.host);
  for (const auto& header : asked.incoming.headers)
    if (equals_ignoring_case(header.name, "host")) host = header.value;
  request.headers.push_back({"host", host});
  for (const auto& header : asked.incoming.headers)
    if (!equals_ignoring_case(header.name, "host") && !equals_ignoring_case(header.name, "connection"))
      request.headers.push_back({lower(header.name), header.value});
  const bool forwarded =
      model.option(front, "forwardfor").line != nullptr || model.option(back, "forwardfor").line != nullptr;
  if (forwarded) request.headers.push_back({"x-forwarded-for", "127.0.0.1"});
  if (!request.keeps_connection) request.headers.push_back({"connection", "close"});
}

void fill_fastcgi(Route& route, const Asked& asked, const Model& model, const Section& back) {
  const Applies use = model.applies(back, {"use-fcgi-app"});
  const Section* app = use.line == nullptr ? nullptr : model.find("fcgi-app", use.line->word(1));
  std::string root, index, script = asked.path;
  if (app != nullptr) {
    for (const auto& line : app->lines) {
      if (line.word(0) == "docroot") {
        root = line.word(1);
        route.settings.push_back(
            {.directive = "SCRIPT_FILENAME", .value = root, .source = Source::set, .place = line.place()});
      }
      if (line.word(0) == "index") index = line.word(1);
    }
  }
  if (script.ends_with('/')) script += index;
  auto& params = route.request.params;
  params = {{"GATEWAY_INTERFACE", "CGI/1.1"},
            {"DOCUMENT_ROOT", root},
            {"SCRIPT_NAME", script},
            {"REQUEST_URI", asked.target()},
            {"REQUEST_METHOD", asked.incoming.method},
            {"QUERY_STRING", asked.query},
            {"SERVER_NAME", asked.incoming.host},
            {"SERVER_PORT", std::to_string(asked.incoming.port)},
            {"SERVER_PROTOCOL", "HTTP/" + asked.incoming.http_version},
            {"REMOTE_ADDR", "127.0.0.1"},
            {"SCRIPT_FILENAME", root + script},
            {"SERVER_SOFTWARE", "HAProxy"}};
  for (const auto& header : route.request.headers) params.push_back({cgi_variable(header.name), header.value});
}

Protocol protocol_of(const ServerLine& server, bool http) {
  if (!http) return Protocol::tcp;
  if (server.proto == "fcgi") return Protocol::fastcgi;
  const bool h2 =
      server.proto == "h2" || (server.tls.on && !server.tls.alpn.empty() && server.tls.alpn.front() == "h2");
  return h2 ? Protocol::http2 : Protocol::http1_1;
}

}  // namespace

void fill_route(Route& route, const Haproxy& configuration, const Haproxy::Journey& journey, Asked& asked) {
  const Model& model = configuration.model;
  const Section& front = *journey.front;
  const Section& back = *journey.back;
  route.kind = RouteKind::proxied;
  route.place = journey.by->place();
  route.location = journey.by == &front.head ? section_title(back) : journey.by->rest(0);
  route.upstream = back.name;
  const auto servers = servers_of(back, model, asked);
  for (const auto& server : servers) route.servers.push_back(server.server);
  if (servers.empty()) route.notes.push_back(fmt::format("backend {} has no server", back.name));
  const bool http = model.mode(back) == "http";
  UpstreamRequest& request = route.request;
  if (!servers.empty()) {
    route.tls = servers.front().tls;
    request.protocol = protocol_of(servers.front(), http);
    request.proxy_protocol = servers.front().proxy_protocol;
  }
  route.pool = route.pool_wanted = http && keeps(model, front, back, servers);
  route.pool_retried = false;  // an empty reply, and not a word in the log (2.6)
  request.keeps_connection = route.pool;
  request.method = asked.incoming.method;
  request.target = asked.target();
  fill_headers(request, asked, model, front, back);
  if (request.protocol == Protocol::fastcgi) fill_fastcgi(route, asked, model, back);
  fill_check(route, model, back, servers);
  fill_limits(route, model, front, back, servers);
  if (const Applies retry = model.applies(back, {"retry-on"}); retry.line != nullptr) {
    const std::string on = retry.line->rest(1);
    route.retries_unsafe = on.contains("empty-response") || on.contains("all-retryable-errors");
    route.pool_retried = route.retries_unsafe;
    route.settings.push_back({.directive = "retry-on",
                              .value = on,
                              .source = retry.own ? Source::set : Source::inherited,
                              .place = retry.line->place()});
  }
  if (const Section* global = model.global())
    for (const auto& line : global->lines)
      if (line.word(0) == "server-state-file")
        route.notes.push_back("a server-state-file may keep addresses and marks over a change of this file");
}

Route Haproxy::route(const Incoming& incoming) const {
  Route route;
  Asked asked(incoming);
  const Journey journey = travel(asked);
  route.way = journey.way;
  route.notes = journey.notes;
  if (journey.front == nullptr) return route;
  route.server = section_title(*journey.front);
  if (journey.answered != nullptr) {
    route.kind = RouteKind::answered;
    route.answer = journey.answer;
    route.place = journey.answered->place();
    return route;
  }
  if (journey.back == nullptr) {
    route.kind = RouteKind::answered;
    route.answer = "503: no rule chooses a backend";
    route.place = journey.front->head.place();
    return route;
  }
  fill_route(route, *this, journey, asked);
  return route;
}

std::vector<Listener> Haproxy::listeners() const {
  std::vector<Listener> all;
  for (const auto& section : model.sections) {
    if (!section.has_front()) continue;
    std::vector<std::string> names;
    for (const auto& line : section.lines)
      if (line.word(0) == "use_backend")
        if (Hint hint = hint_of(line, section, model); !hint.host.empty() && !lists(names, hint.host))
          names.push_back(std::move(hint.host));
    for (const auto& bind : binds_of(section))
      all.push_back({.address = bind.address,
                     .port = bind.port,
                     .tls = bind.tls,
                     .server = section_title(section),
                     .names = names,
                     .place = bind.line->place()});
  }
  return all;
}

std::vector<Incoming> Haproxy::every_way() const {
  std::vector<Incoming> all;
  for (const auto& section : model.sections) {
    if (!section.has_front()) continue;
    const auto binds = binds_of(section);
    if (binds.empty()) continue;
    Incoming base;
    base.scheme = binds.front().tls ? "https" : "http";
    base.port = binds.front().port;
    base.address = binds.front().address.empty() || binds.front().address == "::" ? "127.0.0.1" : binds.front().address;
    base.host = "localhost";
    for (const auto& line : section.lines) {
      if (line.word(0) != "use_backend" || all.size() >= kMostRoutes) continue;
      Incoming incoming = base;
      const Hint hint = hint_of(line, section, model);
      if (!hint.host.empty()) incoming.host = lower(hint.host.substr(0, hint.host.find(':')));
      if (!hint.path.empty()) incoming.target = hint.path;
      Asked asked(incoming);
      if (travel(asked).by == &line) all.push_back(std::move(incoming));
    }
    Asked asked(base);
    if (travel(asked).back != nullptr && all.size() < kMostRoutes) all.push_back(base);
  }
  return all;
}

std::vector<LogPlace> Haproxy::logs(const Route&) const {
  std::vector<LogPlace> places;
  const Section* global = model.global();
  if (global == nullptr) return places;
  for (const auto& line : global->lines) {
    if (line.word(0) != "log") continue;
    const std::string_view to = line.word(1);
    const bool standard = to == "stdout" || to == "stderr";
    LogPlace place{.kind = LogPlace::Kind::access,
                   .path = {},
                   .where = standard ? std::string(to) : "syslog " + std::string(to),
                   .format = {},
                   .level = {},
                   .place = line.place()};
    if (!standard && !syslog_files.empty()) place.path = syslog_files.front();
    places.push_back(place);
    place.kind = LogPlace::Kind::error;
    places.push_back(place);
  }
  return places;
}

}  // namespace fix502::haproxy
