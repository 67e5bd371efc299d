// The table of contents of a diagnosis: look at the machine, then every experiment at its stage.

#include <algorithm>

#include "experiment/machine.hpp"
#include "experiment/run.hpp"

namespace fix502 {

#define EXPERIMENT(id) extern const Experiment id##_experiment;
#include "experiment/experiments.def"
#undef EXPERIMENT

namespace {

/// A first visit that takes longer than this is not waited for before the contrasts begin.
constexpr Milliseconds kLongVisit{1'500};

Task<void> when_due(Run& run, const Experiment& experiment) {
  if (experiment.stage == Stage::addressed || experiment.stage == Stage::failing) co_await run.addressed.wait();
  if (experiment.stage == Stage::failing) {
    const bool in_time = co_await run.visited.wait_for(kLongVisit);
    if (in_time && run.baseline_works) co_return;
  }
  co_await experiment.run(run);
}

Task<void> stage_by_stage(Run& run, bool last) {
  std::vector<Task<void>> tasks;
  for (const Experiment* experiment : experiments()) {
    const bool wanted = run.only.empty() || std::ranges::find(run.only, experiment->id) != run.only.end();
    if (wanted && (experiment->stage == Stage::after) == last) tasks.push_back(when_due(run, *experiment));
  }
  co_await all(std::move(tasks));
}

}  // namespace

const std::vector<const Experiment*>& experiments() {
  static const std::vector<const Experiment*> kAll = {
#define EXPERIMENT(id) &id##_experiment,
#include "experiment/experiments.def"
#undef EXPERIMENT
  };
  return kAll;
}

Task<void> investigate(Run& run) {
  look_at_machine(run);
  co_await stage_by_stage(run, false);
  co_await stage_by_stage(run, true);
}

}  // namespace fix502
