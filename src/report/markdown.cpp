// The report for a ticket (CommonMark with GitHub's tables). What the network said is hostile there too: it must not
// become markup, a link, a picture, or a mention that wakes people up.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/phrases.hpp"
#include "report/report.hpp"

namespace fix502 {
namespace {

constexpr std::string_view kBreaker =
    "&#8203;";  // zero width: trackers look for names and links after resolving escapes

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// Prose. Every character that can open markup is escaped (CommonMark 2.4), and what trackers link by themselves
/// (@name, #12, !12, https://, www.) is broken up.
std::string prose(std::string_view text) {
  const std::string clean = printable(text, std::string::npos);
  std::string result;
  if (clean.starts_with('-') || clean.starts_with('+')) result += '\\';
  for (std::size_t i = 0; i < clean.size(); ++i) {
    const char c = clean[i];
    const std::string_view rest = std::string_view(clean).substr(i);
    if (std::string_view("\\`*_{}[]<>#|~!&$").find(c) != std::string_view::npos) result += '\\';
    result += c;
    const bool reference =
        std::string_view("@#!$~&%").find(c) != std::string_view::npos && rest.size() > 1 && is_word(rest[1]);
    const bool link =
        rest.starts_with("://") || (c == '.' && i >= 3 && equals_ignoring_case(clean.substr(i - 3, 3), "www"));
    if (reference || link) result += kBreaker;
  }
  return result;
}

/// Code, with a fence longer than any run of backticks inside (CommonMark 6.1). In a table a "|" ends the cell even
/// within code, and its escape is read differently by different trackers: it becomes a broken bar.
std::string code(std::string_view text, bool in_table) {
  std::string clean = printable(text, std::string::npos);
  if (clean.empty()) return {};
  if (in_table)
    for (auto at = clean.find('|'); at != clean.npos; at = clean.find('|', at)) clean.replace(at, 1, "¦");
  std::size_t longest = 0, run = 0;
  for (const char c : clean) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  const bool blank = clean.front() == '`' || clean.back() == '`' || clean.front() == ' ' || clean.back() == ' ';
  return blank ? fmt::format("{} {} {}", fence, clean, fence) : fence + clean + fence;
}

std::string verdict_part(const Report& report) {
  std::string text = fmt::format("## {}\n\n{}\n\n", prose(headline(report)), code(report.evidence.target.url, false));
  if (!report.verdict.summary.empty()) text += prose(report.verdict.summary) + "\n\n";
  for (const auto& sentence : judgement(report)) text += fmt::format("- {}\n", prose(sentence));
  if (const auto other = alternatives_sentence(report); !other.empty()) text += fmt::format("- {}\n", prose(other));
  if (report.verdict.finding) text += fmt::format("- Fault: {}\n", code(report.verdict.finding->fault, false));
  return text + fmt::format("- Seen at {}, {}, fix502 {}\n\n", prose(report.evidence.started_at), prose(effort(report)),
                            prose(report.evidence.version));
}

std::string path_part(const Report& report) {
  std::string text = "| Hop | State | Detail |\n| --- | --- | --- |\n";
  for (const auto& hop : report.path) {
    const std::string state = hop.state == HopState::broken ? "**broken**" : std::string(hop_words(hop.state));
    text += fmt::format("| {} | {} | {} |\n", to_word(hop.hop), state, prose(hop.detail));
  }
  return text + "\n";
}

std::string steps_part(const Report& report) {
  std::string text = "### Would the usual advice help?\n\n| Advice | Helps | What was seen |\n| --- | --- | --- |\n";
  for (const auto& step : report.steps)
    text += fmt::format("| {} | {} | {} |\n", prose(step_name(step.id)), answer(step.outlook), prose(step.finding));
  return text + "\n";
}

std::string remedies_part(const Report& report) {
  if (report.remedies.empty()) return {};
  std::string text = fmt::format("### {}\n\n", remedies_heading(report));
  int number = 0;
  for (const auto& remedy : report.remedies) {
    text += fmt::format("{}. {}**{}** ({}): {}", ++number, remedy.who == Side::owner ? "Owner: " : "",
                        prose(remedy.title), promise(remedy.outlook), prose(remedy.why));
    if (!remedy.command.empty()) text += " " + code(remedy.command, false);
    text += "\n";
  }
  return text + "\n";
}

std::string also_part(const Report& report) {
  if (report.verdict.also.empty()) return {};
  std::string text = "### Broken as well\n\n";
  for (const auto& finding : report.verdict.also)
    text += fmt::format("- {} ({}): {}\n", prose(title_of(finding.fault)), code(finding.fault, false),
                        prose(finding.summary));
  return text + "\n";
}

std::string edge_part(const Report& report) {
  if (!report.comparison) return {};
  std::string text = "### Edge and origin, asked the same\n\n| Field | Edge | Origin |\n| --- | --- | --- |\n";
  for (const auto& pair : report.comparison->fields)
    if (pair.differs || pair.field == "status")
      text += fmt::format("| {} | {} | {} |\n", prose(pair.field), prose(pair.edge), prose(pair.origin));
  text += "\n";
  for (const auto& suspect : report.comparison->settings)
    text += fmt::format("- {} ({}): {}; set it to: {}\n", prose(what_it_is(suspect.kind)), to_word(suspect.suspicion),
                        prose(suspect.why), prose(suspect.value));
  return report.comparison->settings.empty() ? text : text + "\n";
}

/// What the verdict rests on; the rest stands in the JSON report.
std::string evidence_part(const Report& report) {
  std::string text;
  for (const auto& id : report.verdict.evidence) {
    const auto* seen = report.evidence.find(id);
    if (!seen) continue;
    text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", code(seen->id, true), probe_kind(*seen),
                        prose(varied_text(*seen)), prose(outcome(*seen)), time_text(seen->duration),
                        code(seen->reproduce, true));
  }
  if (text.empty()) return {};
  return "### Evidence\n\n| Id | Probe | Varied | Seen | Took | Again |\n| --- | --- | --- | --- | --- | --- |\n" +
         text;
}

}  // namespace

std::string report_markdown(const Report& report) {
  std::string text;
  for (const auto part : {verdict_part, path_part, remedies_part, steps_part, also_part, edge_part, evidence_part})
    text += part(report);
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

}  // namespace fix502
