// The report as one page that needs nothing else: no script, no font, no picture, nothing loaded from anywhere.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "fault/explanations.hpp"
#include "report/html_style.hpp"
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

constexpr std::string_view kClasses[] = {"good", "bad", "soft", "doubt"};         // by HopState
constexpr std::string_view kMarks[] = {"✓", "✗", "·", "?"};                       // by HopState
constexpr std::string_view kAnswerClasses[] = {"good", "doubt", "soft", "soft"};  // by Outlook
constexpr std::string_view kVerdictClasses[] = {"good", "bad", "doubt"};          // by Outcome

std::string escaped(std::string_view text) {
  return html_text(printable(text, std::string::npos));
}

template <typename Enum, std::size_t N>
std::string_view class_of(const std::string_view (&table)[N], Enum value) {
  return table[static_cast<std::size_t>(value)];
}

/// The sentence of whose side it is stands out; it opens the judgement.
std::string judgement_lines(const Report& report) {
  std::string html;
  const auto said = judgement(report);
  if (const auto side = side_sentence(report); !side.empty())
    html += fmt::format("<p class=\"side\">{}</p>\n", escaped(side));
  if (!report.verdict.summary.empty())
    html += fmt::format("<p class=\"lead\">{}</p>\n", escaped(report.verdict.summary));
  const std::size_t first = side_sentence(report).empty() ? 0 : 1;
  if (said.size() > first)
    html += fmt::format(
        "<p>{}</p>\n", escaped(fmt::format("{}", fmt::join(said.begin() + static_cast<long>(first), said.end(), " "))));
  if (const auto other = alternatives_sentence(report); !other.empty())
    html += fmt::format("<p>{}</p>\n", escaped(other));
  return html;
}

std::string verdict_section(const Report& report) {
  const auto& verdict = report.verdict;
  std::string html =
      fmt::format("<header>\n<p class=\"soft\">fix502 looked at <code>{}</code> &middot; {} &middot; {}</p>\n",
                  escaped(report.evidence.target.url), escaped(report.evidence.started_at), effort(report));
  html += fmt::format("<div class=\"card verdict {}\">\n<h1>{}</h1>\n", class_of(kVerdictClasses, verdict.outcome),
                      escaped(headline(report)));
  html += judgement_lines(report);
  if (verdict.finding) html += fmt::format("<p>Fault <code>{}</code></p>\n", escaped(verdict.finding->fault));
  return html + "</div>\n</header>\n";
}

std::string path_section(const Report& report) {
  std::string html =
      "<section class=\"card\" aria-labelledby=\"path\">\n<h2 id=\"path\">The way of the request</h2>\n"
      "<ol class=\"path\">\n";
  for (const auto& hop : report.path)
    html += fmt::format("<li class=\"{}\"><span>{}</span> <b>{} {}</b> <small>{}</small></li>\n",
                        class_of(kClasses, hop.state), to_word(hop.hop), class_of(kMarks, hop.state),
                        hop_words(hop.state), escaped(hop.detail));
  return html + "</ol>\n</section>\n";
}

/// The fault in plain words, for whoever the page is handed on to.
std::string meaning_section(const Report& report) {
  const auto* words = report.verdict.finding ? find_explanation(report.verdict.finding->fault) : nullptr;
  if (words == nullptr) return {};
  return fmt::format(
      "<section class=\"card\" aria-labelledby=\"meaning\">\n<h2 id=\"meaning\">What it means</h2>\n"
      "<h3>If you see it</h3>\n<p>{}</p>\n<h3>If it is your site</h3>\n<p>{}</p>\n</section>\n",
      escaped(words->visitor), escaped(words->owner));
}

std::string remedies_section(const Report& report) {
  if (report.remedies.empty()) return {};
  std::string html =
      fmt::format("<section class=\"card\" aria-labelledby=\"remedies\">\n<h2 id=\"remedies\">{}</h2>\n<ol>\n",
                  remedies_heading(report));
  for (const auto& remedy : report.remedies) {
    html += fmt::format("<li class=\"remedy\"><strong>{}</strong> <span class=\"chip {}\">{}</span>{}<br>{}",
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
      "<section class=\"card\" aria-labelledby=\"steps\">\n<h2 id=\"steps\">Would the usual advice help?</h2>\n<div "
      "class=\"wide\" tabindex=\"0\"><table>\n"
      "<thead><tr><th scope=\"col\">Advice</th><th scope=\"col\">Helps</th><th scope=\"col\">What was "
      "seen</th></tr></thead>\n<tbody>\n";
  for (const auto& step : report.steps)
    html += fmt::format("<tr><th scope=\"row\">{}</th><td><span class=\"chip {}\">{}</span></td><td>{}</td></tr>\n",
                        escaped(step_name(step.id)), class_of(kAnswerClasses, step.outlook),
                        step.outlook == Outlook::unknown ? "not known" : answer(step.outlook), escaped(step.finding));
  return html + "</tbody></table></div>\n</section>\n";
}

std::string also_section(const Report& report) {
  if (report.verdict.also.empty()) return {};
  std::string html = "<section class=\"card\" aria-labelledby=\"also\">\n<h2 id=\"also\">Broken as well</h2>\n<ul>\n";
  for (const auto& finding : report.verdict.also)
    html += fmt::format("<li><strong>{}</strong> <code>{}</code><br>{}</li>\n", escaped(title_of(finding.fault)),
                        escaped(finding.fault), escaped(finding.summary));
  return html + "</ul>\n</section>\n";
}

constexpr long kBarWidth = 1000;

/// How long the run was: a probe may have ended after it was stopped.
Duration whole_run(const Report& report) {
  Duration end = report.evidence.duration;
  for (const auto& seen : report.evidence.observations) end = std::max(end, seen.started + seen.duration);
  return std::max(end, Duration(1));
}

/// A bar with the observation's place in time, its phases one behind the other where they were measured. What it shows
/// stands beside it in figures.
std::string time_bar(const Observation& seen, Duration whole) {
  const auto place = [&](Duration at) { return std::clamp(at * kBarWidth / whole, 0L, kBarWidth); };
  std::string html = fmt::format(
      "<svg class=\"bar\" viewBox=\"0 0 {} 16\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
      "<path d=\"M0 15.5H{}\"/><rect x=\"{}\" y=\"3\" width=\"{}\" height=\"10\"/>",
      kBarWidth, kBarWidth, std::min(place(seen.started), kBarWidth - 5), std::max(place(seen.duration), 5L));
  const auto* http = seen.as<HttpExchange>();
  if (http == nullptr) return html + "</svg>";
  Duration at = seen.started;
  const auto part = [&](std::string_view name, const auto& took) {
    if (!took || *took <= Duration::zero()) return;
    html +=
        fmt::format("<rect class=\"{}\" x=\"{}\" y=\"3\" width=\"{}\" height=\"10\"/>", name, place(at), place(*took));
    at += *took;
  };
  part("connect", http->times.connect);
  part("tls", http->times.tls);
  part("first", http->times.first_byte);
  part("body", http->times.body);
  return html + "</svg>";
}

std::string observation_row(const Observation& one, bool cited, Duration whole) {
  std::string html = fmt::format("<tr><th scope=\"row\">{}{}</th><td>{}</td><td>{}</td><td>{}", escaped(one.id),
                                 cited ? " <span class=\"doubt\" title=\"the verdict rests on this\">★</span>" : "",
                                 probe_kind(one), escaped(varied_text(one)), escaped(outcome(one)));
  if (!one.reproduce.empty()) html += fmt::format("<pre><code>{}</code></pre>", escaped(one.reproduce));
  return html +
         fmt::format("</td><td class=\"when\">{}</td><td class=\"time\">{}</td><td class=\"time\">{}</td></tr>\n",
                     time_bar(one, whole), time_text(one.started), time_text(one.duration));
}

std::string observations_section(const Report& report) {
  const auto& seen = report.evidence.observations;
  const auto& cites = report.verdict.evidence;
  std::string html = fmt::format(
      "<section class=\"card\">\n<details>\n<summary>All {} observations</summary>\n"
      "<p class=\"soft\">★ what the verdict rests on</p>\n<div class=\"wide\" tabindex=\"0\"><table>\n<thead><tr>"
      "<th scope=\"col\">Id</th><th scope=\"col\">Probe</th><th scope=\"col\">Varied</th><th scope=\"col\">Seen</th>"
      "<th scope=\"col\">When</th><th scope=\"col\">At</th><th scope=\"col\">Took</th></tr></thead>\n<tbody>\n",
      seen.size());
  const Duration whole = whole_run(report);
  for (const auto& one : seen) html += observation_row(one, std::ranges::find(cites, one.id) != cites.end(), whole);
  html += "</tbody></table></div>\n</details>\n";
  if (!report.evidence.not_tried.empty())
    html += fmt::format("<p class=\"soft\">Not tried: {}.</p>\n",
                        escaped(fmt::format("{}", fmt::join(report.evidence.not_tried, "; "))));
  return html + "</section>\n";
}

/// A CDN's edge and the origin behind it, side by side, and the settings that would make them differ so.
std::string edge_section(const Report& report) {
  if (!report.comparison) return {};
  const auto& both = *report.comparison;
  std::string html = fmt::format(
      "<section class=\"card\" aria-labelledby=\"edge\">\n<h2 id=\"edge\">Edge and origin, asked the same</h2>\n"
      "<div class=\"wide\" tabindex=\"0\"><table>\n<thead><tr><th scope=\"col\">Field</th><th scope=\"col\">Edge{}</th>"
      "<th scope=\"col\">Origin</th></tr></thead>\n<tbody>\n",
      both.cdn.empty() ? "" : escaped(fmt::format(" ({})", name_of_cdn(both.cdn))));
  for (const auto& pair : both.fields)
    if (pair.differs || pair.field == "status")
      html += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>\n", escaped(pair.field),
                          escaped(pair.edge), escaped(pair.origin));
  html += "</tbody></table></div>\n";
  if (both.settings.empty()) return html + "</section>\n";
  html += "<ol>\n";
  for (const auto& suspect : both.settings)
    html += fmt::format("<li><strong>{}</strong> ({}): {}<br>{}set it to: {}</li>\n", escaped(what_it_is(suspect.kind)),
                        to_word(suspect.suspicion), escaped(suspect.why),
                        suspect.setting == nullptr || suspect.setting->panel.empty()
                            ? ""
                            : escaped(fmt::format("{}; ", suspect.setting->panel)),
                        escaped(suspect.value));
  return html + "</ol>\n</section>\n";
}

}  // namespace

std::string report_html(const Report& report) {
  std::string html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n";
  html += kHead;
  html += fmt::format("<title>{}: {}</title>\n", escaped(headline(report)), escaped(report.evidence.target.host));
  html += kHtmlStyle;
  html += "</head>\n<body>\n<main>\n";
  for (const auto section : {verdict_section, path_section, remedies_section, steps_section, also_section,
                             meaning_section, edge_section, observations_section})
    html += section(report);
  html += fmt::format("</main>\n<footer class=\"soft\"><p>fix502 {}</p></footer>\n</body>\n</html>\n",
                      escaped(report.evidence.version));
  return html;
}

}  // namespace fix502
