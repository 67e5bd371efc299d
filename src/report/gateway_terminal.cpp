// What the owner reads: which line sends the page where, the one cause with its proof, and the diff that ends it.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "cause/scene.hpp"
#include "report/columns.hpp"
#include "report/edge_report.hpp"
#include "report/gateway_phrases.hpp"
#include "report/gateway_report.hpp"
#include "report/pen.hpp"
#include "report/phrases.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kSigns = 6;
constexpr std::size_t kProblems = 3, kNotes = 3;
constexpr std::size_t kMany = 200;  // lines of one text

void append(Lines& lines, const Lines& more, std::string_view indent = "") {
  for (const auto& line : more) lines.push_back(std::string(indent) + line);
}

std::string effort_of(const GatewayReport& report) {
  return fmt::format("{} request{} in {}", report.requests_sent, report.requests_sent == 1 ? "" : "s",
                     time_text(report.duration));
}

/// Every limit of the way, and where it comes from.
Lines limit_lines(const Route& route, const Pen& pen) {
  Lines lines;
  for (const auto& [word, limit] : route.limits) {
    LimitKind kind{};
    if (!from_word(word, kind)) continue;
    const Setting& from = limit.from;
    const std::string source =
        from.source == Source::builtin
            ? std::string("the default")
            : fmt::format("{} at {}", from.source == Source::set ? "set" : "inherited, set", where(from.place));
    append(
        lines,
        pen.wrap(fmt::format("{}: {} ({}, {})", title(kind), from.value, from.directive, source), pen.width() - 4, 2),
        "    ");
  }
  return lines;
}

Lines way_lines(const GatewayEvidence& way, bool with_notes, const Pen& pen) {
  Lines lines;
  const Route& route = way.route;
  std::string place = where(route.place);
  std::string text = fmt::format("{} {}", way.kind, way.gateway_version);
  if (route.kind == RouteKind::proxied) {
    text += fmt::format(", {}: {}", route.server, route.location);
    append(lines, pen.wrap(text, pen.width() - 2, 3), "  ");
    append(lines, pen.wrap(place, pen.width() - 4, 2), "    ");
    for (const auto& server : route.servers) {
      const std::string_view extra = server.disabled ? " (disabled)" : server.backup ? " (backup)" : "";
      append(
          lines,
          pen.wrap(fmt::format("{} {} {}{}", pen.marks().way, server.endpoint(), title(route.request.protocol), extra) +
                       (route.tls.on ? " over TLS" : ""),
                   pen.width() - 4, 2),
          "    ");
    }
    for (std::size_t i = 0; with_notes && i < std::min(route.notes.size(), kNotes); ++i)
      append(lines, pen.wrap("(" + route.notes[i] + ")", pen.width() - 4, 2), "    ");
  } else {
    text += route.kind == RouteKind::answered ? fmt::format(", {}: answered by itself ({})", route.server, route.answer)
                                              : std::string(": takes no such request");
    append(lines, pen.wrap(text, pen.width() - 2, 3), "  ");
  }
  return lines;
}

/// What is wrong in the files themselves, the worst first.
Lines problem_lines(const GatewayReport& report, const Pen& pen) {
  const auto is_said = [&](const Problem& problem) {
    return std::ranges::any_of(report.findings, [&](const GatewayFinding& finding) {
      return finding.cause.fault == "gateway.config-invalid" &&
             std::ranges::any_of(finding.cause.signs, [&](const Sign& sign) { return sign.text == problem.what; });
    });
  };
  std::vector<const Problem*> problems;
  for (const auto& gateway : report.gateways)
    for (const auto& problem : gateway.problems)
      if (!is_said(problem)) problems.push_back(&problem);
  std::ranges::stable_sort(problems, [](const Problem* a, const Problem* b) { return a->fatal && !b->fatal; });
  Lines lines;
  for (std::size_t i = 0; i < std::min(problems.size(), kProblems); ++i)
    append(lines,
           pen.wrap(fmt::format("{} {}: {}", problems[i]->fatal ? "It does not load:" : "Configuration:",
                                where(problems[i]->place), problems[i]->what),
                    pen.width() - 2, 3),
           "  ");
  if (problems.size() > kProblems)
    lines.push_back(fmt::format("  and {} more problems of the configuration (--json)", problems.size() - kProblems));
  return lines;
}

Lines sign_lines(const CauseFinding& cause, const Pen& pen) {
  Lines lines;
  for (std::size_t i = 0; i < std::min(cause.signs.size(), kSigns); ++i) {
    const Sign& sign = cause.signs[i];
    const std::string lead = padded(std::string(to_word(sign.kind)), 14);
    Lines text = pen.wrap(sign_text(sign), pen.width() - 4 - lead.size(), 3);
    for (std::size_t line = 0; line < text.size(); ++line)
      lines.push_back("    " + pen.paint(Ink::faint, line == 0 ? lead : std::string(lead.size(), ' ')) + text[line]);
    if (!sign.sample.empty()) lines.push_back("      " + pen.paint(Ink::faint, pen.fit(sign.sample, pen.width() - 6)));
  }
  if (cause.signs.size() > kSigns)
    lines.push_back(fmt::format("    and {} more (--json)", cause.signs.size() - kSigns));
  return lines;
}

Lines diff_lines(const std::string& diff, const Pen& pen) {
  Lines lines;
  std::size_t at = 0;
  while (at < diff.size() && lines.size() < kMany) {
    const auto end = std::min(diff.find('\n', at), diff.size());
    const std::string line = printable(std::string_view(diff).substr(at, end - at), 2000);
    const Ink ink = line.starts_with('+') ? Ink::good : line.starts_with('-') ? Ink::bad : Ink::plain;
    lines.push_back("    " + pen.paint(ink, pen.clean(line)));
    at = end + 1;
  }
  return lines;
}

Lines fix_lines(const GatewayFinding& finding, const Pen& pen) {
  Lines lines;
  if (finding.fix) {
    const std::string how = finding.fix->automatic ? " (`--apply` does it, and rolls back if it does not help)" : "";
    append(lines, pen.wrap("To end it: " + finding.fix->title + how, pen.width() - 2, 4), "  ");
    append(lines, diff_lines(finding.fix->diff, pen));
    for (const auto& command : finding.fix->commands) lines.push_back("    $ " + pen.clean(command));
  }
  for (const auto& advice : finding.cause.advice) {
    append(lines, pen.wrap(advice.say, pen.width() - 2, 4), "  ");
    if (!advice.replace.empty())
      lines.push_back(fmt::format("    {}: {}", where(advice.place), pen.clean(advice.replace)));
    for (const auto& command : advice.commands) lines.push_back("    $ " + pen.clean(command));
  }
  return lines;
}

Lines finding_lines(const GatewayFinding& finding, const Pen& pen) {
  const CauseFinding& cause = finding.cause;
  const bool present = cause.state == CauseState::present;
  const std::string id = fmt::format(" ({})", cause.fault);
  Lines lines{pen.paint(present ? Ink::bad : Ink::doubtful, present ? pen.marks().broken : pen.marks().unknown) + " " +
              pen.paint(Ink::strong, pen.fit(title_of(cause.fault), pen.width() - 2)) + pen.paint(Ink::faint, id)};
  append(lines, pen.wrap(cause.summary, pen.width() - 2, 6), "  ");
  append(lines, sign_lines(cause, pen));
  append(lines, fix_lines(finding, pen));
  return lines;
}

Lines applied_lines(const Applied& applied, const Pen& pen) {
  Lines lines;
  for (const auto& change : applied.changes) {
    const std::string text = change.kept ? fmt::format("Done: {}. {}", change.title, change.said)
                                         : fmt::format("Taken back: {}. {}", change.title, change.said);
    append(lines, pen.wrap(text, pen.width(), 6));
    if (change.kept && change.undo > 0) lines.push_back(fmt::format("`fix502 undo {}` takes it back.", change.undo));
  }
  if (applied.changes.empty())
    lines.push_back("Nothing was changed: no finding here is ended by the gateway's configuration.");
  return lines;
}

Lines verdict_lines(const GatewayReport& report, const Pen& pen) {
  // A fault of the gateway's own is said with its finding; one of the CDN's in front has none.
  const bool broken = report.verdict.outcome == Outcome::fault;
  if (broken && !report.findings.empty() && !report.verdict.finding->fault.starts_with("cdn.")) return {};
  const bool healthy = report.verdict.outcome == Outcome::healthy;
  const std::string_view mark = healthy ? pen.marks().works : broken ? pen.marks().broken : pen.marks().unknown;
  Lines lines{pen.paint(healthy  ? Ink::good
                        : broken ? Ink::bad
                                 : Ink::doubtful,
                        mark) +
              " " + pen.paint(Ink::strong, gateway_headline(report))};
  append(lines, pen.wrap(report.verdict.summary, pen.width() - 2, 6), "  ");
  return lines;
}

}  // namespace

std::string gateway_terminal(const GatewayReport& report, const TerminalStyle& style) {
  const Pen pen(style);
  const std::string right = effort_of(report);
  const std::string left =
      pen.fit(report.target ? report.target->url : "every way through the gateways of this machine",
              pen.width() - right.size() - 2);
  Lines lines{pen.paint(Ink::strong, padded(left, pen.width() - right.size())) + pen.paint(Ink::faint, right), ""};
  if (report.ways.size() <= 4 || style.verbose)
    for (const auto& way : report.ways) {
      append(lines, way_lines(way, style.verbose || report.verdict.outcome == Outcome::inconclusive, pen));
      if (style.verbose && way.route.kind == RouteKind::proxied) append(lines, limit_lines(way.route, pen));
    }
  append(lines, problem_lines(report, pen));
  if (const Lines verdict = verdict_lines(report, pen); !verdict.empty()) {
    lines.emplace_back();
    append(lines, verdict);
  }
  for (const auto& finding : report.findings) {
    lines.emplace_back();
    append(lines, finding_lines(finding, pen));
  }
  if (!report.checked.empty() && (report.findings.empty() || style.verbose)) {
    lines.emplace_back();
    append(lines, pen.wrap(fmt::format("Checked: {}.", fmt::join(report.checked, "; ")), pen.width(), 12));
  }
  for (const auto& note : report.notes) append(lines, pen.wrap("Not seen: " + note, pen.width(), 6));
  if (report.comparison) {
    lines.emplace_back();
    append(lines, comparison_lines(*report.comparison, pen));
  }
  if (report.applied) {
    lines.emplace_back();
    append(lines, applied_lines(*report.applied, pen));
  }
  return fmt::format("{}\n", fmt::join(lines, "\n"));
}

std::string gateway_markdown(const GatewayReport& report) {
  std::string text = fmt::format("### {}\n\n", gateway_headline(report));
  if (report.target) text += fmt::format("`{}`, {}\n\n", printable(report.target->url, 2000), effort_of(report));
  if (report.findings.empty()) text += printable(report.verdict.summary, 2000) + "\n";
  for (const auto& finding : report.findings) {
    text += fmt::format("**{}** (`{}`, {})\n\n{}\n\n", title_of(finding.cause.fault), finding.cause.fault,
                        to_word(finding.cause.state), printable(finding.cause.summary, 2000));
    for (const auto& sign : finding.cause.signs)
      text += fmt::format("- {}: `{}`\n", to_word(sign.kind), printable(sign_text(sign), 1000));
    if (finding.fix) {
      text += fmt::format("\n{}\n", printable(finding.fix->title, 1000));
      if (!finding.fix->diff.empty())
        text += fmt::format("\n```diff\n{}```\n", printable(finding.fix->diff, 1 << 20, true));
    }
    text += "\n";
  }
  return text;
}

}  // namespace fix502
