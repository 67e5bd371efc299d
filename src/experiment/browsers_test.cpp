// When real browsers are asked, and what for: with browsers that are a function.

#include "experiment/browsers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>

#include "fakes/fake_host.hpp"
#include "fakes/fake_net.hpp"

namespace fix502 {
namespace {

using namespace std::chrono_literals;
using BrowserDiagnosis = fix502::Run;  // testing::Test has a Run of its own

class FakeBrowsers final : public HeadlessBrowsers {
 public:
  std::function<int(const BrowserJob&)> status = [](const BrowserJob&) { return 200; };
  std::vector<RunnableBrowser> here = {{"chromium", "/usr/bin/chromium", BrowserProtocol::devtools},
                                       {"firefox-esr", "/usr/bin/firefox-esr", BrowserProtocol::bidi}};
  std::vector<BrowserJob> asked;
  int redirects = 0;

  [[nodiscard]] std::vector<RunnableBrowser> installed() const override { return here; }
  Task<BrowserVisit> visit(BrowserJob job) override {
    asked.push_back(job);
    BrowserVisit visit;
    visit.browser = job.browser.name;
    visit.user_agent = job.browser.name + "/1";
    visit.profile = job.copy_of ? ProfileUse::copy : ProfileUse::clean;
    visit.url = visit.final_url = job.url;
    visit.status = status(job);
    visit.requests = 1 + redirects;
    co_return visit;
  }
};

class BrowsersTest : public testing::Test {
 protected:
  BrowsersTest() {
    settings.compare_resolvers = {"none"};
    settings.connectivity_checks = {"none"};
    settings.authoritative = false;
    net.answer = [](const HttpRequest&) {
      HttpExchange exchange;
      exchange.status = 200;
      exchange.reached = Phase::done;
      return exchange;
    };
  }
  Evidence investigated(bool would_tell = false) {
    io.restart();  // an earlier investigation has run it dry
    BrowserDiagnosis run(io, net, host, *parse_target("http://shop.example/"), settings, nullptr);
    run.headless = &browsers;
    run.own_profiles = own;
    run.would_tell = [&](const Evidence& so_far) {
      EXPECT_FALSE(so_far.observations.empty());
      return would_tell;
    };
    bool over = false;
    boost::asio::co_spawn(io, investigate(run), [&](std::exception_ptr error) {
      over = true;
      if (error) std::rethrow_exception(error);
    });
    while (!over && io.run_one_for(20s) > 0) continue;
    EXPECT_TRUE(over);
    return run.finish(false);
  }
  static std::vector<std::string> agents(const Evidence& evidence) {
    std::vector<std::string> list;
    for (const auto& seen : evidence.observations)
      if (seen.experiment == "browsers" && seen.as<HttpExchange>() != nullptr)
        list.emplace_back(seen.varied_in("user-agent"));
    return list;
  }

  boost::asio::io_context io;
  fakes::FakeNet net{io};
  fakes::FakeHost host;
  FakeBrowsers browsers;
  Settings settings;
  std::vector<OwnProfile> own;
};

TEST_F(BrowsersTest, AreNotRunWhereNothingIsOpen) {
  investigated();
  EXPECT_TRUE(browsers.asked.empty());
}

TEST_F(BrowsersTest, AreRunWhereTheQuestionIsOpen) {
  const Evidence evidence = investigated(true);
  EXPECT_EQ(browsers.asked.size(), 2U);
  // The same page by fix502's own client, beside them.
  EXPECT_EQ(agents(evidence), std::vector<std::string>{""});
}

TEST_F(BrowsersTest, AreNeverRunWhenForbidden) {
  settings.browsers = BrowserUse::never;
  investigated(true);
  EXPECT_TRUE(browsers.asked.empty());
}

TEST_F(BrowsersTest, AreRunOnceWhenAskedFor) {
  settings.browsers = BrowserUse::always;
  investigated(true);
  EXPECT_EQ(browsers.asked.size(), 2U);
  for (const auto& job : browsers.asked) EXPECT_FALSE(job.copy_of);
}

TEST_F(BrowsersTest, AreImitatedByNameWhereTheyDiffer) {
  settings.browsers = BrowserUse::always;
  browsers.status = [](const BrowserJob& job) { return job.browser.name == "chromium" ? 200 : 502; };
  EXPECT_EQ(agents(investigated()), (std::vector<std::string>{"", "chromium/1", "firefox-esr/1"}));
}

TEST_F(BrowsersTest, RunACopyBesideTheCleanProfile) {
  settings.browsers = BrowserUse::always;
  settings.with_my_profile = true;
  own = {{BrowserProtocol::bidi, "/home/eve/p", "/home/eve/p", "/home/eve/p/cache2"}};
  investigated();
  EXPECT_EQ(browsers.asked.size(), 3U);
  EXPECT_EQ(std::ranges::count_if(browsers.asked, [](const BrowserJob& job) { return job.copy_of.has_value(); }), 1);
}

TEST_F(BrowsersTest, CountEveryRequest) {
  const int without = investigated().requests_sent;
  settings.browsers = BrowserUse::always;
  browsers.redirects = 2;
  EXPECT_EQ(investigated().requests_sent, without + 2 * 3 + 1);
}

TEST_F(BrowsersTest, SayWhyTheyCannotBeRun) {
  settings.browsers = BrowserUse::always;
  settings.family = 4;
  const Evidence evidence = investigated();
  EXPECT_TRUE(browsers.asked.empty());
  EXPECT_EQ(std::ranges::count(evidence.not_tried, "browsers: a browser cannot be told where to send from"), 1);
}

TEST_F(BrowsersTest, AreNoTroubleWhereThereAreNone) {
  settings.browsers = BrowserUse::always;
  browsers.here.clear();
  EXPECT_EQ(std::ranges::count(investigated().not_tried, "browsers: no browser that could be run is installed"), 1);
}

}  // namespace
}  // namespace fix502
