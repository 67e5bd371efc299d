// The report as one page that needs nothing else: no script, no font, no picture, nothing loaded from anywhere.

#include <fmt/format.h>

#include "base/text.hpp"
#include "report/phrases.hpp"
#include "report/report.hpp"

namespace fix502 {
namespace {

// The policy makes sure of it: whatever slipped through the escaping could load and run nothing.
constexpr std::string_view kHead = R"(<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
)";

constexpr std::string_view kStyle = R"(<style>
:root{--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--page:#fff;--card:#f6f8fa;--good:#116329;--bad:#b3161b;--doubt:#7d4e00}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9aa4af;--line:#3a424c;--page:#0d1117;--card:#161b22;--good:#56d364;--bad:#ff8079;--doubt:#e3b341}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:1.5rem;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0}h2{font-size:1.1rem;margin:2rem 0 .5rem}
.soft,caption{color:var(--soft)}.good{color:var(--good)}.bad{color:var(--bad)}.doubt{color:var(--doubt)}
.lead{font-size:1.15rem}
ol.path{list-style:none;display:flex;flex-wrap:wrap;gap:.5rem;padding:0}
ol.path li{flex:1 1 7rem;border:1px solid var(--line);border-top:.3rem solid var(--line);border-radius:.4rem;background:var(--card);padding:.5rem}
ol.path li.good{border-top-color:var(--good)}ol.path li.bad{border:2px solid var(--bad);border-top-width:.3rem}
ol.path li>*{display:block;color:var(--ink)}ol.path li.good b{color:var(--good)}ol.path li.bad b{color:var(--bad)}ol.path small{color:var(--soft)}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--line)}
td.time{text-align:right;white-space:nowrap}code{font:.9em ui-monospace,monospace}pre{background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.6rem;margin:.3rem 0;white-space:pre-wrap}
summary{cursor:pointer}li.remedy{margin-bottom:.8rem}
</style>
)";

constexpr std::string_view kClasses[] = {"good", "bad", "soft", "doubt"};         // by HopState
constexpr std::string_view kAnswerClasses[] = {"good", "doubt", "soft", "soft"};  // by Outlook
constexpr std::string_view kVerdictClasses[] = {"good", "bad", "doubt"};          // by Outcome

/// Text as text, within elements and quoted attributes (HTML 13.3), whatever it holds.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : printable(text, std::string::npos)) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

template <typename Enum, std::size_t N>
std::string_view class_of(const std::string_view (&table)[N], Enum value) {
  return table[static_cast<std::size_t>(value)];
}

std::string verdict_section(const Report& report) {
  const auto& verdict = report.verdict;
  std::string html =
      fmt::format("<header>\n<p class=\"soft\">fix502 looked at <code>{}</code> &middot; {} &middot; {}</p>\n",
                  escaped(report.evidence.target.url), escaped(report.evidence.started_at), effort(report));
  html +=
      fmt::format("<h1 class=\"{}\">{}</h1>\n", class_of(kVerdictClasses, verdict.outcome), escaped(headline(report)));
  if (!verdict.summary.empty()) html += fmt::format("<p class=\"lead\">{}</p>\n", escaped(verdict.summary));
  if (const auto said = judgement(report); !said.empty())
    html += fmt::format("<p>{}</p>\n", escaped(fmt::format("{}", fmt::join(said, " "))));
  if (const auto other = alternatives_sentence(report); !other.empty())
    html += fmt::format("<p>{}</p>\n", escaped(other));
  if (verdict.finding)
    html += fmt::format("<p class=\"soft\">Fault <code>{}</code></p>\n", escaped(verdict.finding->fault));
  return html + "</header>\n";
}

std::string path_section(const Report& report) {
  std::string html =
      "<section aria-labelledby=\"path\">\n<h2 id=\"path\">The way of the request</h2>\n<ol class=\"path\">\n";
  for (const auto& hop : report.path)
    html += fmt::format("<li class=\"{}\"><span>{}</span> <b>{}</b> <small>{}</small></li>\n",
                        class_of(kClasses, hop.state), to_word(hop.hop), hop_words(hop.state), escaped(hop.detail));
  return html + "</ol>\n</section>\n";
}

std::string remedies_section(const Report& report) {
  if (report.remedies.empty()) return {};
  std::string html = fmt::format("<section aria-labelledby=\"remedies\">\n<h2 id=\"remedies\">{}</h2>\n<ol>\n",
                                 remedies_heading(report));
  for (const auto& remedy : report.remedies) {
    html += fmt::format("<li class=\"remedy\"><strong>{}</strong> <span class=\"{}\">{}</span>{}<br>{}",
                        escaped(remedy.title), class_of(kAnswerClasses, remedy.outlook), promise(remedy.outlook),
                        remedy.who == Side::owner ? " <span class=\"soft\">for the site's owner</span>" : "",
                        escaped(remedy.why));
    if (!remedy.command.empty()) html += fmt::format("\n<pre><code>{}</code></pre>", escaped(remedy.command));
    html += "</li>\n";
  }
  return html + "</ol>\n</section>\n";
}

std::string steps_section(const Report& report) {
  std::string html =
      "<section aria-labelledby=\"steps\">\n<h2 id=\"steps\">Would the usual advice help?</h2>\n<div "
      "class=\"wide\"><table>\n"
      "<thead><tr><th scope=\"col\">Advice</th><th scope=\"col\">Helps</th><th scope=\"col\">What was "
      "seen</th></tr></thead>\n<tbody>\n";
  for (const auto& step : report.steps)
    html += fmt::format("<tr><th scope=\"row\">{}</th><td class=\"{}\">{}</td><td>{}</td></tr>\n",
                        escaped(step_name(step.id)), class_of(kAnswerClasses, step.outlook),
                        step.outlook == Outlook::unknown ? "not known" : answer(step.outlook), escaped(step.finding));
  return html + "</tbody></table></div>\n</section>\n";
}

std::string also_section(const Report& report) {
  if (report.verdict.also.empty()) return {};
  std::string html = "<section aria-labelledby=\"also\">\n<h2 id=\"also\">Broken as well</h2>\n<ul>\n";
  for (const auto& finding : report.verdict.also)
    html += fmt::format("<li><strong>{}</strong> <code>{}</code><br>{}</li>\n", escaped(title_of(finding.fault)),
                        escaped(finding.fault), escaped(finding.summary));
  return html + "</ul>\n</section>\n";
}

std::string observations_section(const Report& report) {
  const auto& seen = report.evidence.observations;
  std::string html = fmt::format(
      "<section>\n<details>\n<summary>All {} observations</summary>\n<div class=\"wide\"><table>\n<thead><tr>"
      "<th scope=\"col\">Id</th><th scope=\"col\">Probe</th><th scope=\"col\">Varied</th><th scope=\"col\">Seen</th>"
      "<th scope=\"col\">At</th><th scope=\"col\">Took</th></tr></thead>\n<tbody>\n",
      seen.size());
  for (const auto& one : seen) {
    html += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}", escaped(one.id), probe_kind(one),
                        escaped(varied_text(one)), escaped(outcome(one)));
    if (!one.reproduce.empty()) html += fmt::format("<pre><code>{}</code></pre>", escaped(one.reproduce));
    html += fmt::format("</td><td class=\"time\">{}</td><td class=\"time\">{}</td></tr>\n", time_text(one.started),
                        time_text(one.duration));
  }
  html += "</tbody></table></div>\n</details>\n";
  if (!report.evidence.not_tried.empty())
    html += fmt::format("<p class=\"soft\">Not tried: {}.</p>\n",
                        escaped(fmt::format("{}", fmt::join(report.evidence.not_tried, "; "))));
  return html + "</section>\n";
}

}  // namespace

std::string report_html(const Report& report) {
  std::string html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n";
  html += kHead;
  html += fmt::format("<title>{}: {}</title>\n", escaped(headline(report)), escaped(report.evidence.target.host));
  html += kStyle;
  html += "</head>\n<body>\n<main>\n";
  for (const auto section :
       {verdict_section, path_section, remedies_section, steps_section, also_section, observations_section})
    html += section(report);
  html += fmt::format("</main>\n<footer class=\"soft\"><p>fix502 {}</p></footer>\n</body>\n</html>\n",
                      escaped(report.evidence.version));
  return html;
}

}  // namespace fix502
