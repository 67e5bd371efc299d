#pragma once

// Second looks into access logs that one can seek in, for what a single pass cannot know: a few lines around one
// moment.

#include <optional>

#include "logline/incident.hpp"
#include "logs/plan.hpp"
#include "logs/zone.hpp"

namespace fix502 {

/// Was this error line's request answered well in the end? nullopt: no log tells.
[[nodiscard]] std::optional<bool> was_answered(const LoggedFailure& failure, const LogPlan& plan, const Zone& zone);

/// Since when its upstream had been slow when requests began to time out, where most answers were from then on. Looks
/// at the ten minutes before the incident; nullopt where it is no timeout, and where no log has the times of good
/// answers.
[[nodiscard]] std::optional<SlowAnswers> slow_before(const Incident& incident, const LogPlan& plan, const Zone& zone);

}  // namespace fix502
