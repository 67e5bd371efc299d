#pragma once

// What gateways say of their servers themselves: HAProxy's runtime socket, Caddy's admin API.

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "gateway/machine_facts.hpp"
#include "gateway/route.hpp"

namespace fix502 {

/// HAProxy's "show stat": CSV whose columns are read by their names. Pure.
[[nodiscard]] std::vector<ServerState> read_haproxy_stat(std::string_view csv);
/// HAProxy's "show servers state": addresses as they are now, and who took a server out. Pure.
void read_haproxy_state(std::string_view text, std::vector<ServerState>& servers);
/// Caddy's /reverse_proxy/upstreams: a server with as many failures as it may have is left alone. Pure.
[[nodiscard]] Result<std::vector<ServerState>> read_caddy_upstreams(std::string_view json, std::int64_t max_fails);

/// Asks it. `control` is HAProxy's socket (a path, "unix@/path", "127.0.0.1:9999"), or Caddy's "localhost:2019";
/// `root` is by which way the gateway's files are reached.
[[nodiscard]] Result<std::vector<ServerState>> ask_gateway(std::string_view kind, const std::string& control,
                                                           const std::string& root, const Route& route,
                                                           std::chrono::milliseconds longest);

/// The configuration that a gateway runs, in its own format; an error for one that does not tell.
[[nodiscard]] Result<std::string> ask_running_configuration(std::string_view kind, const std::string& control,
                                                            std::chrono::milliseconds longest);

}  // namespace fix502
