#pragma once

// The gateway's machine from inside: who listens, who may open what, what has run out. Only reads; blocks for at most a
// few seconds, so it runs before or beside the loop, never on it.

#include <chrono>
#include <string>
#include <vector>

#include "gateway/machine_facts.hpp"
#include "gateway/route.hpp"

namespace fix502 {

/// What is to be looked at.
struct MachineQuestion {
  std::string kind;          ///< "nginx": whose control interface is spoken, if any
  int master = 0;            ///< the gateway's process; 0: it does not run
  std::vector<int> workers;  ///< empty: the master's children, or the master itself where it has none
  Route route;
  std::string control;             ///< HAProxy: its runtime socket; Caddy: "localhost:2019"; empty: none
  std::vector<std::string> names;  ///< addresses that the servers' names have now, for ports and connections
  std::chrono::milliseconds longest{4'000};
};

[[nodiscard]] MachineFacts look_at_gateway_machine(const MachineQuestion& question);
/// Reads the counters that only tell by their growth once more: `listen_overflows_now`.
void look_again(MachineFacts& facts);

/// Where programs listen that may be the application which this server of the route was meant for, the likeliest first:
/// the same port on another address, the same folder for a socket, then other programs' ports. Never the gateway's own.
/// Pure.
[[nodiscard]] std::vector<std::string> likely_endpoints(const MachineFacts& facts, const UpstreamServer& server,
                                                        const std::vector<int>& gateway, std::size_t most = 3);

}  // namespace fix502
