// The report that a person reads first: one screen, the answer at the top, what to do at the end.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/columns.hpp"
#include "report/edge_report.hpp"
#include "report/pen.hpp"
#include "report/phrases.hpp"
#include "report/report.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kScreen = 30;  // lines; what does not fit is left to -v and --json
constexpr std::size_t kVerdict = 5;  // lines: what was seen, and whose side it is
constexpr std::size_t kRemedies = 4;
constexpr std::size_t kStepName = 20;
constexpr std::size_t kAnswer = 7;
constexpr Ink kAnswerInks[] = {Ink::good, Ink::doubtful, Ink::plain, Ink::faint};  // by Outlook

void append(Lines& lines, const Lines& more) {
  lines.insert(lines.end(), more.begin(), more.end());
}

Lines indented(const Lines& lines, std::string_view indent = "  ") {
  Lines result;
  for (const auto& line : lines) result.push_back(std::string(indent) + line);
  return result;
}

std::string header(const Report& report, const Pen& pen) {
  const std::string right = effort(report);
  const std::string url = pen.fit(report.evidence.target.url, pen.width() - right.size() - 2);
  return pen.paint(Ink::strong, padded(url, pen.width() - right.size())) + pen.paint(Ink::faint, right);
}

std::string title_line(const Report& report, const Pen& pen) {
  struct Look {
    std::string_view mark;
    Ink ink;
  };
  const Look looks[] = {
      {pen.marks().works, Ink::good}, {pen.marks().broken, Ink::bad}, {pen.marks().unknown, Ink::doubtful}};
  const auto& look = looks[static_cast<std::size_t>(report.verdict.outcome)];
  const std::string id = report.verdict.finding ? fmt::format(" ({})", report.verdict.finding->fault) : "";
  const std::string title = pen.fit(headline(report), pen.width() - 2 - std::min<std::size_t>(id.size(), 40));
  return pen.paint(look.ink, look.mark) + " " + pen.paint(Ink::strong, title) +
         pen.paint(Ink::faint, pen.fit(id, pen.width() - 2 - columns_of(title)));
}

/// The verdict in plain words.
Lines verdict_lines(const Report& report, const Pen& pen) {
  const std::size_t room = pen.width() - 2;
  Lines lines{title_line(report, pen)};
  append(lines, indented(pen.wrap(report.verdict.summary, room, 3)));
  const std::size_t left = kVerdict + 1 - lines.size();
  append(lines, indented(pen.wrap(fmt::format("{}", fmt::join(judgement(report), " ")), room, left)));
  if (report.verdict.outcome != Outcome::inconclusive) return lines;
  append(lines, indented(pen.wrap(alternatives_sentence(report), room, 3)));
  if (!report.evidence.not_tried.empty())
    append(lines,
           indented(pen.wrap(fmt::format("Not tried: {}.", fmt::join(report.evidence.not_tried, "; ")), room, 2)));
  return lines;
}

Lines step_lines(const Report& report, const Pen& pen) {
  Lines lines{pen.paint(Ink::strong, "Would the usual advice help?")};
  for (const auto& step : report.steps) {
    const std::string word(answer(step.outlook));
    const std::string name = padded(pen.fit(step_name(step.id), kStepName), kStepName);
    const std::size_t used = 2 + kAnswer + 2 + kStepName + 2;
    // What helps is said in full; why something does not, as far as a line goes.
    const bool helps = step.outlook == Outlook::fixes || step.outlook == Outlook::may_help;
    std::string lead = "  " + pen.paint(kAnswerInks[static_cast<std::size_t>(step.outlook)], padded(word, kAnswer)) +
                       "  " + name + "  ";
    for (const auto& text : pen.wrap(step.finding, pen.width() - used, helps ? 2 : 1)) {
      lines.push_back(lead + text);
      lead = std::string(used, ' ');
    }
  }
  return lines;
}

/// The command with "URL" in the URL's place, which the heading then explains.
std::string shortened(const std::string& command, const Report& report, const Pen& pen) {
  const std::string url = pen.clean(shell_quoted(report.evidence.target.url));
  const auto at = command.rfind(url);
  return url.empty() || at == command.npos ? command : command.substr(0, at) + "URL" + command.substr(at + url.size());
}

std::string command_of(const Remedy& remedy, const Pen& pen) {
  return remedy.command.empty() ? "" : "$ " + pen.clean(remedy.command);
}

/// One line: what to do and the command, in the fullest form that fits. A command is never cut: it may be copied.
std::string remedy_line(const Remedy& remedy, std::string_view lead, const Report& report, const Pen& pen) {
  const std::size_t width = pen.width() - 2;
  const std::string title = fmt::format("{}{}", lead, remedy.title);
  const std::string promised = fmt::format("{} ({})", title, promise(remedy.outlook));
  const std::string whole = command_of(remedy, pen), brief = shortened(whole, report, pen);
  struct Form {
    std::string before, command;
  };
  const Form forms[] = {{promised + ": ", whole},
                        {title + ": ", whole},
                        {title + ": ", brief},
                        {std::string(lead), whole},
                        {std::string(lead), brief}};
  for (const auto& [before, command] : forms)
    if (!command.empty() && columns_of(before) + columns_of(command) <= width)
      return "  " + before + pen.paint(Ink::strong, command);
  return "  " + pen.fit(remedy.why.empty() ? promised : promised + ": " + remedy.why, width);
}

/// The best remedy gets its reason and a line for the command; the others one line each.
Lines remedy_lines(const Report& report, const Pen& pen, std::size_t room) {
  Lines lines;
  const std::size_t count = std::min(report.remedies.size(), kRemedies);
  for (std::size_t i = 0; i < count && lines.size() < room; ++i) {
    const auto& remedy = report.remedies[i];
    const std::string lead = fmt::format("{} {}", i + 1, remedy.who == Side::owner ? "Owner: " : "");
    std::string command = command_of(remedy, pen);
    if (columns_of(command) + 4 > pen.width()) command = shortened(command, report, pen);
    if (i > 0 || command.empty() || columns_of(command) + 4 > pen.width() || room <= count) {
      lines.push_back(remedy_line(remedy, lead, report, pen));
      continue;
    }
    const std::string what = fmt::format("{}{} ({}): {}", lead, remedy.title, promise(remedy.outlook), remedy.why);
    // The reason may take a second line where one is left.
    const Lines said = pen.wrap(what, pen.width() - 4, room > count + 1 ? 2 : 1);
    lines.push_back("  " + said.front());
    for (std::size_t line = 1; line < said.size(); ++line) lines.push_back("    " + said[line]);
    lines.push_back("    " + pen.paint(Ink::strong, command));
  }
  return lines;
}

/// The heading and the remedies; `room` counts both.
Lines remedy_part(const Report& report, const Pen& pen, std::size_t room) {
  if (report.remedies.empty() || room < 2) return {};
  const Lines remedies = remedy_lines(report, pen, room - 1);
  const bool brief = std::ranges::any_of(remedies, [](const auto& line) { return line.find(" URL") != line.npos; });
  Lines lines{pen.paint(Ink::strong, remedies_heading(report)) +
              pen.paint(Ink::faint, brief ? "   (URL: the address at the top)" : "")};
  append(lines, remedies);
  return lines;
}

Lines further_lines(const Report& report, const Pen& pen) {
  const auto faults = further_faults(report);
  if (faults.empty()) return {};
  if (report.verdict.outcome != Outcome::healthy)
    return {pen.fit(fmt::format("Also: {}", fmt::join(faults, "; ")), pen.width())};
  Lines lines{pen.paint(Ink::strong, "Broken all the same, behind what works")};
  for (const auto& finding : report.verdict.also) {
    if (lines.size() > kRemedies) break;
    const std::string id = fmt::format("({})", finding.fault);
    append(lines, {"  " + pen.fit(fmt::format("{} {}", title_of(finding.fault), id), pen.width() - 2)});
    append(lines, indented(pen.wrap(finding.summary, pen.width() - 4, 2), "    "));
  }
  return lines;
}

/// Sets a part off with an empty line, where the screen has one left; `after` lines are still to come behind the part.
void add_part(Lines& lines, const Lines& part, std::size_t after) {
  if (part.empty()) return;
  if (lines.size() + 1 + part.size() + after <= kScreen) lines.emplace_back();
  append(lines, part);
}

}  // namespace

std::string report_terminal(const Report& report, const TerminalStyle& style) {
  const Pen pen(style);
  const bool healthy = report.verdict.outcome == Outcome::healthy;
  Lines lines{header(report, pen), ""};
  append(lines, draw_path(report, pen));
  lines.emplace_back();
  append(lines, verdict_lines(report, pen));
  const Lines further = further_lines(report, pen);
  const Lines hint{pen.paint(Ink::faint, "More: -v for every observation, --json for machines")};
  lines.emplace_back();
  append(lines, healthy ? further : step_lines(report, pen));
  if (lines.back().empty()) lines.pop_back();
  const std::size_t last = hint.size() + (healthy ? 0 : further.size());
  const std::size_t taken = std::min(lines.size() + 1 + last, kScreen);
  add_part(lines, remedy_part(report, pen, kScreen - taken), last);
  if (!healthy) add_part(lines, further, hint.size());
  // For the owner, who asked for it: it may go beyond the visitor's one screen.
  if (report.comparison) {
    lines.emplace_back();
    append(lines, comparison_lines(*report.comparison, pen));
  }
  if (style.verbose) {
    append(lines, {"", pen.paint(Ink::strong, "What was seen")});
    append(lines, draw_waterfall(report, pen));
  } else {
    add_part(lines, hint, 0);
  }
  return fmt::format("{}\n", fmt::join(lines, "\n"));
}

}  // namespace fix502
