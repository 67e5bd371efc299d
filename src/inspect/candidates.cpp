#include "inspect/candidates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostPaths = 400;
constexpr std::size_t kMostTrust = 4;
constexpr std::size_t kMostScripts = 3;
constexpr int kMostTurns = 4;

bool is_word_end(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ';' || c == '"' || c == '\'' || c == '{' || c == '}' ||
         c == ',' || c == '>';
}

std::string folder_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

bool exists(Files& files, const std::string& path) {
  return files.read(path).has_value();
}

std::string value_of(const std::vector<NameValue>& params, std::string_view name) {
  const auto found = std::ranges::find(params, name, &NameValue::name);
  return found == params.end() ? std::string() : found->value;
}

void add(std::vector<std::string>& list, const std::string& item, std::size_t most) {
  if (list.size() < most && !item.empty() && !lists(list, item)) list.push_back(item);
}

}  // namespace

std::vector<std::string> paths_in(const FileTexts& files, std::size_t most) {
  std::set<std::string> seen;
  std::vector<std::string> paths;
  for (const auto& [name, text] : files) {
    for (std::size_t at = text.find('/'); at != std::string::npos && paths.size() < most; at = text.find('/', at + 1)) {
      if (at > 0 && !is_word_end(text[at - 1])) continue;
      std::size_t end = at;
      while (end < text.size() && !is_word_end(text[end])) ++end;
      std::string path = text.substr(at, end - at);
      at = end;
      if (path.size() < 2 || path.size() > 4096 || path.find_first_of("*$\\()[]^") != std::string::npos) continue;
      if (path.ends_with('/')) path.pop_back();
      if (seen.insert(path).second) paths.push_back(std::move(path));
      if (at >= text.size()) break;
    }
  }
  return paths;
}

std::vector<std::string> trust_candidates(const Configuration& configuration, const Route& route, Files& files) {
  std::vector<std::string> found;
  const auto offer = [&](const std::string& path) {
    if (path == route.tls.trusted_file || path == route.tls.certificate) return;
    const auto text = files.read(path);
    if (text && text->contains("-----BEGIN CERTIFICATE-----") && !text->contains("PRIVATE KEY-----"))
      add(found, path, kMostTrust);
  };
  std::set<std::string> folders;
  if (!route.tls.trusted_file.empty()) folders.insert(folder_of(route.tls.trusted_file));
  for (const auto& path : paths_in(configuration.files, kMostPaths)) {
    if (!path.ends_with(".pem") && !path.ends_with(".crt") && !path.ends_with(".cert")) continue;
    offer(path);
    folders.insert(folder_of(path));
  }
  offer("/etc/ssl/certs/ca-certificates.crt");
  for (const auto& folder : folders)
    for (const std::string_view pattern : {"/*ca*.pem", "/*ca*.crt", "/*root*.pem", "/*.crt", "/*.pem"})
      for (const auto& path : files.match(folder + std::string(pattern))) offer(path);
  return found;
}

std::vector<std::string> script_candidates(const Configuration& configuration, const Route& route, Files& files) {
  std::vector<std::string> found;
  if (route.request.protocol != Protocol::fastcgi) return found;
  const std::string script = value_of(route.request.params, "SCRIPT_FILENAME");
  const std::string root = value_of(route.request.params, "DOCUMENT_ROOT");
  std::string name = value_of(route.request.params, "SCRIPT_NAME");
  if (name.empty() && !root.empty() && script.starts_with(root)) name = script.substr(root.size());
  if (name.empty() && !script.empty()) name = script.substr(script.rfind('/'));
  if (!name.starts_with('/')) return found;
  std::set<std::string> roots;
  for (const std::string& base : {root, folder_of(script)}) {
    if (base.empty()) continue;
    for (const std::string_view below :
         {"", "/public", "/web", "/htdocs", "/html", "/current", "/current/public", "/www"})
      roots.insert(base + std::string(below));
    roots.insert(folder_of(base));
  }
  for (const auto& path : paths_in(configuration.files, kMostPaths))
    if (files.is_folder(path)) roots.insert(path);
  for (const std::string_view usual : {"/var/www/html", "/var/www", "/srv/www", "/usr/share/nginx/html"})
    roots.insert(std::string(usual));
  for (const auto& base : roots)
    if (base + name != script && exists(files, base + name)) add(found, base + name, kMostScripts);
  return found;
}

Incoming as_incoming(const Route& route, const UpstreamServer& server, const Incoming& before) {
  Incoming next = before;
  next.scheme = route.tls.on ? "https" : "http";
  next.port = server.port;
  next.address = is_ipv4(server.host) || is_ipv6(server.host) ? server.host : "127.0.0.1";
  next.target = route.request.target;
  next.method = route.request.method;
  next.headers.clear();
  for (const auto& header : route.request.headers) {
    if (equals_ignoring_case(header.name, "host")) {
      const auto endpoint = parse_endpoint(header.value);
      next.host = endpoint ? lower(endpoint->host) : lower(header.value);
    } else {
      next.headers.push_back(header);
    }
  }
  return next;
}

bool listens_at(const Configuration& configuration, const UpstreamServer& server,
                const std::vector<std::string>& own_addresses) {
  if (server.port == 0) return false;
  const bool here = server.host == "localhost" || server.host.starts_with("127.") || server.host == "::1" ||
                    lists(own_addresses, server.host);
  const auto listeners = configuration.listeners();
  return std::ranges::any_of(listeners, [&](const Listener& listener) {
    if (listener.port != server.port) return false;
    if (!listener.address.empty() && listener.address != "0.0.0.0" && listener.address != "::" &&
        listener.address != "*")
      return listener.address == server.host || (server.host == "localhost" && listener.address == "127.0.0.1");
    return here;
  });
}

bool loops(const Configuration& configuration, const Incoming& incoming,
           const std::vector<std::string>& own_addresses) {
  Incoming now = incoming;
  for (int turn = 0; turn < kMostTurns; ++turn) {
    const Route route = configuration.route(now);
    if (route.kind != RouteKind::proxied || !is_http(route.request.protocol)) return false;
    const auto back = std::ranges::find_if(route.servers, [&](const UpstreamServer& server) {
      return !server.disabled && !server.backup && listens_at(configuration, server, own_addresses);
    });
    if (back == route.servers.end()) return false;
    now = as_incoming(route, *back, now);
  }
  return true;
}

}  // namespace fix502
