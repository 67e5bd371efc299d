#include "watch/pace.hpp"

#include <algorithm>

namespace fix502 {
namespace {

struct PaceStep {
  Wait until;     ///< failing for less than this
  Wait wait;      ///< at most
  double jitter;  ///< the share of it that chance may take away
};

constexpr PaceStep kSteps[] = {
    {Wait(4'000), Wait(5'000), 0.05},   {Wait(120'000), Wait(10'000), 0.05}, {Wait(300'000), Wait(15'000), 0.2},
    {Wait(600'000), Wait(30'000), 0.2}, {Wait::max(), Wait(60'000), 0.2},
};

Wait shortened(Wait wait, double jitter, double chance) {
  return Wait(static_cast<Wait::rep>(static_cast<double>(wait.count()) * (1.0 - jitter * chance)));
}

}  // namespace

Wait next_try(Wait failing, const Hints& hints, double chance) {
  const auto step = std::ranges::find_if(kSteps, [&](const PaceStep& one) { return failing < one.until; });
  Wait wait = shortened(step->wait, step->jitter, chance);
  if (hints.record_left && *hints.record_left > Wait(0)) wait = std::min(wait, *hints.record_left + kRecordGone);
  if (hints.rest) wait = std::max(wait, *hints.rest);
  return wait;
}

Wait next_visit(double chance) {
  return shortened(kHealthyWait, 0.2, chance);
}

}  // namespace fix502
