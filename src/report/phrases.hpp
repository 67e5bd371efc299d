#pragma once

// The sentences that every shape of the report shares.

#include <string>
#include <string_view>
#include <vector>

#include "report/report.hpp"

namespace fix502 {

/// The one line that a tired person reads: "The DNS resolver gives an old address".
[[nodiscard]] std::string headline(const Report& report);
/// "It is them, not you: only the site's owner can mend it."; empty unless a fault was found.
[[nodiscard]] std::string side_sentence(const Report& report);
/// "Every visitor gets this."; empty where that is not known.
[[nodiscard]] std::string_view scope_sentence(const Report& report);
/// "97% sure: proven by what was seen."
[[nodiscard]] std::string certainty_sentence(const Report& report);
/// "nginx made the error answer."; empty where nobody is known to have.
[[nodiscard]] std::string answered_sentence(const Report& report);
/// The four above and the cause, in reading order, the empty ones left out.
[[nodiscard]] std::vector<std::string> judgement(const Report& report);
/// "It could be: TITLE (40%), TITLE (30%)."; empty without alternatives.
[[nodiscard]] std::string alternatives_sentence(const Report& report);
/// "TITLE (fault.id)" for each further fault.
[[nodiscard]] std::vector<std::string> further_faults(const Report& report);
/// The catalogue's title, or the id itself for a fault that it does not have.
[[nodiscard]] std::string title_of(std::string_view fault);

/// "refresh the page", "another device or network", ...
[[nodiscard]] std::string_view step_name(std::string_view step);
/// "yes", "perhaps", "no", "-": would this step help?
[[nodiscard]] std::string_view answer(Outlook outlook);
/// "fixes it", "may help", ...: for remedies.
[[nodiscard]] std::string_view promise(Outlook outlook);
/// "works", "broken", "not in the way", "not known"
[[nodiscard]] std::string_view hop_words(HopState state);
/// "14 requests in 1.8 s"
[[nodiscard]] std::string effort(const Report& report);
/// "12 ms", "1.8 s"
[[nodiscard]] std::string time_text(Duration duration);
/// 0.97 is "97%"; what is not certain is never called 100%.
[[nodiscard]] std::string percent(double confidence);
/// The remedies' heading: "What to do", "What would settle it".
[[nodiscard]] std::string_view remedies_heading(const Report& report);
/// "address=203.0.113.10 family=6", or "as it is" for the baseline.
[[nodiscard]] std::string varied_text(const Observation& observation);

}  // namespace fix502
