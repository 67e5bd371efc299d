#pragma once

// One probe as Prometheus' blackbox_exporter makes it: the same modules, and the same figures under the same names
// (https://github.com/prometheus/blackbox_exporter, prober/http.go and tcp.go of 0.23).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/metrics.hpp"
#include "net/net.hpp"
#include "serve/probe_modules.hpp"
#include "target/target.hpp"

namespace fix502 {

/// What the five phases took, over all redirects.
struct ProbePhases {
  double resolve = 0, connect = 0, tls = 0, processing = 0, transfer = 0;  // seconds
};

/// What one probe saw; what it did not see is zero, as blackbox_exporter has it.
struct Probed {
  bool http = true;
  bool success = false;
  bool by_pattern = false;      ///< a regular expression is why not
  std::string_view unmet = {};  ///< the answer is whole, but not what this key of the module wants
  bool verified = true;         ///< the certificate was looked at
  double seconds = 0;           ///< all of it
  double lookup_seconds = 0;    ///< of the target's name
  std::string address;          ///< that the target's name was resolved to and that was used; empty: none
  int redirects = 0;
  ProbePhases phases;
  std::optional<HttpExchange> last;  ///< HTTP: the last exchange
  Failure failure = Failure::none;   ///< of the last step
  std::string failing_url;           ///< for telling one way of failing from another
};

/// One address family of a name that has both.
struct FamilyProbed {
  int protocol = 4;
  bool success = false;
  double seconds = 0;
};

/// What was probed: a page, or for tcp modules a place.
struct ProbeTarget {
  Target page;
  bool http = true;
  std::string host;  ///< the Host field; empty: the page's
};
/// `host`: the collector's word on the Host field; empty: the module's.
[[nodiscard]] Result<ProbeTarget> parse_probe_target(std::string_view text, const ProbeModule& module,
                                                     std::string_view host = {});

struct ProbeAnswer {
  Probed main;
  std::vector<FamilyProbed> families;  ///< both, where the name has addresses of both; else empty
};

/// Never fails in itself. Names with both families are tried over both at once, unless the module says which; the
/// figures are those of IPv6 then, as blackbox_exporter has it. `module` outlives it.
Task<ProbeAnswer> probe(Net& net, ProbeTarget target, const ProbeModule& module, Milliseconds timeout);

/// The families of blackbox_exporter.
void write_probed(MetricsText& text, const Probed& probed);
/// fix502_family_success and _duration_seconds.
void write_families(MetricsText& text, const std::vector<FamilyProbed>& families);

}  // namespace fix502
