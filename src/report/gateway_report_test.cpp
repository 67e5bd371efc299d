// Golden files: tests/report/gateway/NAME.{txt,json,md}; validate.py holds the JSON to docs/gateway.schema.json.

#include "report/gateway_report.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.hpp"
#include "cause/situations.hpp"
#include "golden.hpp"

namespace fix502 {
namespace {

/// What is concluded of one way, as `fix502 gateway URL` reports it.
GatewayReport reported(GatewayEvidence way) {
  GatewayReport report;
  report.version = "0.1.0";
  report.started_at = "2026-11-22T10:00:00.123Z";
  report.duration = Duration(840'000);
  report.target = *parse_target("http://shop.example/cart");
  report.requests_sent = 4;
  report.gateways = {{.kind = way.kind,
                      .version = way.gateway_version,
                      .main_file = way.main_file,
                      .running = way.running,
                      .files = 3,
                      .problems = way.problems}};
  const auto causes = find_causes(way);
  for (const auto& cause : causes)
    report.findings.push_back({.cause = cause, .gateway = way.kind, .fix = std::nullopt});
  report.ways = {std::move(way)};
  report.verdict = judge_gateway(causes, {&report.ways.front()});
  report.checked = {"nginx 1.22.1: 3 files of configuration", "4 requests as the gateway sends them"};
  return report;
}

GatewayReport moved_application() {
  GatewayEvidence way = test::failing(Failure::refused);
  way.replays.push_back(test::contrast("address", "127.0.0.1:8001", "127.0.0.1:8001"));
  way.replays.front().reproduce = "curl -sv http://127.0.0.1:8000/cart";
  way.log = {test::logged("upstream.connection-refused")};
  GatewayReport report = reported(std::move(way));
  report.findings.front().fix =
      GatewayFix{.title = "send to 127.0.0.1:8001, where the application listens",
                 .diff =
                     "--- /etc/nginx/nginx.conf\n+++ /etc/nginx/nginx.conf\n@@ -7,1 +7,1 @@\n"
                     "-      proxy_pass http://127.0.0.1:8000;\n+      proxy_pass http://127.0.0.1:8001;\n",
                 .commands = {"nginx -t", "kill -1 812"},
                 .automatic = true};
  report.verdict.evidence = {"f1e1", "f1e2"};
  report.verdict.answered_by = "nginx";
  return report;
}

GatewayReport mended() {
  GatewayReport report = reported(test::in_order());
  report.applied = Applied{.changes = {{.fault = "upstream.connection-refused",
                                        .title = "send to the address where the application listens",
                                        .kept = true,
                                        .said = "The page answers 200 now.",
                                        .undo = 7},
                                       {.fault = "upstream.read-timeout",
                                        .title = "give the upstream 6 s",
                                        .kept = false,
                                        .said = "It did not end the fault.",
                                        .undo = 8}}};
  return report;
}

/// Nothing was asked for, and not everything could be read.
GatewayReport half_seen() {
  GatewayEvidence way = test::in_order();
  way.answers.clear();
  way.replays.clear();
  way.route.kind = RouteKind::answered;
  way.route.answer = "return 301 https://shop.example$request_uri";
  way.problems = {{.fatal = true,
                   .what = "unknown directive \"prox_pass\"",
                   .place = {.file = "/etc/nginx/conf.d/new.conf", .line = 3, .begin = 40, .end = 49}}};
  GatewayReport report = reported(std::move(way));
  report.target.reset();
  report.notes = {"descriptors of nginx (812): Permission denied"};
  return report;
}

GatewayReport hostile() {
  const std::string evil = "\x1b[2J\x1b]0;owned\x07 `` <b> \xff\xfe \xE2\x80\xAE\n\n# heading\r\n";
  GatewayReport report = moved_application();
  auto& cause = report.findings.front().cause;
  cause.summary = "The upstream says " + evil;
  cause.upstream_name = evil;
  for (auto& sign : cause.signs) sign.sample = sign.text = evil;
  cause.advice = {{.say = evil, .commands = {"true " + evil}, .place = {}, .replace = {}}};
  report.findings.front().fix->diff += "+" + evil;
  report.ways.front().route.notes = {evil};
  report.ways.front().route.location = evil;
  report.notes = {evil};
  return report;
}

struct GatewaySituation {
  std::string name;
  GatewayReport report;
};

std::vector<GatewaySituation> gateway_situations() {
  return {{"healthy", reported(test::in_order())},
          {"moved", moved_application()},
          {"mended", mended()},
          {"half-seen", half_seen()},
          {"hostile", hostile()}};
}

TEST(GatewayReport, LooksAsReviewed) {
  for (const auto& [name, report] : gateway_situations()) {
    test::expect_golden("gateway/" + name + ".txt", gateway_terminal(report, {}));
    test::expect_golden("gateway/" + name + ".json", gateway_json(report));
    test::expect_golden("gateway/" + name + ".md", gateway_markdown(report));
  }
}

TEST(GatewayReport, VerboseNamesTheSourceOfEveryLimit) {
  const std::string text = gateway_terminal(reported(test::in_order()), {.verbose = true});
  EXPECT_TRUE(text.contains("time for the upstream to answer: 60000 (proxy_read_timeout, set at"));
  EXPECT_TRUE(text.contains("/etc/nginx/nginx.conf:9)"));
}

TEST(GatewayReport, SteersNoTerminal) {
  const GatewayReport report = hostile();
  for (const std::string& text :
       {gateway_terminal(report, {.verbose = true}), gateway_json(report), gateway_markdown(report)})
    EXPECT_EQ(printable(text, text.size() * 2, true), text);
}

}  // namespace
}  // namespace fix502
