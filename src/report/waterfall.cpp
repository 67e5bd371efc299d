#include <fmt/format.h>

#include <algorithm>

#include "report/columns.hpp"
#include "report/pen.hpp"
#include "report/phrases.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kBar = 16;  // columns of the whole run
constexpr std::size_t kTime = 7;  // "1234 ms"

std::string bar(const Observation& observation, Duration whole, const Pen& pen) {
  const auto column = [&](Duration at) {
    if (whole.count() <= 0) return std::size_t{0};
    return static_cast<std::size_t>(
        std::clamp(at.count() * static_cast<long>(kBar) / whole.count(), 0L, static_cast<long>(kBar)));
  };
  const std::size_t first = std::min(column(observation.started), kBar - 1);
  const std::size_t last = std::clamp(column(observation.started + observation.duration), first + 1, kBar);
  std::string text;
  for (std::size_t i = 0; i < kBar; ++i)
    text += i >= first && i < last ? pen.marks().bar : i < first ? pen.marks().before : " ";
  return text;
}

Duration end_of_run(const Report& report) {
  Duration end = report.evidence.duration;
  for (const auto& observation : report.evidence.observations)
    end = std::max(end, observation.started + observation.duration);
  return end;
}

}  // namespace

Lines draw_waterfall(const Report& report, const Pen& pen) {
  const auto& cites = report.verdict.evidence;
  const Duration whole = end_of_run(report);
  Lines lines;
  for (const auto& seen : report.evidence.observations) {
    const bool cited = std::ranges::find(cites, seen.id) != cites.end();
    const std::string head = fmt::format("{} {} {} {:>{}} ", cited ? "*" : " ", padded(pen.fit(seen.id, 5), 4),
                                         bar(seen, whole, pen), time_text(seen.duration), kTime);
    const std::string what = fmt::format("{} {}: {}", probe_kind(seen), varied_text(seen), outcome(seen));
    lines.push_back(pen.paint(cited ? Ink::strong : Ink::plain, head + pen.fit(what, pen.width() - columns_of(head))));
    // Not cut to the width: it is there to be copied.
    if (!seen.reproduce.empty()) lines.push_back(pen.paint(Ink::faint, "         $ " + pen.clean(seen.reproduce)));
  }
  if (!lines.empty()) lines.push_back(pen.paint(Ink::faint, "* what the verdict rests on"));
  return lines;
}

}  // namespace fix502
