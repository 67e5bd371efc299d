#include "fault/fault.hpp"

namespace fix502 {

std::string_view to_word(StepState state) {
  return state == StepState::done ? "done" : "skipped";
}

std::string_view to_word(Outlook outlook) {
  switch (outlook) {
    case Outlook::fixes:
      return "fixes";
    case Outlook::may_help:
      return "may-help";
    case Outlook::no_effect:
      return "no-effect";
    default:
      return "unknown";
  }
}

std::string_view to_word(HopState state) {
  switch (state) {
    case HopState::ok:
      return "ok";
    case HopState::broken:
      return "broken";
    case HopState::absent:
      return "absent";
    default:
      return "unknown";
  }
}

}  // namespace fix502
