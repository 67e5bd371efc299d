// Golden files: tests/report/NAME.{txt,json,html,md}. FIX502_UPDATE=1 rewrites them; the difference is read like code.

#include "report/report.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "base/text.hpp"
#include "golden.hpp"
#include "report/columns.hpp"
#include "report/situations.hpp"
#include "visible_faults.hpp"

namespace fix502 {
namespace {

using test::expect_golden;
using test::situations;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// Without the colours; anything else that steers a terminal stays, and is found.
std::string without_colours(std::string text) {
  for (auto at = text.find("\x1b["); at != text.npos; at = text.find("\x1b[", at)) {
    const auto end = text.find('m', at);
    if (end == text.npos || text.find_first_not_of("0123456789;", at + 2) != end) break;
    text.erase(at, end - at + 1);
  }
  return text;
}

TEST(Report, LooksAsReviewed) {
  for (const auto& [name, report] : situations()) {
    expect_golden(name + ".txt", report_terminal(report, {}));
    expect_golden(name + ".json", report_json(report));
    expect_golden(name + ".html", report_html(report));
    expect_golden(name + ".md", report_markdown(report));
  }
  expect_golden("verbose.txt", report_terminal(test::stale_record(), {.verbose = true}));
  expect_golden("ascii.txt", report_terminal(test::stale_record(), {.unicode = false}));
  expect_golden("narrow.txt", report_terminal(test::stale_record(), {.width = 60}));
  expect_golden("colour.txt", report_terminal(test::stale_record(), {.colour = true}));
}

TEST(ReportTerminal, FitsOneScreenWhateverTheFault) {
  for (const auto& fault : test::kVisibleFaults) {
    const Report report = test::longest(fault);
    EXPECT_FALSE(report.remedies.empty()) << fault;
    for (const int width : {60, 80, 120}) {
      for (const bool unicode : {true, false}) {
        const auto text = report_terminal(report, {.colour = true, .unicode = unicode, .width = width});
        const auto lines = lines_of(without_colours(text));
        EXPECT_LE(lines.size(), 30U) << fault << "\n" << text;
        for (const auto& line : lines)
          EXPECT_LE(columns_of(line), static_cast<std::size_t>(width)) << fault << ": " << line;
        for (const auto& line : lines) EXPECT_FALSE(line.ends_with(' ')) << fault << ": " << line;
      }
    }
  }
}

TEST(ReportTerminal, HasNoColourUnlessAsked) {
  for (const auto& [name, report] : situations()) {
    EXPECT_EQ(report_terminal(report, {}).find('\x1b'), std::string::npos) << name;
    EXPECT_EQ(without_colours(report_terminal(report, {.colour = true})), report_terminal(report, {})) << name;
  }
}

TEST(ReportTerminal, AsciiIsAscii) {
  for (const auto& [name, report] : situations())
    EXPECT_TRUE(std::ranges::all_of(report_terminal(report, {.unicode = false, .verbose = true}), [](char c) {
      return c == '\n' || (c >= ' ' && c <= '~');
    })) << name;
}

TEST(ReportTerminal, NeverCutsACommandThatMayBeCopied) {
  for (const auto& fault : test::kVisibleFaults)
    for (const auto& line : lines_of(report_terminal(test::longest(fault), {})))
      EXPECT_FALSE(line.find("$ ") != line.npos && line.ends_with("…")) << line;
}

TEST(ReportTerminal, SteersNoTerminal) {
  const auto text = report_terminal(test::hostile(), {.verbose = true});
  EXPECT_EQ(printable(text, text.size() * 2, true), text);
}

TEST(ReportJson, IsOneValidTree) {
  for (const auto& [name, report] : situations()) {
    const std::string text = report_json(report);
    const Json json = Json::parse(text);
    EXPECT_EQ(json.dump(2) + "\n", text) << name;
    EXPECT_EQ(json, report_tree(report)) << name;
    EXPECT_EQ(json["schema"], "fix502.report/1");
    EXPECT_EQ(json["steps"].size(), 8U);
    EXPECT_EQ(json["path"].size(), 7U);
  }
}

TEST(ReportJson, SaysNullWhereNothingIsKnown) {
  const Json healthy = report_tree(test::healthy())["verdict"];
  for (const auto* name : {"fault", "hop", "side", "cause", "answered_by"})
    EXPECT_TRUE(healthy.at(name).is_null()) << name;
  const Json stale = report_tree(test::stale_record())["verdict"];
  EXPECT_EQ(stale["hop"], "dns");
  EXPECT_EQ(stale["side"], "visitor");
  EXPECT_EQ(stale["confidence"], 0.973);
  EXPECT_TRUE(stale["answered_by"].is_null());
}

TEST(ReportHtml, NeedsNothingElse) {
  for (const auto& [name, report] : situations()) {
    const std::string html = report_html(report);
    EXPECT_NE(html.find("default-src 'none'"), html.npos) << name;
    // Nothing that runs and nothing that is fetched; addresses stand there as text only.
    for (const std::string_view bad :
         {"<script", "<link", "<img", "<iframe", "<a ", " src=", " href=", "url(", "@import"})
      EXPECT_EQ(html.find(bad), html.npos) << name << ": " << bad;
  }
}

TEST(ReportHtml, EscapesWhatTheNetworkSaid) {
  const std::string html = report_html(test::hostile());
  for (const std::string_view bad : {"<script", "<b>|", "\"onload", "='x'", "\x1b", "\xff"})
    EXPECT_EQ(html.find(bad), html.npos) << bad;
  EXPECT_NE(html.find("&lt;script&gt;"), html.npos);
  EXPECT_NE(html.find("&amp;lt;b"), html.npos);
}

TEST(ReportMarkdown, EscapesWhatTheNetworkSaid) {
  const std::string text = report_markdown(test::hostile());
  // Where it is not code: nothing that opens markup, and nothing that a tracker links by itself.
  for (const std::string_view bad : {" <script", "[click](", " @alice", " #1 ", "\n# heading"}) {
    for (const auto& line : lines_of(text)) {
      const auto at = line.find(bad);
      const auto code = line.find('`');
      EXPECT_TRUE(at == line.npos || (code != line.npos && code < at)) << bad << ": " << line;
    }
  }
  for (const auto& line : lines_of(text)) {
    if (!line.starts_with("| ")) continue;
    std::size_t bars = 0;
    for (std::size_t i = 0; i < line.size(); ++i) bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
    EXPECT_TRUE(bars == 4 || bars == 7) << line;
  }
}

TEST(ReportWithoutQueryValues, HasNoneInAnyShape) {
  Report report = test::bad_gateway();
  const std::string address = "https://shop.example/cart?token=s3cretOne&page=2&s3cretTwo";
  report.evidence.target.url = address;
  report.evidence.target.path = "/cart?token=s3cretOne&page=2&s3cretTwo";
  auto& seen = report.evidence.observations.front();
  seen.reproduce = "curl -sv '" + address + "'";
  std::get<HttpExchange>(seen.data).body_sample = "<p>What is s3cretOne? Nobody knows.</p>";
  report.verdict.summary = "The gateway at " + address + " gave 502.";
  report.verdict.finding->summary = report.verdict.summary;
  report.verdict.evidence = {seen.id};
  report.remedies.front().command = "fix502 watch '" + address + "'";
  for (const auto& text : {report_html(report), report_markdown(report), report_json(report)})
    EXPECT_NE(text.find("s3cretOne"), text.npos);
  const Report spared = without_query_values(report);
  EXPECT_EQ(spared.evidence.target.url, "https://shop.example/cart?token=<redacted>&page=<redacted>&<redacted>");
  EXPECT_EQ(spared.verdict.summary, "The gateway at " + spared.evidence.target.url + " gave 502.");
  EXPECT_EQ(std::get<HttpExchange>(spared.evidence.observations.front().data).body_sample,
            "<p>What is <redacted>? Nobody knows.</p>");
  EXPECT_EQ(spared.evidence.observations.size(), report.evidence.observations.size());
  for (const auto& text : {report_html(spared), report_markdown(spared), report_json(spared)})
    for (const std::string_view secret : {"s3cretOne", "s3cretTwo", "page=2"})
      EXPECT_EQ(text.find(secret), text.npos) << secret << "\n" << text;
}

TEST(ReportWithoutQueryValues, LeavesAllElseAsItIs) {
  for (const auto& [name, report] : situations()) {
    if (name == "hostile") continue;
    EXPECT_EQ(report_json(without_query_values(report)), report_json(report)) << name;
  }
}

TEST(MakeReport, FillsEveryPart) {
  Evidence evidence = test::bad_gateway().evidence;
  const Report report = make_report(evidence);
  EXPECT_EQ(report.evidence, evidence);
  EXPECT_EQ(report.steps.size(), 8U);
  EXPECT_EQ(report.path.size(), 7U);
  EXPECT_FALSE(report.verdict.summary.empty());
}

}  // namespace
}  // namespace fix502
