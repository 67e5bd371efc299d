// Incidents for a ticket, a page of their own, and a metrics collector.
#include <fmt/format.h>

#include <algorithm>

#include "base/metrics.hpp"
#include "base/text.hpp"
#include "cli/logs/shapes.hpp"
#include "history/times.hpp"

namespace fix502 {
namespace {

std::string escaped(std::string_view text) {
  return html_text(shown(text, 4096));
}

/// For a cell of a Markdown table: nothing in it may end the cell or begin markup.
std::string cell(std::string_view text) {
  std::string result;
  for (const char c : shown(text, 300)) {
    if (std::string_view("\\`*_{}[]<>#|!").find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

std::string requests_text(const Incident& incident) {
  return incident.requests ? std::to_string(*incident.requests) : "?";
}

std::string urls_text(const Incident& incident) {
  std::string text;
  for (const auto& [url, count] : incident.urls.top(5)) text += (text.empty() ? "" : ", ") + url;
  return text;
}

/// A timeline as a picture: one path, no script.
std::string picture(const Incident& incident, WallTime from, WallTime to) {
  constexpr std::size_t kWidth = 120;
  const auto counts = incident.timeline.sampled(from, to, kWidth);
  const std::uint64_t most = std::max<std::uint64_t>(1, *std::ranges::max_element(counts));
  std::string svg = fmt::format(
      "<svg viewBox=\"0 0 {} 20\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"when\"><path d=\"", kWidth);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    svg += fmt::format("M{} 20v-{:.1f}", static_cast<double>(i) + 0.5,
                       std::max(1.0, 19.0 * static_cast<double>(counts[i]) / static_cast<double>(most)));
  }
  return svg + "\"/></svg>";
}

}  // namespace

std::string logs_markdown(const LogReport& report) {
  std::string text = fmt::format("### {}\n\n", headline_of(report));
  if (report.incidents.empty()) return text;
  text += "| failed | of | fault | upstream | gateway | first seen (UTC) | last seen (UTC) | pages |\n";
  text += "| ---: | ---: | --- | --- | --- | --- | --- | --- |\n";
  for (const Incident& incident : report.incidents)
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} |\n", incident.failed, requests_text(incident),
                        incident.fault, cell(incident.upstream), cell(incident.gateway), utc_time(incident.first_seen),
                        utc_time(incident.last_seen), cell(urls_text(incident)));
  for (const Incident& incident : report.incidents) {
    std::string sample = shown(incident.sample, 1000);
    std::ranges::replace(sample, '`', '\'');
    text += fmt::format("\n**{}** {}\n\n    {}\n", incident.fault, cell(incident.upstream), sample);
    if (const std::string began = began_text(incident); !began.empty())
      text += fmt::format("\nIt began with: {}\n", cell(began));
  }
  return text;
}

std::string logs_html(const LogReport& report) {
  std::string html = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="color-scheme" content="light dark"><title>Incidents</title>
<style>
:root{--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--page:#fff;--bad:#b3161b}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9aa4af;--line:#3a424c;--page:#0d1117;--bad:#ff8079}}
body{margin:0 auto;max-width:70rem;padding:1.5rem;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--line)}
td.n,th.n{text-align:right}.soft{color:var(--soft)}code{font:.85em ui-monospace,monospace}svg{width:100%;height:1.6rem;stroke:var(--bad)}
</style></head><body>
)";
  html += fmt::format("<h1>{}</h1>\n<p class=\"soft\">{} read from {} files.</p>\n", escaped(headline_of(report)),
                      bytes_text(report.stats.bytes), report.files.size());
  if (!report.incidents.empty()) {
    WallTime from = report.incidents.front().first_seen;
    WallTime to = from;
    for (const Incident& incident : report.incidents) {
      from = std::min(from, incident.first_seen);
      to = std::max(to, incident.last_seen);
    }
    html +=
        "<table><thead><tr><th class=\"n\">Failed</th><th class=\"n\">Of</th><th>Fault</th><th>Upstream</th><th>When "
        "(UTC)</th></tr></thead><tbody>\n";
    for (const Incident& incident : report.incidents)
      html += fmt::format(
          "<tr><td class=\"n\">{}</td><td class=\"n\">{}</td><td><strong>{}</strong><br>{}</td><td>{}<br><span "
          "class=\"soft\">{}</span></td>"
          "<td>{}<br>{}</td></tr>\n<tr><td colspan=\"5\">{}<br>{}<br><code>{}</code>{}</td></tr>\n",
          incident.failed, requests_text(incident), escaped(incident.fault), escaped(words_of_fault(incident.fault)),
          escaped(incident.upstream), escaped(incident.gateway), utc_time(incident.first_seen),
          utc_time(incident.last_seen), picture(incident, from, to), escaped(urls_text(incident)),
          escaped(incident.sample),
          began_text(incident).empty() ? "" : "<br>It began with: " + escaped(began_text(incident)));
    html += "</tbody></table>\n";
  }
  return html + "</body></html>\n";
}

std::string logs_metrics(const LogReport& report) {
  MetricsText text;
  const auto add = [&](std::string_view name, std::string_view help, const auto& value) {
    text.family(name, "gauge", help);
    for (const Incident& incident : report.incidents)
      text.sample({{"fault", shown(incident.fault, 200)},
                   {"gateway", shown(incident.gateway, 200)},
                   {"upstream", shown(incident.upstream, 200)},
                   {"first_seen", utc_time(incident.first_seen)}},
                  value(incident));
  };
  add("fix502_log_failed_requests", "Client requests that failed, by incident.",
      [](const Incident& incident) { return static_cast<double>(incident.failed); });
  add("fix502_log_incident_last_seen_timestamp_seconds", "When the incident's last request failed.",
      [](const Incident& incident) { return static_cast<double>(incident.last_seen.time_since_epoch().count()); });
  text.gauge("fix502_log_unknown_lines", "Lines of trouble in no known shape.",
             static_cast<double>(report.stats.unknown));
  text.gauge("fix502_log_incidents", "Incidents found.", static_cast<double>(report.incidents.size()));
  return text.take() + "# EOF\n";
}

}  // namespace fix502
