#include "gateway/gateways/nginx/nginx.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "gateway/gateways/nginx/check.hpp"
#include "gateway/gateways/nginx/values.hpp"

namespace fix502::nginx {
namespace {

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "/" : path.substr(0, slash + 1);
}

std::string upstream_name(const Destination& to) {
  if (to.group != nullptr) return to.group->at->arg(0);
  bool tls = false;
  const auto rest = strip_scheme(to.text, tls);
  const auto url = parse_url(rest);
  if (!url.socket.empty()) return "unix:" + url.socket;
  return url.host + (url.port_text.empty() ? "" : ":" + url.port_text);
}

}  // namespace

NginxConfiguration::NginxConfiguration(ReadRequest request, Files& file_port) : request_(std::move(request)) {
  version = request_.version;
  if (request_.prefix.empty()) request_.prefix = folder_of(request_.config);
  TreeReader reader(file_port, folder_of(request_.config), files, problems);
  for (const auto& word : request_.more)
    if (word.starts_with("-g ")) reader.read_text(std::string_view(word).substr(3), main_);
  reader.read_file(request_.config, main_);
  index_tree(main_);
  check_tree(main_, version, problems);
  if (main_.own("events") == nullptr)
    add_problem(problems, true, "no \"events\" section in configuration", {request_.config, 0, 0, 0});
  read_model(main_, model_, problems);
  check_meaning(main_, model_, problems);
  if (const auto* found = main_.own("user")) user = found->arg(0);
}

Route NginxConfiguration::route(const Incoming& incoming) const {
  Route route;
  Journey journey(model_, request_, incoming);
  if (model_.http == nullptr || !choose_server(journey)) {
    route.notes = std::move(journey.notes);
    return route;
  }
  const auto outcome = walk(journey);
  route.server = journey.server->name.empty() ? "server" : journey.server->name;
  if (journey.location != nullptr) route.location = journey.location->title();
  if (outcome.pass == nullptr || outcome.pass->name() == "memcached_pass") {
    route.kind = RouteKind::answered;
    route.answer = outcome.pass == nullptr ? outcome.answer : outcome.pass->name() + " " + outcome.pass->value();
    if (outcome.pass != nullptr) route.place = outcome.pass->place;
  } else {
    const auto to = destination_of(journey, *outcome.pass);
    route.kind = RouteKind::proxied;
    route.place = outcome.pass->place;
    route.upstream = upstream_name(to);
    route.servers = servers_of(journey, to);
    route.tls = tls_of(journey, to);
    route.request = request_to(journey, to);
    if (journey.address->proxy_protocol) journey.note("the listener wants the PROXY header before the request");
    fill_limits(journey, to, route);
    fill_traits(journey, to, route);
  }
  route.way = std::move(journey.way);
  route.notes = std::move(journey.notes);
  return route;
}

std::vector<Incoming> NginxConfiguration::every_way() const {
  std::vector<Incoming> ways;
  std::set<std::tuple<std::string, std::uint64_t, std::string>> seen;
  std::size_t tried = 0;
  std::unordered_map<const Block*, std::vector<const Directive*>> by_server;
  for (const auto* pass : model_.passes) {
    const Block* at = pass->parent;
    while (at != nullptr && at->kind != BlockKind::server) at = at->parent;
    by_server[at].push_back(pass);
  }
  for (const auto& server : model_.servers)
    for (const auto* pass : by_server[&server->block()]) {
      for (auto& incoming : guesses(*server, *pass)) {
        if (ways.size() >= kMostRoutes || ++tried > 20 * kMostRoutes) return ways;
        const auto way = route(incoming);
        if (way.kind != RouteKind::proxied || way.place != pass->place) continue;
        if (seen.emplace(way.place.file, way.place.begin, way.upstream).second) ways.push_back(std::move(incoming));
        break;
      }
    }
  return ways;
}

std::vector<Listener> NginxConfiguration::listeners() const {
  std::vector<Listener> all;
  for (const auto& server : model_.servers)
    for (const auto& listen : server->listens) {
      if (!listen.socket.empty()) continue;
      Listener listener;
      listener.address = listen.any_address() ? "" : listen.address, listener.port = listen.port;
      listener.tls = listen.tls;
      listener.server = server->name;
      for (const auto& name : server->names)
        listener.names.push_back(name.pattern == nullptr ? name.text : "~" + name.text);
      listener.place = listen.at == nullptr ? server->at->place : listen.at->place;
      all.push_back(std::move(listener));
    }
  return all;
}

}  // namespace fix502::nginx
