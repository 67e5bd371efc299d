#include "report/situations.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace fix502::test {
namespace {

using std::chrono::milliseconds;

constexpr const char* kSteps[] = {
    "refresh", "other-device-or-network", "browser-cache", "other-browser", "dns-cache", "wait", "cdn", "custom-dns"};

Observation seen_http(std::string id, int start, int took, Varied varied, int status) {
  HttpExchange http;
  http.url = "https://shop.example/cart";
  http.address = varied.contains("address") ? varied["address"] : "203.0.113.10";
  http.port = 443;
  http.family = Family::ipv4;
  http.http_version = "2";
  http.tls_version = "TLSv1.3";
  http.status = status;
  http.headers = {{"server", "nginx/1.22.1"}, {"content-type", "text/html"}};
  http.body_bytes = 157;
  http.reached = Phase::done;
  Observation seen;
  seen.id = std::move(id);
  seen.experiment = varied.empty() ? "baseline" : "address";
  seen.started = milliseconds(start);
  seen.duration = milliseconds(took);
  seen.reproduce = "curl -sv --resolve shop.example:443:" + http.address + " https://shop.example/cart";
  seen.varied = std::move(varied);
  seen.data = std::move(http);
  return seen;
}

Observation seen_dns(std::string id, int start, int took, std::string server, DnsRole role, std::string address) {
  DnsExchange dns;
  dns.server = std::move(server);
  dns.role = role;
  dns.name = "shop.example";
  dns.rcode = "NOERROR";
  dns.answer = {{"shop.example", "A", 1460, std::move(address)}};
  Observation seen;
  seen.id = std::move(id);
  seen.experiment = "resolver";
  seen.started = milliseconds(start);
  seen.duration = milliseconds(took);
  seen.varied = {{"resolver", dns.server}};
  seen.reproduce = "dig @" + dns.server.substr(0, dns.server.find(':')) + " shop.example A";
  seen.data = std::move(dns);
  return seen;
}

/// A diagnosis with nothing found yet: the target, the eight steps, the seven hops.
Report blank() {
  Report report;
  report.evidence.version = "0.1.0";
  report.evidence.started_at = "2026-11-22T10:00:00.123Z";
  report.evidence.target = {"https://shop.example/cart", "https", "shop.example", 443, "/cart", false};
  report.evidence.duration = milliseconds(1840);
  report.evidence.requests_sent = 14;
  for (const auto* id : kSteps)
    report.steps.push_back({id, StepState::done, Outlook::no_effect, "no difference was seen", {"o1"}});
  for (int hop = 0; hop < 7; ++hop) report.path.push_back({static_cast<Hop>(hop), HopState::ok, ""});
  report.path[4] = {Hop::cdn, HopState::absent, "no CDN is in front of the site"};
  return report;
}

/// A finding's members with defaults, so that a situation names only those that it is about.
struct Found {
  std::string fault;
  Certainty certainty = Certainty::likely;
  Side side = Side::unknown;
  Scope scope = Scope::unknown;
  std::string cause = {};
  std::string nel = "http.error";
  std::string summary = {};
  Cites cites = {};
  std::string subject = {};

  operator Finding() const {
    Finding finding;
    finding.fault = fault;
    finding.certainty = certainty;
    finding.side = side;
    finding.scope = scope;
    finding.cause = cause;
    finding.nel = nel;
    finding.summary = summary;
    finding.cites = cites;
    finding.subject = subject;
    return finding;
  }
};

void conclude(Report& report, Finding finding, double confidence) {
  report.verdict.outcome = Outcome::fault;
  report.verdict.confidence = confidence;
  report.verdict.summary = finding.summary;
  report.verdict.evidence = finding.cites;
  report.verdict.nel = finding.nel;
  report.verdict.finding = std::move(finding);
}

void set_step(Report& report, std::size_t number, Outlook outlook, std::string finding) {
  report.steps[number].outlook = outlook;
  report.steps[number].finding = std::move(finding);
}

}  // namespace

Report healthy() {
  Report report = blank();
  report.verdict.outcome = Outcome::healthy;
  report.verdict.confidence = 0.99;
  report.verdict.summary = "The page came each of 3 times, in 31 ms at best.";
  report.verdict.evidence = {"o1"};
  report.evidence.observations = {seen_http("o1", 12, 31, {}, 200)};
  for (auto& step : report.steps) step.finding = "nothing to mend";
  return report;
}

Report healthy_with_also() {
  Report report = healthy();
  report.path[3] = {Hop::dns, HopState::ok, "192.0.2.54 answers in the place of 192.0.2.53"};
  report.verdict.also = {Found{
      .fault = "dns.resolver-down",
      .certainty = Certainty::proven,
      .side = Side::visitor,
      .scope = Scope::only_you,
      .cause = "dns_error",
      .nel = "dns.unreachable",
      .summary = "The first of your two resolvers, 192.0.2.53, does not answer; each new name takes 5 seconds longer.",
      .cites = {"o2"},
      .subject = "192.0.2.53"}};
  report.remedies = {{"custom-dns", "Switch to another DNS resolver", Side::visitor, Outlook::may_help, true,
                      "fix502 fix custom-dns https://shop.example/cart", "Other resolvers answer."}};
  report.evidence.observations.push_back(seen_dns("o2", 3, 5000, "192.0.2.53:53", DnsRole::system, "203.0.113.10"));
  return report;
}

Report bad_gateway() {
  Report report = blank();
  conclude(
      report,
      Found{
          .fault = "origin.bad-gateway",
          .certainty = Certainty::strong,
          .side = Side::owner,
          .scope = Scope::everyone,
          .cause = "connection_refused",
          .nel = "http.error",
          .summary =
              "The site's gateway (nginx) answers, but the server behind it gives no usable response: 502 Bad Gateway.",
          .cites = {"o1", "o2"},
          .subject = "nginx"},
      0.96);
  report.verdict.answered_by = "nginx";
  report.verdict.alternatives = {{"origin.partly-down", 0.03}};
  report.path[6] = {Hop::origin, HopState::broken, "the gateway got no usable answer from it"};
  set_step(report, 0, Outlook::no_effect, "5 of 5 reloads failed the same way");
  set_step(
      report, 5, Outlook::may_help,
      "the site was last seen working 4 minutes ago; most such outages end by themselves within a quarter of an hour");
  report.remedies = {{"wait", "Wait until it works again", Side::visitor, Outlook::may_help, false,
                      "fix502 watch https://shop.example/cart", "Nothing on your side can mend it."},
                     {"contact-owner", "Tell the site's owner", Side::visitor, Outlook::may_help, false,
                      "fix502 --markdown report.md https://shop.example/cart", "The owner may not know yet."},
                     {"inspect-gateway", "Find the cause on the gateway's own machine", Side::owner, Outlook::fixes,
                      false, "fix502 gateway https://shop.example/cart", "Reads its configuration and logs."},
                     {"start-upstream", "Start the application behind the gateway", Side::owner, Outlook::may_help,
                      false, "", "Most often the application has stopped or listens elsewhere."}};
  report.evidence.observations = {seen_http("o1", 12, 31, {}, 502),
                                  seen_http("o2", 50, 28, {{"address", "203.0.113.20"}}, 502)};
  return report;
}

Report stale_record() {
  Report report = blank();
  conclude(report,
           Found{.fault = "dns.stale-record",
                 .certainty = Certainty::proven,
                 .side = Side::visitor,
                 .scope = Scope::only_you,
                 .cause = "connection_refused",
                 .nel = "dns.address_changed",
                 .summary = "Your resolver 192.0.2.53 still gives 203.0.113.10, which the site has left; its present "
                            "address 203.0.113.20 works.",
                 .cites = {"o1", "o3", "o4"},
                 .subject = "192.0.2.53"},
           0.9734);
  report.path[3] = {Hop::dns, HopState::broken, "192.0.2.53 still gives 203.0.113.10"};
  report.verdict.alternatives = {{"dns.wrong-answer", 0.02}};
  set_step(report, 1, Outlook::may_help, "another network has another resolver");
  set_step(report, 4, Outlook::fixes, "the present address 203.0.113.20 works");
  set_step(report, 5, Outlook::may_help, "the old address runs out in 25 minutes");
  set_step(report, 7, Outlook::fixes, "192.0.2.54 gives the present address, and that works");
  report.steps[3].state = StepState::skipped;
  set_step(report, 3, Outlook::unknown, "not tried: no other browser was found on this machine");
  report.remedies = {
      {"flush-dns", "Flush the DNS cache", Side::visitor, Outlook::fixes, true,
       "fix502 fix flush-dns https://shop.example/cart",
       "The old address is then forgotten and the present one looked up."},
      {"custom-dns", "Switch to another DNS resolver", Side::visitor, Outlook::fixes, true,
       "fix502 fix custom-dns --resolver 192.0.2.54 https://shop.example/cart", "Another resolver already has it."},
      {"wait", "Wait until it works again", Side::visitor, Outlook::may_help, false,
       "fix502 watch https://shop.example/cart", "The old address runs out by itself in 25 minutes."}};
  report.verdict.also = {Found{.fault = "gateway.partly-down",
                               .certainty = Certainty::strong,
                               .side = Side::owner,
                               .summary = "203.0.113.30 refuses connections.",
                               .cites = {"o5"}}};
  report.evidence.observations = {seen_dns("o1", 1, 9, "192.0.2.53:53", DnsRole::system, "203.0.113.10"),
                                  seen_dns("o2", 2, 40, "192.0.2.54:53", DnsRole::comparison, "203.0.113.20"),
                                  seen_http("o3", 12, 31, {}, 502),
                                  seen_http("o4", 60, 400, {{"address", "203.0.113.20"}}, 200),
                                  seen_http("o5", 900, 940, {{"address", "203.0.113.30"}}, 502)};
  return report;
}

Report inconclusive() {
  Report report = blank();
  report.verdict.outcome = Outcome::inconclusive;
  report.verdict.confidence = 0.5;
  report.verdict.summary =
      "Both addresses of the site are silent from here, and there is no other place to compare with.";
  report.verdict.alternatives = {{"gateway.down", 0.5}, {"network.unreachable", 0.45}};
  report.verdict.nel = "tcp.timed_out";
  report.verdict.evidence = {"o1"};
  report.path[5] = {Hop::gateway, HopState::unknown, "silent"};
  report.path[6] = {Hop::origin, HopState::unknown, ""};
  for (auto& step : report.steps)
    step = {step.id, StepState::skipped, Outlook::unknown, "cannot be told from here", {}};
  report.evidence.not_tried = {"path: out of time", "browser: out of time"};
  report.evidence.interrupted = true;
  report.remedies = {
      {"use-other-network", "Use another network", Side::visitor, Outlook::unknown, false, "",
       "If it works there, it is this network; if not, it is the site."},
      {"retry-longer", "Look again with more time", Side::visitor, Outlook::unknown, false,
       "fix502 --timeout 60 https://shop.example/cart", "What was not finished is then tried to its end."}};
  auto silent = seen_http("o1", 12, 15'000, {}, 200);
  auto& http = std::get<HttpExchange>(silent.data);
  http = {};
  http.url = "https://shop.example/cart";
  http.failure = Failure::connect_timeout;
  http.reached = Phase::connect;
  report.evidence.observations = {std::move(silent)};
  return report;
}

Report hostile() {
  const std::string evil =
      "\x1b[2J\x1b]0;owned\x07<script>alert(1)</script>\"onload='x' | `` [click](https://evil.example) "
      "![](http://evil.example/p.png) "
      "@alice #1 www.evil.example \xff\xfe \xE2\x80\xAE\xC2\x9B"
      "31m\n\n# heading\r\n&lt;b&gt; \xE4\xB8\xAD\xE6\x96\x87";
  Report report = bad_gateway();
  report.verdict.summary = "The gateway says: " + evil;
  report.verdict.finding->summary = report.verdict.summary;
  report.verdict.finding->subject = evil;
  report.verdict.finding->cause = evil;
  report.verdict.answered_by = evil;
  report.evidence.target.url = "https://shop.example/';rm -rf ~;'\x1b[31m<b>|";
  report.path[6].detail = evil;
  for (auto& step : report.steps) step.finding = evil;
  report.remedies[0].why = evil;
  report.remedies[0].command = "fix502 watch 'https://shop.example/'\\'';rm -rf ~;'\\''\x1b[31m<b>|'";
  report.verdict.also = {Found{.fault = "dns.resolver-down", .summary = evil}};
  report.evidence.not_tried = {evil};
  auto& seen = report.evidence.observations.front();
  seen.varied = {{"address", evil}};
  seen.reproduce = "curl " + evil;
  std::get<HttpExchange>(seen.data).reason = evil;
  std::get<HttpExchange>(seen.data).headers = {{"server", evil}};
  return report;
}

/// Edge and origin as a comparison gives them, texts from outside among them.
Report compared() {
  Report report = bad_gateway();
  EdgeComparison comparison;
  comparison.cdn = "cloudflare";
  comparison.edge = "o1";
  comparison.origin = "o2";
  comparison.contrasts = {"o2"};
  comparison.fields = {
      {.field = "status", .title = "answer", .edge = "521 Web server is down", .origin = "200 OK", .differs = true},
      {.field = "server", .title = "server", .edge = "cloudflare", .origin = "nginx\x1b[31m", .differs = true},
      {.field = "tls-version", .title = "TLS version", .edge = "TLSv1.3", .origin = "TLSv1.3", .differs = false},
      {.field = "redirect",
       .title = "redirects to",
       .edge = "https://shop.example/cart",
       .origin = "",
       .differs = true}};
  comparison.settings = {{.kind = EdgeKind::port,
                          .suspicion = Suspicion::likely,
                          .why = "to the edge the origin refuses the connection; from here, at port 8443, it answers",
                          .value = "8443",
                          .cites = {"o1", "o2"},
                          .setting = find_setting("cloudflare", EdgeKind::port)},
                         {.kind = EdgeKind::firewall,
                          .suspicion = Suspicion::possible,
                          .why = "to the edge the origin refuses the connection; from here, at port 8443, it answers",
                          .value = "let the ranges of https://www.cloudflare.com/ips-v4 in at port 8443",
                          .cites = {"o1", "o2"},
                          .setting = nullptr}};
  report.comparison = comparison;
  return report;
}

std::vector<Situation> situations() {
  return {{"healthy", healthy()},
          {"healthy-with-also", healthy_with_also()},
          {"origin.bad-gateway", bad_gateway()},
          {"dns.stale-record", stale_record()},
          {"inconclusive", inconclusive()},
          {"hostile", hostile()},
          {"edge-and-origin", compared()}};
}

Report longest(std::string_view fault) {
  const std::string words =
      "a sentence that does not end soon because it tells all that there is to tell about 2001:db8::1234, ";
  const std::string text = words + words + words;
  Report report = bad_gateway();
  report.evidence.target.url = "https://a-rather-long-name.shop.example/" + std::string(300, 'x') + "?q=%27";
  auto finding = *report.verdict.finding;
  finding.fault = fault;
  if (const auto* info = find_fault(fault); info && info->side != Side::unknown) finding.side = info->side;
  finding.summary = text;
  conclude(report, finding, 0.999);
  report.verdict.also = {finding, finding, finding, finding};
  for (auto& step : report.steps) step.finding = text;
  for (auto& hop : report.path) hop.detail = text;
  if (const auto* info = find_fault(fault)) report.path[static_cast<std::size_t>(info->hop)].state = HopState::broken;
  report.remedies = plan_remedies(report.evidence, report.verdict);
  return report;
}

TEST(Situations, CiteOnlyWhatTheyHold) {
  for (const auto& [name, report] : situations())
    for (const auto& id : report.verdict.evidence) EXPECT_NE(report.evidence.find(id), nullptr) << name << " " << id;
}

}  // namespace fix502::test
