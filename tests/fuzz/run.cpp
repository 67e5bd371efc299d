// A recorded run from a stranger, reasoned over and shown in every way that there is.
#include <algorithm>

#include "fuzz.hpp"
#include "observation/evidence.hpp"
#include "report/report.hpp"

namespace {

// Nothing hostile reaches a terminal raw.
bool is_plain(const std::string& text) {
  return std::ranges::none_of(text, [](char byte) {
    const auto value = static_cast<unsigned char>(byte);
    return (value < 0x20 && value != '\n') || value == 0x7f;
  });
}

}  // namespace

FUZZ(text) {
  using namespace fix502;
  auto evidence = read_run(text);
  if (!evidence) {
    fuzz::promise(!evidence.error().what.empty());
    return;
  }
  const auto again = read_run(write_run(*evidence));
  fuzz::promise(again.has_value() && *again == *evidence);

  const Report report = make_report(*std::move(evidence));
  fuzz::promise(report.steps.size() == 8 && report.path.size() == 7);
  fuzz::promise(report.verdict.finding.has_value() == (report.verdict.outcome == Outcome::fault));
  fuzz::promise(Json::parse(report_json(report)).is_object());
  for (const bool verbose : {false, true})
    fuzz::promise(
        is_plain(report_terminal(report, {.colour = false, .unicode = true, .width = 80, .verbose = verbose})));
  static_cast<void>(report_html(report));
  static_cast<void>(report_markdown(report));
}
