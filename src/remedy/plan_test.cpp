#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "remedy/facts.hpp"
#include "remedy/planned.hpp"
#include "remedy/remedy.hpp"
#include "visible_faults.hpp"

namespace fix502 {
namespace {

// product.md, "Remedies".
const std::set<std::string> kAutomatic = {"flush-dns",     "custom-dns",        "clear-cache",
                                          "clear-cookies", "unregister-worker", "unpin-hosts",
                                          "bypass-proxy",  "prefer-ipv4",       "login-portal"};

Evidence asked_about(std::string url = "https://shop.example/cart") {
  Evidence evidence;
  evidence.target.url = std::move(url);
  evidence.target.scheme = "https";
  evidence.target.host = "shop.example";
  evidence.target.port = 443;
  evidence.target.path = "/cart";
  return evidence;
}

Verdict found(std::string_view fault, Side side, Cites cites = {}) {
  Verdict verdict;
  verdict.outcome = Outcome::fault;
  Finding finding;
  finding.fault = fault;
  finding.side = side;
  finding.cites = std::move(cites);
  verdict.finding = std::move(finding);
  return verdict;
}

Observation answered(std::string id, int status, std::vector<HeaderField> headers) {
  HttpExchange http;
  http.url = "https://shop.example/cart";
  http.family = Family::ipv4;
  http.status = status;
  http.reached = Phase::done;
  http.headers = std::move(headers);
  Observation seen;
  seen.id = std::move(id);
  seen.data = std::move(http);
  return seen;
}

Observation resolved(std::string id, DnsRole role, Transport transport, std::string server, std::string address) {
  DnsExchange dns;
  dns.role = role;
  dns.transport = transport;
  dns.server = std::move(server);
  dns.name = "shop.example";
  dns.rcode = "NOERROR";
  dns.answer = {{"shop.example", "A", 1500, std::move(address)}};
  Observation seen;
  seen.id = std::move(id);
  seen.data = std::move(dns);
  return seen;
}

const Remedy* find(const std::vector<Remedy>& remedies, std::string_view id) {
  const auto found_at = std::ranges::find(remedies, id, &Remedy::id);
  return found_at == remedies.end() ? nullptr : &*found_at;
}

TEST(PlanRemedies, HasSomethingForEveryFaultAndSide) {
  for (const auto fault : test::kVisibleFaults) {
    for (const auto side : {Side::visitor, Side::owner, Side::third_party}) {
      const auto remedies = plan_remedies(asked_about(), found(fault, side));
      ASSERT_FALSE(remedies.empty()) << fault;
      std::set<std::string> ids;
      for (const auto& remedy : remedies) {
        EXPECT_TRUE(ids.insert(remedy.id).second) << fault << " twice: " << remedy.id;
        EXPECT_FALSE(remedy.title.empty() || remedy.why.empty()) << fault << " " << remedy.id;
        EXPECT_NE(remedy.outlook, Outlook::no_effect) << fault << " " << remedy.id;
        EXPECT_EQ(remedy.automatic, kAutomatic.contains(remedy.id)) << remedy.id;
        EXPECT_EQ((remedy.command + remedy.why).find_first_of("{}"), std::string::npos) << fault << " " << remedy.id;
        EXPECT_EQ(remedy.command.starts_with("fix502 fix " + remedy.id), remedy.automatic) << remedy.command;
      }
    }
  }
}

struct Best {
  std::string_view fault;
  Side side;
  std::string_view first;
  std::string_view owner;  ///< the owner's first; empty: none
};

TEST(PlanRemedies, PutsTheBestFirst) {
  const Best cases[] = {
      {"dns.stale-record", Side::visitor, "flush-dns", ""},
      {"dns.wrong-answer", Side::visitor, "custom-dns", ""},
      {"device.hosts-file", Side::visitor, "unpin-hosts", ""},
      {"device.proxy", Side::visitor, "bypass-proxy", ""},
      {"browser.cached-error", Side::visitor, "clear-cache", ""},
      {"browser.cookie", Side::visitor, "clear-cookies", ""},
      {"network.captive-portal", Side::visitor, "login-portal", ""},
      {"device.clock", Side::visitor, "fix-clock", ""},
      {"dns.no-address", Side::owner, "contact-owner", "add-address-record"},
      {"gateway.tls", Side::owner, "contact-owner", "renew-certificate"},
      {"origin.bad-gateway", Side::owner, "wait", "inspect-gateway"},
      {"cdn.cached-error", Side::owner, "wait", "purge-cdn-cache"},
      {"a.fault-of-tomorrow", Side::owner, "wait", "inspect-gateway"},
  };
  for (const auto& one : cases) {
    const auto remedies = planned(asked_about(), found(one.fault, one.side), {});
    ASSERT_FALSE(remedies.empty()) << one.fault;
    EXPECT_EQ(remedies.front().id, one.first);
    const auto owner = std::ranges::find(remedies, Side::owner, &Remedy::who);
    EXPECT_EQ(owner == remedies.end() ? "" : owner->id, one.owner) << one.fault;
  }
}

TEST(PlanRemedies, QuotesTheAddressForTheShell) {
  const auto remedies =
      planned(asked_about("https://shop.example/?a=1&b='$(id)"), found("device.proxy", Side::visitor), {});
  EXPECT_EQ(remedies.front().command, "fix502 fix bypass-proxy 'https://shop.example/?a=1&b='\\''$(id)'");
}

TEST(PlanRemedies, NamesAResolverThatWasSeenToAnswerOtherwise) {
  Evidence evidence = asked_about();
  evidence.observations = {resolved("o1", DnsRole::system, Transport::udp, "192.0.2.53:53", "203.0.113.10"),
                           resolved("o2", DnsRole::comparison, Transport::udp, "192.0.2.54:53", "203.0.113.10"),
                           resolved("o3", DnsRole::comparison, Transport::udp, "[2001:db8::53]:53", "203.0.113.20")};
  const auto verdict = found("dns.wrong-answer", Side::visitor, {"o1", "o3"});
  EXPECT_EQ(find(planned(evidence, verdict, {}), "custom-dns")->command,
            "fix502 fix custom-dns --resolver 2001:db8::53 https://shop.example/cart");
  evidence.observations.push_back(
      resolved("o4", DnsRole::comparison, Transport::https, "https://dns.example/dns-query", "203.0.113.20"));
  EXPECT_EQ(find(planned(evidence, verdict, {}), "custom-dns")->command,
            "fix502 fix custom-dns --resolver https://dns.example/dns-query https://shop.example/cart");
  evidence.observations.erase(evidence.observations.begin() + 1, evidence.observations.end());
  EXPECT_EQ(find(planned(evidence, verdict, {}), "custom-dns")->command,
            "fix502 fix custom-dns https://shop.example/cart");
}

struct Fill {
  std::string_view text;
  std::optional<long> seconds;
  std::string_view expect;
};

TEST(Fill, WordsTimes) {
  const Fill cases[] = {{"ask {retry}.", 1, "ask in 1 second."},  {"{retry}", 119, "in 119 seconds"},
                        {"{retry}", 120, "in 2 minutes"},         {"{retry}", 121, "in 3 minutes"},
                        {"{retry}", 7200, "in 2 hours"},          {"{other} {", 1, "{other} {"},
                        {"{host} is {host}", 1, "{url} is {url}"}};
  for (const auto& one : cases) {
    RemedyFacts facts;
    facts.host = "{url}";
    facts.retry_after = one.seconds;
    EXPECT_EQ(fill(one.text, facts, false), one.expect);
  }
}

TEST(GatherFacts, ReadsRetryAfterAndTheTtlOfWhatIsCited) {
  Evidence evidence = asked_about();
  evidence.observations = {answered("o1", 503, {{"retry-after", "600"}}),
                           answered("o2", 503, {{"retry-after", "9000"}}),
                           resolved("o3", DnsRole::system, Transport::udp, "192.0.2.53:53", "203.0.113.10")};
  const auto cited = found("origin.unavailable", Side::owner, {"o1", "o3", "o99"});
  const auto facts = gather_facts(evidence, &*cited.finding);
  EXPECT_EQ(facts.retry_after, 600);
  EXPECT_EQ(facts.ttl, 1500);
  EXPECT_FALSE(gather_facts(evidence, nullptr).retry_after);
  EXPECT_FALSE(facts.ipv4_works);
}

TEST(GatherFacts, SeesThatIpv4Works) {
  Evidence evidence = asked_about();
  evidence.observations = {answered("o1", 200, {})};
  const auto verdict = found("network.ipv6", Side::owner);
  EXPECT_TRUE(gather_facts(evidence, &*verdict.finding).ipv4_works);
  EXPECT_EQ(planned(evidence, verdict, {}).front().id, "prefer-ipv4");
  EXPECT_EQ(find(planned(asked_about(), verdict, {}), "prefer-ipv4"), nullptr);
}

struct Weight {
  std::string_view step;
  Outlook outlook;
  std::vector<std::string_view> expect;  ///< ids, best first
};

TEST(PlanRemedies, BelievesTheExperiments) {
  const Weight cases[] = {
      {"dns-cache", Outlook::unknown, {"flush-dns", "custom-dns", "wait"}},
      {"dns-cache", Outlook::no_effect, {"custom-dns", "wait"}},
      {"dns-cache", Outlook::may_help, {"custom-dns", "flush-dns", "wait"}},
      {"wait", Outlook::fixes, {"flush-dns", "custom-dns", "wait"}},
      {"refresh", Outlook::fixes, {"flush-dns", "custom-dns", "wait"}},
  };
  for (const auto& one : cases) {
    std::vector<std::string_view> ids;
    const std::vector<Step> steps = {{std::string(one.step), StepState::done, one.outlook, "", {}}};
    const auto remedies = planned(asked_about(), found("dns.stale-record", Side::visitor), steps);
    for (const auto& remedy : remedies) ids.push_back(remedy.id);
    EXPECT_EQ(ids, one.expect) << one.step;
  }
  const std::vector<Step> useless = {{"browser-cache", StepState::done, Outlook::no_effect, "", {}}};
  Evidence seen = asked_about();
  BrowserProfile profile;
  profile.workers.push_back({"https://shop.example", "https://shop.example/", "https://shop.example/worker.js"});
  seen.observations.push_back({"worker", "browser-cache", {}, {}, {}, "", profile});
  Verdict stored = found("browser.cached-error", Side::visitor);
  stored.finding->cites = {"worker"};
  const auto left = planned(seen, stored, useless);
  EXPECT_EQ(left.front().id, "unregister-worker");
}

TEST(PlanRemedies, AddsOneForEachFurtherFault) {
  Verdict verdict;
  verdict.outcome = Outcome::healthy;
  EXPECT_TRUE(planned(asked_about(), verdict, {}).empty());
  Finding further;
  further.fault = "gateway.partly-down";
  further.side = Side::owner;
  verdict.also = {further};
  const auto remedies = planned(asked_about(), verdict, {});
  ASSERT_EQ(remedies.size(), 1U);
  EXPECT_EQ(remedies.front().id, "withdraw-address");
  EXPECT_EQ(remedies.front().outlook, Outlook::may_help);
}

TEST(PlanRemedies, SaysWhatWouldSettleAnOpenQuestion) {
  const auto remedies = planned(asked_about(), Verdict{}, {});
  ASSERT_FALSE(remedies.empty());
  EXPECT_NE(find(remedies, "use-other-network"), nullptr);
  EXPECT_EQ(std::ranges::count(remedies, true, &Remedy::automatic), 0);
}

TEST(PlanRemedies, AWorkersErrorIsNotInTheCache) {
  for (const auto& [subject, first, absent] : {std::tuple{"service worker", "unregister-worker", "clear-cache"},
                                               std::tuple{"HTTP cache", "clear-cache", "unregister-worker"}}) {
    Verdict verdict = found("browser.cached-error", Side::visitor);
    verdict.finding->subject = subject;
    const auto remedies = plan_remedies(asked_about(), verdict);
    ASSERT_FALSE(remedies.empty());
    EXPECT_EQ(remedies.front().id, first);
    EXPECT_EQ(remedies.front().outlook, Outlook::fixes);
    EXPECT_EQ(std::ranges::find(remedies, absent, &Remedy::id), remedies.end()) << absent;
  }
}

TEST(PlanRemedies, NoOtherResolverWhereNobodyAsksOne) {
  for (const auto& [subject, offered, file] :
       {std::tuple{"nsswitch", false, "/etc/nsswitch.conf"}, std::tuple{"", true, "/etc/resolv.conf"}}) {
    Verdict verdict = found("device.resolver-config", Side::visitor);
    verdict.finding->subject = subject;
    const auto remedies = plan_remedies(asked_about(), verdict);
    EXPECT_EQ(std::ranges::find(remedies, "custom-dns", &Remedy::id) != remedies.end(), offered) << subject;
    EXPECT_NE(remedies.front().why.find(file), std::string::npos) << remedies.front().why;
  }
}

TEST(PlanRemedies, KnowsWhatARemedyIsMeantFor) {
  EXPECT_TRUE(is_meant_for("custom-dns", "dns.resolver-down"));
  EXPECT_FALSE(is_meant_for("custom-dns", "network.filtering"));  // may help only
  EXPECT_FALSE(is_meant_for("custom-dns", "origin.bad-gateway"));
  EXPECT_FALSE(is_meant_for("inspect-gateway", "origin.bad-gateway"));  // the owner's
}

}  // namespace
}  // namespace fix502
