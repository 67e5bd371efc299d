#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "observation/observation.hpp"
#include "target/settings.hpp"
#include "target/target.hpp"

namespace fix502 {

/// Everything that reasoning may look at: what was asked about, and what was seen. A recorded run is this and no more.
struct Evidence {
  std::string version;     ///< of the fix502 that saw it
  std::string started_at;  ///< RFC 3339 with milliseconds, UTC
  Target target;
  Settings settings;
  std::vector<Observation> observations;
  Duration duration{};
  int requests_sent = 0;               ///< HTTP requests to the target
  std::vector<std::string> not_tried;  ///< experiments cut short, with the reason: "path: budget of requests used up"
  bool interrupted = false;

  bool operator==(const Evidence&) const = default;

  [[nodiscard]] const Observation* find(std::string_view id) const;
};

/// The text of a recorded run (schema "fix502.run/1").
[[nodiscard]] std::string write_run(const Evidence& evidence);
/// A recorded run; damaged or foreign text gives one clear error. Bounded: at most 64 MiB, 100,000 observations.
[[nodiscard]] Result<Evidence> read_run(std::string_view text);

}  // namespace fix502
