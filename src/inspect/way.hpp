#pragma once

// One way through a gateway: everything that is looked at and asked about it.

#include <algorithm>
#include <chrono>
#include <string>

#include "inspect/inspect.hpp"
#include "net/net.hpp"

namespace fix502 {

/// What is shared by all ways of one inspection.
struct InspectRun {
  const GatewayQuestion& question;
  Inspection& seen;
  std::chrono::steady_clock::time_point end;

  [[nodiscard]] Milliseconds left() const {
    return std::max(Milliseconds(0), std::chrono::duration_cast<Milliseconds>(end - std::chrono::steady_clock::now()));
  }
  void say(std::string_view what) const {
    if (question.progress) question.progress(what);
  }
};

/// The evidence of a way that nobody has looked at yet.
[[nodiscard]] GatewayEvidence begin_way(const FoundGateway& gateway, Incoming incoming, Route route,
                                        const std::string& url);

/// Fills it: the machine, the page's answers, the upstream's own, the logs; `check_it`: the gateway's own check too.
void look_at_way(InspectRun& run, const FoundGateway& gateway, GatewayEvidence& way, bool check_it);

}  // namespace fix502
