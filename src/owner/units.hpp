#pragma once

// systemd's services: their state, their last words, and which of them is meant to be an upstream.

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/machine_facts.hpp"
#include "gateway/route.hpp"

namespace fix502 {

/// systemd runs this machine (sd_booted(3)).
[[nodiscard]] bool has_systemd();
/// What `systemctl show` says of one unit: "ActiveState=failed". Pure.
void read_unit_properties(std::string_view text, ServiceFacts& facts);
/// A unit file that starts something at this server's port or socket: "--bind 127.0.0.1:8000", "PORT=8000",
/// "ListenStream=/run/app.sock". Pure.
[[nodiscard]] bool names_endpoint(std::string_view unit_file, const UpstreamServer& server);
/// Units whose files name the server, of this machine's folders.
[[nodiscard]] std::vector<std::string> units_naming(const UpstreamServer& server);
/// State and last lines; where systemd does not run, the name alone.
[[nodiscard]] ServiceFacts look_at_unit(const std::string& unit, std::chrono::steady_clock::time_point deadline);

}  // namespace fix502
