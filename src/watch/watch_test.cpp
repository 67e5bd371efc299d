#include "watch/watch.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <filesystem>
#include <map>

#include "fakes/fake_host.hpp"
#include "fakes/fake_net.hpp"

namespace fix502 {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using Time = std::chrono::steady_clock::time_point;

/// A network whose time passes only while everybody sleeps.
class SleepyNet final : public fakes::FakeNet {
 public:
  explicit SleepyNet(asio::io_context& io) : FakeNet(io), io_(io) {}

  Time now{1h};

  Task<void> sleep(Milliseconds time) override {
    asio::steady_timer wake(io_, Time::max());
    const auto place = sleepers_.emplace(now + time, &wake);
    boost::system::error_code ignored;
    co_await wake.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    sleepers_.erase(place);
  }

  /// Until nobody sleeps any more, or `most` has passed.
  void pass(Milliseconds most) {
    const Time end = now + most;
    while (true) {
      io_.restart();
      io_.poll();
      if (sleepers_.empty() || sleepers_.begin()->first > end) break;
      now = std::max(now, sleepers_.begin()->first);
      sleepers_.begin()->second->cancel();
    }
  }

 private:
  asio::io_context& io_;
  std::multimap<Time, asio::steady_timer*> sleepers_;
};

class PassingHost final : public Host {
 public:
  explicit PassingHost(const SleepyNet& net) : net_(net) {}
  [[nodiscard]] ResolverConfig resolver_config() const override { return plain_.resolver_config(); }
  [[nodiscard]] HostsEntry hosts_entry(const std::string& name) const override { return plain_.hosts_entry(name); }
  [[nodiscard]] Interfaces interfaces() const override { return plain_.interfaces(); }
  [[nodiscard]] ProxySettings proxy_settings(const Target& target, std::string& url) const override {
    return plain_.proxy_settings(target, url);
  }
  [[nodiscard]] WallTime now() const override {
    return WallTime(1'800'000'000s) + std::chrono::floor<std::chrono::seconds>(net_.now - Time(1h));
  }

 private:
  fakes::FakeHost plain_;
  const SleepyNet& net_;
};

class WatchTest : public testing::Test {
 protected:
  struct Told {
    std::string what;  ///< "recovered shop.example"
    Wait at{};         ///< since the start
    Watched page;
  };

  WatchTest() {
    net.answer = [this](const HttpRequest& request) {
      return seconds() < heals_at ? fakes::answering(502) : fakes::answering(request.method == "HEAD" ? 200 : 200);
    };
    look.run.outcome = "fault";
    look.run.cause = {"origin.bad-gateway", "origin", "owner", "The gateway says so."};
    look.requests = 2;
    look.status = 502;
    look.what = "502 Bad Gateway";
  }

  [[nodiscard]] double seconds() const { return std::chrono::duration<double>(net.now - Time(1h)).count(); }

  void watch(std::vector<std::string> urls, Milliseconds most = 24h) {
    WatchOrder order = wanted;
    for (const auto& url : urls) order.targets.push_back(*parse_target(url));
    Watch watch(order, {.net = net,
                        .host = host,
                        .history = history ? &*history : nullptr,
                        .now = [this] { return net.now; },
                        .chance = [] { return 0.5; },
                        .diagnose = [this](Target target, Depth depth) -> Task<Look> {
                          ++(depth == Depth::quick ? looks : thorough_looks);
                          Look seen = look;
                          if (seen.record_left) *seen.record_left -= std::chrono::floor<Wait>(net.now - Time(1h));
                          seen.works = works_at_look || seconds() >= heals_at;
                          if (seen.works) {
                            seen.run.outcome = "healthy";
                            seen.run.cause = {};
                          }
                          seen.run.url = url_for_history(target);
                          seen.run.started = host.now();
                          co_return seen;
                        },
                        .tell =
                            [this](const WatchEvent& event) {
                              const std::string what(to_word(event.happening));
                              told.push_back({what + " " + event.page->target.host,
                                              std::chrono::duration_cast<Wait>(net.now - Time(1h)), *event.page});
                            },
                        .complain = [this](const std::string& line) { complaints.push_back(line); }});
    asio::co_spawn(io, watch.run(), [this](const std::exception_ptr& broken) {
      ended = true;
      if (broken) std::rethrow_exception(broken);
    });
    net.pass(most);
    io.stop();
  }

  /// What was told, tries left out: "outage shop.example, recovered shop.example".
  [[nodiscard]] std::string story() const {
    std::string text;
    for (const auto& one : told)
      if (!one.what.starts_with("tried")) text += (text.empty() ? "" : ", ") + one.what;
    return text;
  }

  void remember() {
    std::string folder = std::filesystem::temp_directory_path() / "fix502-watch-XXXXXX";
    folder_ = mkdtemp(folder.data());
    auto opened = History::open(folder_ / "history.db", {});
    ASSERT_TRUE(opened);
    history.emplace(std::move(*opened));
  }
  ~WatchTest() override {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  asio::io_context io;
  SleepyNet net{io};
  PassingHost host{net};
  WatchOrder wanted;
  Look look;
  double heals_at = 90;
  bool works_at_look = false;
  std::optional<History> history;
  std::vector<Told> told;
  std::vector<std::string> complaints;
  int looks = 0;
  int thorough_looks = 0;
  bool ended = false;
  std::filesystem::path folder_;
};

TEST_F(WatchTest, ReportsRecoverySoonAndAsksLittle) {
  watch({"https://shop.example/"});
  EXPECT_TRUE(ended);
  EXPECT_EQ(story(), "outage shop.example, recovered shop.example");
  EXPECT_GE(told.back().at, 90s);
  EXPECT_LE(told.back().at, 102s);
  EXPECT_LE(net.sent.size() + 2, 15U);
  EXPECT_EQ(told.back().page.requests, static_cast<std::int64_t>(net.sent.size()) + 2);
  for (std::size_t i = 0; i + 2 < net.sent.size(); ++i) EXPECT_EQ(net.sent[i].request.method, "HEAD") << i;
  EXPECT_EQ(net.sent.back().request.method, "GET");
}

TEST_F(WatchTest, APageThatWorksIsConfirmed) {
  heals_at = 0;
  watch({"https://shop.example/"});
  EXPECT_EQ(story(), "works shop.example");
  EXPECT_EQ(net.sent.size(), 3U);
  EXPECT_LE(told.back().at, 3s);
}

TEST_F(WatchTest, GoodAnswersMustComeInARow) {
  // Every second answer after 90 s is bad until 150 s.
  int number = 0;
  net.answer = [&](const HttpRequest&) {
    if (seconds() < 90) return fakes::answering(502);
    return fakes::answering(seconds() < 150 && ++number % 2 == 0 ? 502 : 200);
  };
  watch({"https://shop.example/"});
  EXPECT_EQ(story(), "outage shop.example, recovered shop.example");
  EXPECT_GE(told.back().at, 150s);
}

TEST_F(WatchTest, EveryAddressMustBeGood) {
  net.addresses = {"203.0.113.10", "203.0.113.11", "203.0.113.12"};
  net.answer = [&](const HttpRequest& request) {
    if (request.addresses.front() == "203.0.113.12") return fakes::failing(Failure::refused);
    return fakes::answering(seconds() < (request.addresses.front() == "203.0.113.10" ? 20 : 200) ? 502 : 200);
  };
  watch({"https://shop.example/"});
  EXPECT_EQ(story(), "outage shop.example, recovered shop.example");
  EXPECT_GE(told.back().at, 200s);
  // Browsers pass over an address that takes no connection, and so does this.
  EXPECT_EQ(told.back().page.passed_over, std::vector<std::string>{"203.0.113.12"});
}

TEST_F(WatchTest, ASiteThatDislikesHeadIsAskedByGet) {
  for (const int status : {405, 501, 403, 500}) {
    net.sent.clear();
    told.clear();
    net.now = Time(1h);
    net.answer = [&](const HttpRequest& request) {
      if (request.method == "HEAD") return fakes::answering(status);
      return fakes::answering(seconds() < 30 ? 502 : 200);
    };
    watch({"https://shop.example/"});
    EXPECT_EQ(story(), "outage shop.example, recovered shop.example") << status;
    EXPECT_LE(told.back().at, 42s) << status;
    EXPECT_EQ(std::ranges::count_if(net.sent, [](const auto& sent) { return sent.request.method == "HEAD"; }), 1);
  }
}

TEST_F(WatchTest, AFaultInTheBodyIsAskedForByGet) {
  look.in_the_body = true;
  watch({"https://shop.example/"});
  for (const auto& sent : net.sent) EXPECT_EQ(sent.request.method, "GET");
}

TEST_F(WatchTest, RetryAfterIsObeyed) {
  heals_at = 10;
  look.rest = 40s;
  watch({"https://shop.example/"});
  ASSERT_FALSE(net.sent.empty());
  EXPECT_GE(told.back().at, 40s);
  EXPECT_EQ(net.sent.size(), 3U);

  net.sent.clear();
  told.clear();
  net.now = Time(1h);
  look.rest.reset();
  net.answer = [&](const HttpRequest&) {
    return seconds() < 60 ? fakes::answering(503, {{"retry-after", "50"}}) : fakes::answering(200);
  };
  watch({"https://shop.example/"});
  // One HEAD at 5 s; it says when to come back.
  EXPECT_LE(net.sent.size(), 6U);
}

TEST_F(WatchTest, WakesWhenTheRecordRunsOut) {
  look.run.cause.fault = "dns.stale-record";
  look.record_left = 400s;
  heals_at = 400;
  watch({"https://shop.example/"});
  EXPECT_GE(told.back().at, 401s);
  EXPECT_LE(told.back().at, 404s);
}

TEST_F(WatchTest, ANameWithoutAddressIsLookedUpAgain) {
  net.addresses.clear();
  net.answer = [](const HttpRequest&) { return fakes::answering(200); };
  asio::co_spawn(
      io,
      [&]() -> Task<void> {
        co_await net.sleep(100s);
        net.addresses = {"203.0.113.10"};
      },
      [](const std::exception_ptr&) {});
  watch({"https://shop.example/"});
  EXPECT_EQ(story(), "outage shop.example, recovered shop.example");
  EXPECT_EQ(net.sent.size(), 3U);  // nothing was sent while there was nowhere to send it
}

TEST_F(WatchTest, RedirectsAreFollowedToThePageThatFails) {
  net.answer = [&](const HttpRequest& request) {
    if (request.url == "http://shop.example/")
      return fakes::answering(301, {{"location", "https://shop.example/home"}});
    return fakes::answering(seconds() < 90 ? 502 : 200);
  };
  watch({"http://shop.example/"});
  EXPECT_EQ(story(), "outage shop.example, recovered shop.example");
  // Known once, the page that fails is what is asked for; all of the way is walked for the confirmations.
  EXPECT_EQ(
      std::ranges::count_if(net.sent, [](const auto& sent) { return sent.request.url == "http://shop.example/"; }), 4);
}

TEST_F(WatchTest, ALongOutageIsDiagnosedOnce) {
  heals_at = 1'000;
  watch({"https://shop.example/", "https://shop.example/cart"});
  EXPECT_EQ(story(),
            "outage shop.example, outage shop.example, diagnosed shop.example, recovered shop.example, recovered "
            "shop.example");
  EXPECT_EQ(looks, 2);
  EXPECT_EQ(thorough_looks, 1);
}

TEST_F(WatchTest, GivesUpWhenTheTimeIsUp) {
  wanted.give_up = 30s;
  watch({"https://shop.example/"});
  EXPECT_EQ(story(), "outage shop.example, gave-up shop.example");
  EXPECT_EQ(told.back().at, 30s);
  EXPECT_TRUE(told.back().page.failing);
}

TEST_F(WatchTest, ManyPagesAtOnceAndOneHostIsNotHammered) {
  std::vector<std::string> urls;
  for (int i = 0; i < 20; ++i) urls.push_back("https://shop.example/" + std::to_string(i));
  urls.emplace_back("https://other.example/");
  std::map<std::string, Time> last;
  net.answer = [&](const HttpRequest& request) {
    const std::string host_name = parse_target(request.url)->host;
    if (last.contains(host_name)) {
      EXPECT_GE(net.now - last[host_name], kHostSpacing);
    }
    last[host_name] = net.now;
    return fakes::answering(seconds() < 60 ? 502 : 200);
  };
  heals_at = 60;
  watch(urls);
  EXPECT_TRUE(ended);
  EXPECT_EQ(std::ranges::count(told, "recovered shop.example", &Told::what), 20);
  EXPECT_EQ(std::ranges::count(told, "recovered other.example", &Told::what), 1);
}

TEST_F(WatchTest, ForeverReportsEachOutage) {
  remember();
  wanted.forever = true;
  const auto broken = [this] { return seconds() < 90 || (seconds() > 3'600 && seconds() < 3'900); };
  net.answer = [&](const HttpRequest&) { return fakes::answering(broken() ? 502 : 200); };
  heals_at = -1;
  asio::co_spawn(
      io,
      [&]() -> Task<void> {  // the diagnosis sees what the answers say
        while (true) {
          heals_at = broken() ? 1e9 : -1;
          co_await net.sleep(500ms);
        }
      },
      [](const std::exception_ptr&) {});
  heals_at = 1e9;
  watch({"https://shop.example/"}, 2h);
  EXPECT_FALSE(ended);
  EXPECT_EQ(story(),
            "outage shop.example, recovered shop.example, outage shop.example, diagnosed shop.example, recovered "
            "shop.example");
  const auto outages = history->outages("https://shop.example/", WallTime{}).value();
  ASSERT_EQ(outages.size(), 2U);
  EXPECT_NEAR(static_cast<double>(outages[0].length(host.now()).count()), 300, 70);
  EXPECT_EQ(outages[0].cause.fault, "origin.bad-gateway");
}

TEST_F(WatchTest, OneBadAnswerIsNoOutage) {
  wanted.forever = true;
  heals_at = 0;
  int number = 0;
  net.answer = [&](const HttpRequest&) { return fakes::answering(++number == 10 ? 502 : 200); };
  watch({"https://shop.example/"}, 1h);
  EXPECT_EQ(story(), "works shop.example");
  EXPECT_EQ(looks, 2);
}

TEST_F(WatchTest, AnOutageIsTakenUpAfterARestart) {
  remember();
  const WallTime yesterday = host.now() - 5h;
  (void)history->failed("https://shop.example/", yesterday, look.run.cause).value();
  (void)history->failed("https://shop.example/", host.now() - 10min, {}).value();
  watch({"https://shop.example/"});
  EXPECT_EQ(looks, 0);  // the cause is known
  EXPECT_EQ(story(), "taken-up shop.example, recovered shop.example");
  EXPECT_EQ(told.back().page.began, yesterday);
  EXPECT_EQ(told.back().page.cause.fault, "origin.bad-gateway");
  EXPECT_FALSE(history->open_outage("https://shop.example/", host.now()).value());
}

TEST_F(WatchTest, AnOldOutageIsLookedAtAnew) {
  remember();
  (void)history->failed("https://shop.example/", host.now() - 3h, look.run.cause).value();
  watch({"https://shop.example/"});
  EXPECT_EQ(looks, 1);
  EXPECT_EQ(story(), "taken-up shop.example, recovered shop.example");
}

TEST_F(WatchTest, AnOutageThatEndedMeanwhileIsReported) {
  remember();
  heals_at = 0;
  (void)history->failed("https://shop.example/", host.now() - 10min, look.run.cause).value();
  watch({"https://shop.example/"});
  EXPECT_EQ(story(), "taken-up shop.example, recovered shop.example");
  EXPECT_LE(told.back().at, 3s);
  EXPECT_LE(net.sent.size(), 3U);
}

TEST_F(WatchTest, SaysHowLongSuchOutagesLast) {
  remember();
  (void)history->failed("https://other.example/", host.now() - 48h, look.run.cause).value();
  history->worked("https://other.example/", host.now() - 48h + 60s, true).value();
  watch({"https://shop.example/"});
  EXPECT_EQ(told.front().page.typical.outages, 1);
  EXPECT_EQ(told.front().page.typical.median, 60s);
}

}  // namespace
}  // namespace fix502
