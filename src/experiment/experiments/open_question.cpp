// Real browsers where all the cheaper experiments leave the question open, and only there.

#include "experiment/browsers.hpp"

namespace fix502 {
namespace {

Task<void> open_question(Run& run) {
  if (run.settings.browsers != BrowserUse::if_open || run.headless == nullptr || run.told_to_rest()) co_return;
  if (run.would_tell && run.would_tell(run.so_far())) co_await ask_browsers(run);
}

}  // namespace

extern const Experiment open_question_experiment{"open_question", Stage::after, "running installed browsers",
                                                 open_question};

}  // namespace fix502
