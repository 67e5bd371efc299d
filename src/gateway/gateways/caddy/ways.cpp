// Where Caddy listens, what it logs, and a request for every place that sends one on.

#include <fmt/format.h>

#include <set>

#include "gateway/gateways/caddy/configuration.hpp"

namespace fix502::caddy {
namespace {

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

}  // namespace

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
  std::vector<LogPlace> found;
  const Json& logs = at(at(root, "logging"), "logs");
  if (logs.is_object()) {
    for (const auto& [name, log] : logs.items()) {
      const std::string file = text_of(at(at(log, "writer"), "filename"));
      if (file.empty()) continue;
      for (const auto kind : {LogPlace::Kind::error, LogPlace::Kind::access})
        found.push_back(
            {.kind = kind, .path = file, .where = {}, .format = {}, .level = text_of(at(log, "level")), .place = {}});
    }
  }
  if (found.empty())
    found.push_back(
        {.kind = LogPlace::Kind::error, .path = {}, .where = "stderr", .format = {}, .level = {}, .place = {}});
  return found;
}

}  // namespace fix502::caddy
