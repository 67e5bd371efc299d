#pragma once

// Looks at a gateway from its own machine: configuration, replay, logs and machine side by side, put together as the
// evidence that src/cause judges.

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cause/gateway_evidence.hpp"
#include "inspect/gateways.hpp"
#include "target/target.hpp"

namespace fix502 {

/// What `fix502 gateway` was asked.
struct GatewayQuestion {
  std::optional<Target> target;  ///< nothing: every way that the configurations have
  GatewayWish wish;
  std::vector<std::string> access_logs, error_logs, upstream_logs;
  WallTime since{};                ///< lines before do not count
  std::vector<NameValue> headers;  ///< of the visitor, beside a browser's own
  std::chrono::milliseconds timeout{30'000};
  std::chrono::milliseconds replay_timeout{10'000};
  std::optional<std::chrono::milliseconds> idle_probe;  ///< nothing: as long as it is worth, at most 20 s
  std::function<void(std::string_view)> progress;       ///< what is being done; may be empty
};

/// One way through one gateway.
struct InspectedWay {
  std::size_t gateway = 0;  ///< index in Inspection::gateways
  GatewayEvidence evidence;
};

struct Inspection {
  std::vector<FoundGateway> gateways;
  std::vector<InspectedWay> ways;  ///< the visitor's first; behind it the gateways that it leads to
  int requests_sent = 0;
  std::vector<std::string> notes;
  bool interrupted = false;
};

[[nodiscard]] Result<Inspection> inspect(const GatewayQuestion& question);

/// The visitor's request for this page, with the headers that a browser sends.
[[nodiscard]] Incoming incoming_for(const Target& target, const std::vector<NameValue>& headers);

}  // namespace fix502
