// Where the application may be, when it is not where the gateway looks for it.

#include <algorithm>
#include <filesystem>

#include "base/text.hpp"
#include "owner/machine.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

// Programs that serve applications, by the start of their names; and those that listen on nearly every machine and are
// none.
constexpr std::string_view kApplications[] = {
    "gunicorn",  "uwsgi",    "php-fpm", "node", "python", "ruby",    "puma",  "unicorn", "java",  "dotnet", "uvicorn",
    "hypercorn", "waitress", "bun",     "deno", "beam",   "apache2", "httpd", "nginx",   "caddy", "faultd"};
constexpr std::string_view kOthers[] = {"sshd",     "systemd",       "master",     "exim4",       "mysqld",  "mariadbd",
                                        "postgres", "redis-server",  "memcached",  "named",       "unbound", "dnsmasq",
                                        "cupsd",    "dockerd",       "containerd", "rpcbind",     "chronyd", "smbd",
                                        "dovecot",  "node_exporter", "mongod",     "dbus-daemon", "varnishd"};

bool starts_with_any(const std::string& name, auto& table) {
  return std::ranges::any_of(table, [&](std::string_view word) { return name.starts_with(word); });
}

bool is_loopback(const std::string& address) {
  return address.starts_with("127.") || address == "::1";
}

/// Programs of this machine can be meant by an address of this machine only.
bool is_here(const MachineFacts& facts, const UpstreamServer& server) {
  return !server.socket.empty() || server.host == "localhost" || is_loopback(server.host) || server.host == "0.0.0.0" ||
         server.host == "::" || lists(facts.own_addresses, server.host);
}

std::string endpoint_of(const ListenSocket& socket) {
  UpstreamServer at;
  at.socket = socket.path;
  at.port = socket.port;
  at.host = socket.address == "0.0.0.0" ? "127.0.0.1"
            : socket.address == "::"    ? (socket.only_ipv6 ? "::1" : "127.0.0.1")
                                        : socket.address;
  return at.endpoint();
}

/// 0: not worth a request.
int likeliness(const ListenSocket& socket, const UpstreamServer& server) {
  const bool unix_one = !socket.path.empty();
  // Sessions' and desktops' sockets are nobody's upstream.
  if (unix_one && (socket.path.starts_with('@') || socket.path.contains("/systemd/") || socket.path.contains("dbus")))
    return 0;
  if (starts_with_any(socket.program, kOthers) && !starts_with_any(socket.program, kApplications)) return 0;
  int points = starts_with_any(socket.program, kApplications) ? 4 : 1;
  if (!server.socket.empty()) {
    if (!unix_one) return points >= 4 ? points : 0;
    if (std::filesystem::path(socket.path).parent_path() == std::filesystem::path(server.socket).parent_path())
      points += 6;
    return points > 1 ? points : 0;
  }
  if (unix_one) return points >= 4 ? points - 1 : 0;
  if (socket.port == server.port) return points + 10;
  const int distance = std::abs(int{socket.port} - int{server.port});
  if (distance <= 10) points += 5;
  if (is_loopback(socket.address) && points < 4) points += 1;
  return points;
}

}  // namespace

std::vector<std::string> likely_endpoints(const MachineFacts& facts, const UpstreamServer& server,
                                          const std::vector<int>& gateway, std::size_t most) {
  std::vector<std::pair<int, std::string>> found;
  if (!is_here(facts, server)) return {};
  for (const auto& socket : facts.listening) {
    if (std::ranges::find(gateway, socket.pid) != gateway.end() && socket.pid > 0) continue;
    const std::string endpoint = endpoint_of(socket);
    const int points = endpoint == server.endpoint() ? 0 : likeliness(socket, server);
    const bool known = std::ranges::find(found, endpoint, &std::pair<int, std::string>::second) != found.end();
    if (points > 0 && !known) found.emplace_back(points, endpoint);
  }
  std::ranges::stable_sort(found, std::greater{}, &std::pair<int, std::string>::first);
  std::vector<std::string> endpoints;
  for (auto& [points, endpoint] : found)
    if (endpoints.size() < most) endpoints.push_back(std::move(endpoint));
  return endpoints;
}

}  // namespace fix502
