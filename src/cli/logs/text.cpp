// Incidents on a terminal: a table, and below each row its timeline on an axis that all share.
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/logs/shapes.hpp"
#include "history/times.hpp"
#include "report/columns.hpp"
#include "report/pen.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostShown = 20;
constexpr std::size_t kIndent = 9;

std::string counted(std::uint64_t count) {
  if (count < 100'000) return std::to_string(count);
  if (count < 10'000'000) return fmt::format("{}k", count / 1'000);
  return fmt::format("{}M", count / 1'000'000);
}

std::string bars(const std::vector<std::uint64_t>& counts, bool unicode) {
  constexpr std::array<std::string_view, 9> kUnicode = {"·", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  constexpr std::array<std::string_view, 9> kAscii = {".", "1", "2", "3", "4", "5", "6", "7", "8"};
  const std::uint64_t most = counts.empty() ? 1 : std::max<std::uint64_t>(1, *std::ranges::max_element(counts));
  std::string line;
  for (const std::uint64_t count : counts) {
    const std::size_t height = count == 0 ? 0 : static_cast<std::size_t>((count * 8 + most - 1) / most);
    line += (unicode ? kUnicode : kAscii).at(height);
  }
  return line;
}

std::string urls_of(const Incident& incident, std::size_t columns, const Pen& pen) {
  std::string line;
  std::size_t more = incident.urls.size();
  for (const auto& [url, count] : incident.urls.top(4)) {
    const std::string next = (line.empty() ? "" : "  ") + fmt::format("{} ({})", shown(url, 60), counted(count));
    if (!line.empty() && columns_of(line) + columns_of(next) > columns - 12) break;
    line += next;
    --more;
  }
  if (more > 0 && !line.empty()) line += fmt::format("  +{} more", more);
  return pen.fit(line, columns);
}

std::string when(const Incident& incident) {
  const std::string from = local_time(incident.first_seen);
  return fmt::format("{} {} for {}", from.substr(0, 10), local_clock(incident.first_seen), lasting(incident));
}

void add_incident(std::string& text, const Incident& incident, WallTime from, WallTime to, const Pen& pen,
                  bool unicode) {
  const std::size_t width = pen.width() - kIndent;
  const auto add = [&](std::string_view label, const std::string& line) {
    text += padded("  " + std::string(label), kIndent) + line + "\n";
  };
  const std::string upstream =
      incident.upstream.empty() ? "(no log tells the upstream)" : shown(incident.upstream, 100);
  text += fmt::format("{:>7}  {}\n", counted(incident.failed),
                      pen.paint(Ink::bad, pen.fit(fmt::format("{}  {}", incident.fault, upstream), width)));
  std::string of = incident.requests ? fmt::format("of {} requests; ", counted(*incident.requests)) : "";
  add("", pen.fit(fmt::format("{}{}; {}", of, when(incident),
                              incident.cause.empty() ? words_of_fault(incident.fault) : incident.cause),
                  width));
  const auto seconds = static_cast<std::size_t>((to - from).count()) + 1;
  if (!incident.timeline.empty()) add("", bars(incident.timeline.sampled(from, to, std::min(width, seconds)), unicode));
  if (const std::string urls = urls_of(incident, width, pen); !urls.empty()) add("", urls);
  if (incident.folded > 0)
    add("", pen.fit(fmt::format("{} of them had no upstream left to try", counted(incident.folded)), width));
  if (incident.retried > 0)
    add("", pen.fit(fmt::format("{} more were answered by another upstream", counted(incident.retried)), width));
  if (incident.made_by == "upstream") add("", pen.fit("the upstream itself gave this answer", width));
  if (incident.sureness != Sureness::certain)
    add("", pen.fit(incident.sureness == Sureness::likely ? "likely: the log leaves other reasons open"
                                                          : "possible: the log alone does not settle the reason",
                    width));
  if (const std::string began = began_text(incident); !began.empty()) add("began:", pen.fit(began, width));
  if (!incident.because.empty()) add("why:", pen.fit(shown(incident.because), width));
  add("line:", pen.paint(Ink::faint, pen.fit(shown(incident.sample, 500), width)));
}

}  // namespace

std::string logs_text(const LogReport& report, const TerminalStyle& style) {
  const Pen pen(style);
  std::string text =
      pen.paint(Ink::strong, headline_of(report) + (report.interrupted ? ", so far (interrupted)" : "")) + "\n";
  text += pen.fit(fmt::format("  {} read from {} file{}", bytes_text(report.stats.bytes), report.files.size(),
                              report.files.size() == 1 ? "" : "s"),
                  pen.width()) +
          "\n";
  if (!report.incidents.empty()) {
    WallTime from = report.incidents.front().first_seen;
    WallTime to = report.incidents.front().last_seen;
    for (const Incident& incident : report.incidents) {
      from = std::min(from, incident.first_seen);
      to = std::max(to, incident.last_seen);
    }
    text += pen.fit(fmt::format("  timelines from {} to {}", local_time(from), local_time(to)), pen.width()) + "\n\n";
    text += " FAILED  FAULT AND UPSTREAM\n";
    for (std::size_t i = 0; i < std::min(report.incidents.size(), kMostShown); ++i)
      add_incident(text, report.incidents[i], from, to, pen, style.unicode);
    if (report.incidents.size() > kMostShown)
      text += fmt::format("  ... and {} smaller ones; --json lists them all\n", report.incidents.size() - kMostShown);
  }
  const ScanStats& stats = report.stats;
  if (stats.unknown > 0) {
    text += fmt::format("\nOf no known shape, but as if about trouble: {} line{}\n", stats.unknown,
                        stats.unknown == 1 ? "" : "s");
    for (const auto& [shape, count] : stats.unknown_shapes.top(3))
      text += fmt::format("{:>7}  {}\n", counted(count), pen.fit(shape, pen.width() - kIndent));
  }
  if (stats.huge + stats.future + stats.backward > 0)
    text += pen.fit(fmt::format("  odd lines: {} too long, {} from the future, {} back in time", stats.huge,
                                stats.future, stats.backward),
                    pen.width()) +
            "\n";
  return text;
}

}  // namespace fix502
