#pragma once

// What a file in faults/ exports: one fault of the catalogue, its words and its rule.

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "fault/fault.hpp"
#include "fault/picture.hpp"

namespace fix502 {

/// Where in the reasoning a rule stands.
enum class Layer {
  visitor,  ///< this machine, its network, its resolvers: each may be there beside any other
  site,     ///< the site itself: of these the first that matches is the fault, in the order of faults.def
};

struct Fault {
  FaultInfo info;
  Layer layer = Layer::site;
  /// What it makes up for: findings that are dropped where this one is there. "dns." means every id that begins so,
  /// "" every other one.
  std::vector<std::string_view> explains;
  /// Null for a fault that needs observations which no probe makes yet.
  std::optional<Finding> (*match)(const Picture& picture) = nullptr;
};
[[nodiscard]] const std::vector<const Fault*>& fault_register();

/// The site's failing exchange, where all tries fail alike; null otherwise.
[[nodiscard]] const HttpExchange* steady_error(const Picture& picture);
/// The site answered this request with an HTTP status.
[[nodiscard]] bool has_status(const HttpExchange* http, std::initializer_list<int> statuses);
/// A finding about the site's failing exchange: cause, NEL type and citations filled in from it.
[[nodiscard]] Finding about_error(const Picture& picture, Certainty certainty, std::string summary);
/// How a status or a failure that depends on something else is put as a cause (RFC 9209), "" where none fits.
[[nodiscard]] std::string status_cause(const HttpExchange& http);
/// Minutes and seconds as a person says them: "41 min", "35 s".
[[nodiscard]] std::string span_of(long seconds);

}  // namespace fix502
