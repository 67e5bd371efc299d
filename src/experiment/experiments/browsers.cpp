// "Another browser", with real ones, where they were asked for: at once, since they take seconds to start.

#include "experiment/browsers.hpp"

namespace fix502 {
namespace {

Task<void> browsers(Run& run) {
  if (run.settings.browsers == BrowserUse::always) co_await ask_browsers(run);
}

}  // namespace

extern const Experiment browsers_experiment{"browsers", Stage::start, "running installed browsers", browsers};

}  // namespace fix502
