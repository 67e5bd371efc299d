#include "cli/keep.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "base/text.hpp"
#include "watch/look.hpp"

namespace fix502 {
namespace {

void say(const std::string& line) {
  fmt::print(stderr, "fix502: {}\n", printable(line, 400));
}

}  // namespace

std::optional<History> open_history(const DiagnosisOptions& options) {
  if (options.no_history) return std::nullopt;
  auto history = History::open(default_history_path(), say);
  if (history) return std::move(*history);
  say("this run is not kept in the history: " + history.error().message());
  return std::nullopt;
}

void keep_in_history(const Report& report, const DiagnosisOptions& options) {
  // What was cut short says nothing about the page.
  if (report.evidence.interrupted) return;
  auto history = open_history(options);
  if (!history) return;
  if (const auto kept = history->keep(past_run(report)); !kept)
    say("this run is not kept in the history: " + kept.error().message());
}

}  // namespace fix502
