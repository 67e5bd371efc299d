#pragma once

// What `fix502 gateway` reports: schema fix502.gateway/1 and its words for a person. Pure.

#include <optional>
#include <string>
#include <vector>

#include "cause/cause.hpp"
#include "report/report.hpp"

namespace fix502 {

/// What ends a finding, in the gateway's words.
struct GatewayFix {
  std::string title;
  std::string diff;                   ///< unified, against the configuration; empty: no edit is needed
  std::vector<std::string> commands;  ///< what a person would run: the check, the reload
  bool automatic = false;             ///< `--apply` does it
};

struct GatewayFinding {
  CauseFinding cause;
  std::string gateway;  ///< "nginx"
  std::optional<GatewayFix> fix;
};

/// A gateway that was found on this machine.
struct GatewaySeen {
  std::string kind, version, main_file;
  bool running = false;
  std::size_t files = 0;          ///< read
  std::vector<Problem> problems;  ///< of its configuration
};

/// What --apply did.
struct Applied {
  struct Change {
    std::string fault, title;
    bool kept = false;
    std::string said;        ///< what was seen afterwards, or why it was taken back
    std::uint64_t undo = 0;  ///< id for `fix502 undo`
  };
  std::vector<Change> changes;
};

struct GatewayReport {
  std::string version, started_at;
  Duration duration{};
  std::optional<Target> target;
  int requests_sent = 0;  ///< to the gateway and to its upstreams
  std::vector<GatewaySeen> gateways;
  std::vector<GatewayEvidence> ways;
  std::vector<GatewayFinding> findings;
  Verdict verdict;
  std::optional<Applied> applied;
  std::vector<std::string> checked;  ///< what was looked at and is in order
  std::vector<std::string> notes;    ///< what could not be looked at, and why
  bool interrupted = false;
  std::optional<EdgeComparison> comparison{};    ///< of the CDN's edge and this machine, with --origin
  std::vector<Observation> edge_observations{};  ///< what it rests on
};

[[nodiscard]] std::string gateway_json(const GatewayReport& report);
[[nodiscard]] std::string gateway_terminal(const GatewayReport& report, const TerminalStyle& style);
[[nodiscard]] std::string gateway_markdown(const GatewayReport& report);

}  // namespace fix502
