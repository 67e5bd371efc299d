// What real browsers add to a diagnosis: what they decide, and where they are not believed.

#include "fault/browser_views.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace fix502 {
namespace {

constexpr const char* kChromiumAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0";
constexpr const char* kFirefoxAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";

/// One diagnosis in the making.
class Seen {
 public:
  Seen() {
    evidence.target = *parse_target("http://shop.example/");
    SystemLookup lookup;
    lookup.name = "shop.example";
    lookup.addresses = {"203.0.113.10"};
    add("names", {}, lookup);
  }
  Seen& visits(int status, int times = 3) {
    for (int i = 0; i < times; ++i) add(i == 0 ? "baseline" : "refresh", i == 0 ? Varied{} : again(i), http(status));
    return *this;
  }
  Seen& client(const char* dimension, int status) {
    HttpExchange exchange = http(status);
    exchange.client = std::string(dimension) == "everything" ? "plain" : dimension;
    return add("client", {{"client", dimension}}, exchange);
  }
  /// The probe beside the browsers.
  Seen& probe(int status, const char* agent = "") {
    Varied varied{{"browser", "none"}};
    if (*agent != '\0') varied["user-agent"] = agent;
    return add("browsers", varied, http(status));
  }
  Seen& browser(const char* name, std::optional<int> status, Failure failure = Failure::none,
                const char* protocol = "http/1.1") {
    BrowserVisit visit = of(name);
    visit.status = status;
    visit.failure = failure;
    visit.protocol = protocol;
    return add("browsers", {{"browser", name}}, visit);
  }
  Seen& copy(const char* name, int status, bool cache, bool worker) {
    BrowserVisit visit = of(name);
    visit.profile = ProfileUse::copy;
    visit.status = status;
    visit.from_cache = cache;
    visit.from_worker = worker;
    return add("browsers", {{"browser", name}, {"profile", "copy"}}, visit);
  }
  Seen& silent(const char* name, ProfileUse profile = ProfileUse::clean) {
    BrowserVisit visit = of(name);
    visit.profile = profile;
    visit.trouble = "it did not start in time";
    return add("browsers", {{"browser", name}}, visit);
  }
  [[nodiscard]] Verdict verdict() const { return diagnose(evidence); }
  [[nodiscard]] std::string fault() const {
    const Verdict seen = verdict();
    return seen.finding ? seen.finding->fault : std::string(to_word(seen.outcome));
  }
  [[nodiscard]] Step step() const {
    const auto steps = judge_steps(evidence, verdict());
    return *std::ranges::find(steps, "other-browser", &Step::id);
  }
  Evidence evidence;

 private:
  template <typename T>
  Seen& add(std::string experiment, Varied varied, T data) {
    Observation& one = evidence.observations.emplace_back();
    one.id = "o" + std::to_string(evidence.observations.size());
    one.experiment = std::move(experiment);
    one.varied = std::move(varied);
    one.started = Duration(1000 * static_cast<long>(evidence.observations.size()));
    one.data = std::move(data);
    return *this;
  }
  static Varied again(int number) { return {{"time", "+" + std::to_string(number)}}; }
  static HttpExchange http(int status) {
    HttpExchange exchange;
    exchange.url = "http://shop.example/";
    exchange.client = "browser";
    exchange.address = "203.0.113.10";
    exchange.port = 80;
    exchange.http_version = "1.1";
    exchange.reached = Phase::done;
    exchange.status = status;
    return exchange;
  }
  static BrowserVisit of(const char* name) {
    BrowserVisit visit;
    visit.browser = name;
    visit.user_agent = std::string(name) == "chromium" ? kChromiumAgent : kFirefoxAgent;
    visit.url = visit.final_url = "http://shop.example/";
    return visit;
  }
};

TEST(BrowsersDiffer, NamesTheUserAgentThatTheProbesConfirm) {
  Seen seen;
  seen.visits(200).browser("chromium", 200).browser("firefox-esr", 502).probe(200);
  seen.probe(200, kChromiumAgent).probe(502, kFirefoxAgent);
  const Verdict verdict = seen.verdict();
  ASSERT_TRUE(verdict.finding);
  EXPECT_EQ(verdict.finding->fault, "browser.client-profile");
  EXPECT_EQ(verdict.finding->subject, "user-agent");
  EXPECT_EQ(verdict.finding->side, Side::owner);
  EXPECT_NE(verdict.summary.find("Firefox gets"), std::string::npos) << verdict.summary;
  EXPECT_EQ(seen.step().outlook, Outlook::fixes);
  EXPECT_EQ(seen.step().finding, "Chromium gets the page");
}

TEST(BrowsersDiffer, NamesTheProtocol) {
  Seen seen;
  seen.visits(502).client("everything", 502).probe(502);
  seen.browser("chromium", 502, Failure::none, "h3").browser("firefox-esr", 200, Failure::none, "http/1.1");
  const Verdict verdict = seen.verdict();
  ASSERT_TRUE(verdict.finding);
  EXPECT_EQ(verdict.finding->fault, "browser.client-profile");
  EXPECT_EQ(verdict.finding->subject, "http-version");
}

TEST(BrowsersDiffer, BelievesBrowsersThatGetWhatTheProbeDoesNot) {
  Seen seen;
  seen.visits(502).client("everything", 502).browser("chromium", 200).browser("firefox-esr", 200).probe(502);
  EXPECT_EQ(seen.fault(), "browser.client-profile");
  EXPECT_EQ(seen.step().outlook, Outlook::may_help);
}

TEST(BrowsersDiffer, SaysNothingOfASiteThatHasComeBackMeanwhile) {
  Seen seen;
  seen.visits(502).client("everything", 502).browser("chromium", 200).browser("firefox-esr", 200).probe(200);
  EXPECT_EQ(seen.fault(), "origin.bad-gateway");
}

TEST(BrowsersDiffer, SaysNothingWhereAllSeeTheSame) {
  Seen bad;
  bad.visits(502).client("everything", 502).browser("chromium", 502).browser("firefox-esr", 502).probe(502);
  EXPECT_EQ(bad.fault(), "origin.bad-gateway");
  EXPECT_EQ(bad.step().outlook, Outlook::no_effect);
  EXPECT_EQ(bad.step().finding, "Chromium and Firefox got status 502 as well");
  Seen good;
  good.visits(200).browser("chromium", 200).browser("firefox-esr", 200).probe(200);
  EXPECT_EQ(good.fault(), "healthy");
  EXPECT_EQ(good.step().finding, "not needed: Chromium and Firefox got the page here");
}

TEST(BrowsersDiffer, DoesNotBelieveWhatIsTheBrowsersOwn) {
  const Failure kOwn[] = {Failure::cert_issuer, Failure::name_not_resolved, Failure::refused,
                          Failure::out_of_time, Failure::proxy_unreachable, Failure::other};
  for (const Failure failure : kOwn) {
    Seen seen;
    seen.visits(200).browser("chromium", std::nullopt, failure).browser("firefox-esr", 200).probe(200);
    EXPECT_EQ(seen.fault(), "healthy") << to_word(failure);
  }
  Seen silent;
  silent.visits(502).client("everything", 502).silent("chromium").probe(502);
  EXPECT_EQ(silent.fault(), "origin.bad-gateway");
  EXPECT_EQ(silent.step().finding, "other kinds of client fail the same way");
}

TEST(BrowsersDiffer, LeavesANarrowerFindingOfTheProbesAlone) {
  Seen seen;
  seen.visits(502).client("everything", 200).client("user-agent", 200).client("encoding", 502);
  seen.browser("chromium", 502).browser("firefox-esr", 502).probe(502);
  const Verdict verdict = seen.verdict();
  ASSERT_TRUE(verdict.finding);
  EXPECT_EQ(verdict.finding->fault, "browser.client-profile");
  EXPECT_EQ(verdict.finding->subject, "user-agent");
}

TEST(StoredErrorShown, IsWhatTheCopyShowsAndTheCleanProfileDoesNot) {
  Seen seen;
  seen.visits(200).browser("chromium", 200).copy("chromium", 502, true, false).probe(200);
  const Verdict verdict = seen.verdict();
  ASSERT_TRUE(verdict.finding);
  EXPECT_EQ(verdict.finding->fault, "browser.cached-error");
  EXPECT_EQ(verdict.finding->side, Side::visitor);
  EXPECT_EQ(verdict.finding->subject, "HTTP cache");
  EXPECT_EQ(seen.step().outlook, Outlook::fixes);
}

TEST(StoredErrorShown, KnowsAServiceWorker) {
  Seen seen;
  seen.visits(200).copy("firefox-esr", 502, false, true).probe(200);
  EXPECT_EQ(seen.fault(), "browser.cached-error");
  EXPECT_EQ(seen.verdict().finding->subject, "service worker");
}

TEST(StoredErrorShown, NeedsAStoredErrorAndAGoodNetwork) {
  Seen fresh;
  fresh.visits(200).browser("chromium", 200).copy("chromium", 502, false, false).probe(200);
  EXPECT_NE(fresh.fault(), "browser.cached-error");
  Seen good;
  good.visits(200).browser("chromium", 200).copy("chromium", 200, true, false).probe(200);
  EXPECT_EQ(good.fault(), "healthy");
  Seen down;
  down.visits(502).client("everything", 502).browser("chromium", 502).copy("chromium", 502, true, false).probe(502);
  EXPECT_EQ(down.fault(), "origin.bad-gateway");
}

TEST(BrowsersWouldTell, OnlyWhereTheQuestionIsOpen) {
  Seen healthy;
  EXPECT_FALSE(browsers_would_tell(healthy.visits(200).client("everything", 200).evidence));
  Seen plain;
  EXPECT_FALSE(browsers_would_tell(plain.visits(502).client("everything", 502).evidence));
  Seen narrow;
  narrow.visits(502).client("everything", 200).client("user-agent", 200).client("encoding", 502);
  EXPECT_FALSE(browsers_would_tell(narrow.evidence));
  // Some clients fail, and nothing that was changed by itself explains it.
  Seen open;
  open.visits(502).client("everything", 200).client("user-agent", 502).client("encoding", 502);
  EXPECT_TRUE(browsers_would_tell(open.evidence));
  Seen resting;
  EXPECT_FALSE(browsers_would_tell(resting.visits(429).client("everything", 429).evidence));
  EXPECT_FALSE(browsers_would_tell(Seen().evidence));
}

TEST(Healthy, ABrowserThatDidNotComeLeavesDoubt) {
  Seen seen;
  seen.visits(200).browser("chromium", 200).probe(200);
  EXPECT_GT(seen.verdict().confidence, 0.9);
  const Verdict clean = seen.silent("firefox-esr").verdict();
  EXPECT_LT(clean.confidence, 0.9);
  EXPECT_TRUE(clean.summary.contains("What Firefox gets is not known")) << clean.summary;
  const Verdict verdict = seen.silent("firefox-esr", ProfileUse::copy).verdict();
  EXPECT_EQ(verdict.outcome, Outcome::healthy);
  EXPECT_LT(verdict.confidence, 0.9);
  EXPECT_TRUE(verdict.summary.contains("What Firefox shows with your profile is not known")) << verdict.summary;
}

TEST(AsExchange, IsJudgedAsTheProbesAre) {
  BrowserVisit visit;
  visit.url = "http://shop.example/";
  visit.status = 502;
  visit.protocol = "h2";
  EXPECT_EQ(as_exchange(visit).http_version, "2");
  EXPECT_EQ(as_exchange(visit).url, "http://shop.example/");
  Observation seen;
  seen.id = "o1";
  visit.browser = "chromium";
  visit.from_cache = true;
  seen.data = visit;
  EXPECT_EQ(outcome(seen), "chromium: 502 Bad Gateway, from its cache");
  Observation again;
  ASSERT_TRUE(from_json(to_json(seen), again));
  EXPECT_EQ(again, seen);
}

}  // namespace
}  // namespace fix502
