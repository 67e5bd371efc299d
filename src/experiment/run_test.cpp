// The gate through which every request passes, and whole investigations, in a network that is a function. What is
// promised about time are bounds that no slow machine can break.

#include "experiment/run.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <memory>

#include "fakes/fake_host.hpp"
#include "fakes/fake_net.hpp"

namespace fix502 {
namespace {

using namespace std::chrono_literals;
using fakes::answering;
using fakes::failing;
using Diagnosis = fix502::Run;  // testing::Test has a Run of its own

class RunTest : public testing::Test {
 protected:
  RunTest() {
    settings.compare_resolvers = {"none"};
    settings.connectivity_checks = {"none"};
    settings.authoritative = false;
  }

  void begin(std::string_view url = "https://shop.example/cart") {
    target = *parse_target(url);
    run = std::make_unique<Diagnosis>(io, net, host, target, settings, nullptr);
  }

  void start(Task<void> task) {
    ++open;
    boost::asio::co_spawn(io, std::move(task), [this](std::exception_ptr error) {
      --open;
      if (error) std::rethrow_exception(error);
    });
  }

  /// Everything that was started has come to its end. The limit only keeps a broken gate from hanging the test.
  void finish() {
    io.restart();
    while (open > 0 && io.run_one_for(20s) > 0) continue;
    ASSERT_EQ(open, 0);
  }

  /// The first answer comes when others have been let in and wait for their turn.
  void answer_late() {
    net.held = true;
    while (net.in_flight < 1 && io.run_one_for(20s) > 0) continue;
    io.poll();
    net.let_go();
    finish();
  }

  Task<void> ask(int times) {
    for (int i = 0; i < times; ++i) {
      Ask question{"refresh", {}, run->page_at({"203.0.113.10"})};
      seen.push_back(co_await run->ask(std::move(question)));
    }
  }

  Evidence investigated() {
    begin();
    start(investigate(*run));
    finish();
    return run->finish(false);
  }

  [[nodiscard]] std::size_t answered() const {
    return seen.size() - static_cast<std::size_t>(std::ranges::count(seen, nullptr));
  }

  boost::asio::io_context io;
  fakes::FakeNet net{io};
  fakes::FakeHost host;
  Settings settings;
  Target target;
  std::unique_ptr<Diagnosis> run;
  std::vector<const Observation*> seen;
  int open = 0;
};

TEST_F(RunTest, SendsSixAtOnceAndNoMore) {
  net.held = true;
  begin();
  for (int i = 0; i < 15; ++i) start(ask(1));
  while (net.in_flight < 6 && io.run_one_for(20s) > 0) continue;
  EXPECT_EQ(net.in_flight, 6);
  io.run_for(60ms);  // a seventh would have come by now
  EXPECT_EQ(net.in_flight, 6);
  net.let_go();
  finish();
  EXPECT_EQ(net.sent.size(), 15U);
  EXPECT_LE(net.most_in_flight, 6);
}

TEST_F(RunTest, SpreadsThemInTime) {
  begin();
  const auto began = Diagnosis::Clock::now() - run->elapsed() - 1ms;
  for (int i = 0; i < 8; ++i) start(ask(1));
  finish();
  for (std::size_t i = 0; i < net.sent.size(); ++i)
    EXPECT_GE(net.sent[i].at - began, 12ms * static_cast<int>(i)) << "request " << i;
}

TEST_F(RunTest, KeepsToTheBudgetOfRequests) {
  settings.max_requests = 5;
  begin();
  for (int i = 0; i < 3; ++i) start(ask(4));
  finish();
  EXPECT_EQ(net.sent.size(), 5U);
  EXPECT_EQ(answered(), 5U);
  const Evidence evidence = run->finish(false);
  EXPECT_EQ(evidence.requests_sent, 5);
  EXPECT_EQ(evidence.not_tried, std::vector<std::string>{"refresh: the budget of requests is used up"});
}

TEST_F(RunTest, DoesNotCountWhatGoesElsewhere) {
  settings.max_requests = 1;
  begin();
  start([](Diagnosis& one) -> Task<void> {
    for (int i = 0; i < 3; ++i) {
      Ask question{"connectivity", {}, one.page_at({"203.0.113.200"})};
      co_await one.ask_elsewhere(std::move(question));
    }
  }(*run));
  start(ask(1));
  finish();
  EXPECT_EQ(answered(), 1U);
  EXPECT_EQ(run->finish(false).requests_sent, 1);
}

struct Rest {
  std::string_view about;
  int status;
  std::vector<HeaderField> headers;
  bool rests;
};

const Rest kRests[] = {
    {"too many requests", 429, {}, true},
    {"too many requests, with a time", 429, {{"retry-after", "120"}}, true},
    {"maintenance", 503, {{"retry-after", "3600"}}, true},
    {"a gateway's", 502, {{"retry-after", "5"}}, true},
    {"unavailable, without a wish", 503, {}, false},
    {"a redirect's time is another matter", 302, {{"retry-after", "1"}}, false},
    {"works", 200, {{"retry-after", "1"}}, false},
};

TEST_F(RunTest, LeavesTheSiteAloneThatAsksForRest) {
  for (const auto& [about, status, headers, rests] : kRests) {
    SCOPED_TRACE(about);
    net.sent.clear();
    net.answer = [&](const HttpRequest&) { return answering(status, headers); };
    begin();
    start(ask(3));
    finish();
    EXPECT_EQ(net.sent.size(), rests ? 1U : 3U);
    EXPECT_EQ(run->told_to_rest(), rests);
    const auto not_tried = run->finish(false).not_tried;
    EXPECT_EQ(not_tried,
              rests ? std::vector<std::string>{"refresh: the site asked for rest"} : std::vector<std::string>{});
  }
}

/// Those that wait for their turn, or for a free place, when the wish comes are not sent any more.
TEST_F(RunTest, LeavesItAloneAlsoWithWhatWasWaiting) {
  net.answer = [](const HttpRequest&) { return answering(429); };
  begin();
  for (int i = 0; i < 15; ++i) start(ask(1));
  answer_late();
  EXPECT_LE(net.sent.size(), 6U);
  EXPECT_EQ(seen.size(), 15U);
  EXPECT_EQ(answered(), net.sent.size());
  EXPECT_EQ(run->finish(false).requests_sent, static_cast<int>(net.sent.size()));
  for (const auto& one : net.sent) EXPECT_FALSE(one.after_first_answer);
}

TEST_F(RunTest, SendsNothingWhenTheTimeIsUp) {
  settings.timeout = 200ms;
  begin();
  start(ask(2));
  finish();
  EXPECT_TRUE(net.sent.empty());
  EXPECT_EQ(run->finish(false).not_tried, std::vector<std::string>{"refresh: the time is used up"});
}

TEST_F(RunTest, GivesNoExchangeMoreTimeThanThereIs) {
  begin();
  start([](Diagnosis& one) -> Task<void> {
    for (const auto wanted : {60'000ms, 100ms}) {
      HttpRequest request = one.page_at({"203.0.113.10"});
      request.timeout = wanted;
      Ask question{"refresh", {}, std::move(request)};
      co_await one.ask(std::move(question));
    }
  }(*run));
  finish();
  ASSERT_EQ(net.sent.size(), 2U);
  EXPECT_LE(net.sent[0].request.timeout, settings.timeout * 7 / 10);
  EXPECT_LE(net.sent[1].request.timeout, 100ms);
}

TEST_F(RunTest, NumbersWhatItSawByItsBeginning) {
  const Evidence evidence = investigated();
  Duration last{};
  for (std::size_t i = 0; i < evidence.observations.size(); ++i) {
    EXPECT_EQ(evidence.observations[i].id, fmt::format("o{}", i + 1));
    EXPECT_GE(evidence.observations[i].started, last);
    last = evidence.observations[i].started;
  }
}

struct World {
  std::string_view about;
  HttpExchange answer;
};

const World kWorlds[] = {
    {"works", answering(200)},
    {"bad gateway", answering(502)},
    {"refuses", answering(403)},
    {"not found", answering(404)},
    {"asks for rest", answering(429)},
    {"closes", failing(Failure::closed_early)},
    {"resets", failing(Failure::reset)},
    {"refuses the connection", failing(Failure::refused)},
    {"silent", failing(Failure::response_timeout)},
    {"expired", failing(Failure::cert_expired)},
    {"an alert", failing(Failure::tls_alert)},
    {"a redirect to itself", answering(302, {{"location", "https://shop.example/cart"}})},
    {"a redirect to another page", answering(302, {{"location", "https://www.shop.example/a?b"}})},
};

/// With everything given that makes an experiment ask more.
class Investigation : public RunTest {
 protected:
  Investigation() {
    settings.cookies_given = true;
    settings.cookie = std::string(2'000, 'c');
    settings.headers = {{"X-Large", std::string(2'000, 'x')}};
    settings.origin = Endpoint{"192.0.2.7", 8443};
    net.addresses = {"203.0.113.10", "203.0.113.11", "2001:db8::10"};
  }

  void in_each_world(const std::function<void()>& check) {
    for (const std::string proxy : {"", "http://192.0.2.80:3128"})
      for (const auto& [about, exchange] : kWorlds) {
        SCOPED_TRACE(fmt::format("{}{}", about, proxy.empty() ? "" : ", through a proxy"));
        host.proxy = proxy;
        net.answer = [&](const HttpRequest&) { return exchange; };
        net.sent.clear();
        net.most_in_flight = 0;
        check();
      }
  }
};

TEST_F(Investigation, KeepsToItsBudgetsInEveryWorld) {
  for (const int most : {1, 40}) {
    settings.max_requests = most;
    in_each_world([&] {
      const Evidence evidence = investigated();
      EXPECT_LE(net.sent.size(), static_cast<std::size_t>(most));
      EXPECT_EQ(evidence.requests_sent, static_cast<int>(net.sent.size()));
      EXPECT_LE(net.most_in_flight, 6);
      EXPECT_GE(net.sent.size(), 1U);
    });
  }
}

TEST_F(Investigation, SendsAPostOnce) {
  settings.method = "POST";
  settings.data = "order=1";
  in_each_world([&] {
    const Evidence evidence = investigated();
    const auto posts = std::ranges::count_if(
        net.sent, [](const auto& one) { return one.request.method == "POST" || !one.request.data.empty(); });
    EXPECT_EQ(posts, 1);
    EXPECT_NE(std::ranges::find(evidence.not_tried, "refresh: a POST request is not repeated"),
              evidence.not_tried.end());
  });
}

TEST_F(Investigation, SendsNothingAfterTheWishForRest) {
  net.answer = [](const HttpRequest&) { return answering(503, {{"retry-after", "60"}}); };
  begin();
  start(investigate(*run));
  answer_late();
  for (const auto& one : net.sent) EXPECT_FALSE(one.after_first_answer) << one.request.url;
  EXPECT_FALSE(run->finish(false).not_tried.empty());
}

TEST_F(RunTest, LooksAtAnAddressWithoutAskingForItsName) {
  net.answer = [](const HttpRequest&) { return answering(502); };
  begin("http://203.0.113.10:8080/");
  start(investigate(*run));
  finish();
  EXPECT_TRUE(net.questions.empty());
  EXPECT_FALSE(net.sent.empty());
}

TEST_F(RunTest, SendsNothingToANameWithoutAddress) {
  net.addresses.clear();
  const Evidence evidence = investigated();
  EXPECT_TRUE(net.sent.empty());
  EXPECT_EQ(evidence.requests_sent, 0);
}

TEST_F(RunTest, TurnsARedirectedPostIntoAGetUnlessToldOtherwise) {
  const std::pair<int, std::string_view> kCases[] = {
      {301, "GET"}, {302, "GET"}, {303, "GET"}, {307, "POST"}, {308, "POST"}};
  settings.method = "POST";
  settings.data = "order=1";
  for (const auto& [status, method] : kCases) {
    SCOPED_TRACE(status);
    net.sent.clear();
    net.answer = [given = status](const HttpRequest& request) {
      return request.url.ends_with("/done") ? answering(200)
                                            : answering(given, {{"location", "https://shop.example/done"}});
    };
    investigated();
    const auto followed =
        std::ranges::find_if(net.sent, [](const auto& one) { return one.request.url.ends_with("/done"); });
    ASSERT_NE(followed, net.sent.end());
    EXPECT_EQ(followed->request.method, method);
    EXPECT_EQ(followed->request.data.empty(), method == "GET");
  }
}

}  // namespace
}  // namespace fix502
