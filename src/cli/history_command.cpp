// `fix502 history`: what was seen before, for a person or as fix502.history/1.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "history/availability.hpp"
#include "history/history.hpp"
#include "history/page_past.hpp"
#include "history/times.hpp"
#include "report/columns.hpp"
#include "report/phrases.hpp"
#include "sys/host.hpp"

namespace fix502 {
namespace {

constexpr std::chrono::days kUsual{30};
constexpr std::size_t kMostListed = 20;  // outages of one page on a terminal
constexpr std::size_t kColumns = 80;
constexpr std::size_t kMarks = 60;

struct Asked {
  std::string url;  ///< empty: every page
  WallTime since{};
  bool json = false;
};

Result<Asked> parse(const std::vector<std::string>& arguments, WallTime now) {
  Asked asked;
  asked.since = now - kUsual;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--json") {
      asked.json = true;
    } else if (argument == "--since" || argument.starts_with("--since=")) {
      if (argument == "--since" && i + 1 == arguments.size())
        return fail("--since takes a time, such as 7d or 2026-11-01");
      const auto since = parse_since(argument == "--since" ? arguments[++i] : argument.substr(8), now);
      if (!since) return std::unexpected(since.error());
      asked.since = *since;
    } else if (argument.starts_with("-")) {
      return fail("history knows --json and --since TIME, not", printable(argument, 40));
    } else if (!asked.url.empty()) {
      return fail("history takes one web address, or none for all of them");
    } else {
      const auto target = parse_target(argument);
      if (!target) return std::unexpected(target.error());
      asked.url = url_for_history(*target);
    }
  }
  return asked;
}

std::string counted(std::int64_t count, std::string_view one, std::string_view more) {
  return fmt::format("{} {}", count, count == 1 ? one : more);
}

std::string summary_of_outages(const PagePast& past, WallTime now) {
  const auto median = median_length(past.outages, now);
  if (!median) return "no outage";
  std::chrono::seconds sum{};
  for (const Outage& outage : past.outages) sum += outage.length(now);
  return fmt::format("{}, {} in all, median {}", counted(std::ssize(past.outages), "outage", "outages"),
                     length_text(sum), length_text(*median));
}

std::string summary_of_tries(const PagePast& past) {
  const PastTries tries = tries_of(past);
  const auto faults = std::ranges::count(past.runs, "fault", &PastRun::outcome);
  const auto healthy = std::ranges::count(past.runs, "healthy", &PastRun::outcome);
  std::string text;
  if (tries.all > 0)
    text = fmt::format("{} of {} worked; ", percent(static_cast<double>(tries.worked) / static_cast<double>(tries.all)),
                       counted(tries.all, "try", "tries"));
  if (past.runs.empty()) return text.substr(0, text.rfind(';'));
  return text + fmt::format("{}: {} healthy, {} with a fault", counted(std::ssize(past.runs), "diagnosis", "diagnoses"),
                            healthy, faults);
}

std::string outage_line(const Outage& outage, WallTime now) {
  std::string length = length_text(outage.length(now));
  if (outage.is_going_on(now)) length += ", not over";
  if (outage.is_at_most()) length = "at most " + length;
  if (!outage.end_seen && !outage.is_going_on(now)) length = "at least " + length;
  std::string cause = outage.cause.fault.empty() ? "cause not known" : outage.cause.fault;
  if (is_provisional(outage.cause)) cause = "perhaps " + cause;
  return fmt::format("  {}   {:<20} {}", local_time(outage.began), length, cause);
}

std::vector<std::string> lines_of(const PagePast& past, WallTime since, WallTime now, bool unicode) {
  std::vector<std::string> lines = {past.url};
  if (!past.slots.empty()) {
    const WallTime from = std::max(since, past.slots.front().began);
    const auto marks = std::clamp<std::int64_t>((now - from + kSlot - std::chrono::seconds(1)) / kSlot, 1, kMarks);
    lines.push_back("  " + sparkline(availability(past.slots, from, now, static_cast<std::size_t>(marks)), unicode));
    lines.push_back(fmt::format("  since {}, {} per mark; {}", local_time(from), length_text((now - from) / marks),
                                unicode ? "full: it worked, low: it failed" : "9: it worked, 0: it failed"));
  }
  lines.push_back("  " + summary_of_tries(past));
  lines.push_back("  " + summary_of_outages(past, now));
  for (std::size_t i = 0; i < std::min(past.outages.size(), kMostListed); ++i)
    lines.push_back(outage_line(past.outages[i], now));
  if (past.outages.size() > kMostListed)
    lines.push_back(fmt::format("  ... and {} before that; --json lists them all", past.outages.size() - kMostListed));
  return lines;
}

void print_text(const std::vector<PagePast>& all, const Asked& asked, WallTime now) {
  const TerminalStyle style = style_of_stdout(false);
  if (all.empty())
    fmt::print("Nothing is known of {} since {}.\n", asked.url.empty() ? "any page" : asked.url,
               local_time(asked.since));
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i > 0) fmt::print("\n");
    for (const auto& line : lines_of(all[i], asked.since, now, style.unicode)) {
      const std::string clean = style.unicode ? line : plain_ascii(line);
      fmt::print("{}\n", clipped(clean, kColumns, style.unicode ? "…" : "..."));
    }
  }
}

Result<std::vector<PagePast>> read_past(const Asked& asked) {
  const std::string path = default_history_path();
  if (access(path.c_str(), F_OK) != 0) return std::vector<PagePast>{};  // asking is no reason to begin one
  auto history = History::open(path, [](const std::string& line) { complain(line); });
  if (!history) return std::unexpected(history.error());
  return read_past(*history, asked.url, asked.since);
}

void print_json(const std::vector<PagePast>& all, const Asked& asked, WallTime now) {
  fmt::print("{}\n", history_json(all, asked.since, now).dump(2));
}

}  // namespace

int history_command(std::vector<std::string> arguments) {
  const WallTime now = this_host()->now();
  const auto asked = parse(arguments, now);
  if (!asked) return complain(asked.error().message());
  const auto past = read_past(*asked);
  if (!past) return complain("the history: " + past.error().message());
  (asked->json ? print_json : print_text)(*past, *asked, now);
  return 0;
}

}  // namespace fix502
