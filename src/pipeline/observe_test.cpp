#include "pipeline/observe.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <csignal>

#include "fakes/fake_host.hpp"
#include "fakes/fake_net.hpp"
#include "report/report.hpp"

namespace fix502 {
namespace {

using namespace std::chrono_literals;

class ObserveTest : public testing::Test {
 protected:
  Evidence observed(Milliseconds timeout) { return observe(io, net, host, quick(timeout)); }

  Assignment quick(Milliseconds timeout) {
    Assignment assignment;
    assignment.target = *parse_target("https://shop.example/");
    assignment.settings.compare_resolvers = {"none"};
    assignment.settings.connectivity_checks = {"none"};
    assignment.settings.authoritative = false;
    assignment.settings.timeout = timeout;
    assignment.progress = [this](std::string_view experiment) { told.emplace_back(experiment); };
    return assignment;
  }

  boost::asio::io_context io;
  fakes::FakeNet net{io};
  fakes::FakeHost host;
  std::vector<std::string> told;
};

TEST_F(ObserveTest, EndsWhenThereIsNothingLeftToAsk) {
  net.answer = [](const HttpRequest&) { return fakes::answering(200); };
  const Evidence evidence = observed(15s);
  EXPECT_EQ(diagnose(evidence).outcome, Outcome::healthy);
  EXPECT_FALSE(evidence.interrupted);
  EXPECT_LT(evidence.duration, Duration(15s));
  EXPECT_NE(std::ranges::find(told, "baseline"), told.end());
}

TEST_F(ObserveTest, EndsWhenTheTimeIsUpAndSaysSo) {
  net.held = true;
  const Evidence evidence = observed(500ms);
  EXPECT_GE(evidence.duration, Duration(500ms));
  EXPECT_FALSE(evidence.interrupted);
  EXPECT_NE(std::ranges::find(evidence.not_tried, "the rest: the time is used up"), evidence.not_tried.end());
  EXPECT_EQ(diagnose(evidence).outcome, Outcome::inconclusive);
}

TEST_F(ObserveTest, SeveralRunBesideEachOther) {
  net.answer = [](const HttpRequest& request) { return fakes::answering(request.url.ends_with("/bad") ? 502 : 200); };
  std::vector<Evidence> seen;
  for (const char* url : {"https://shop.example/", "https://shop.example/bad"}) {
    Assignment assignment = quick(15s);
    assignment.target = *parse_target(url);
    boost::asio::co_spawn(io, observe_beside(io, net, host, std::move(assignment)),
                          [&](std::exception_ptr, Evidence evidence) { seen.push_back(std::move(evidence)); });
  }
  io.run();
  ASSERT_EQ(seen.size(), 2U);
  for (const Evidence& evidence : seen)
    EXPECT_EQ(diagnose(evidence).outcome == Outcome::healthy, !evidence.target.url.ends_with("/bad"));
}

TEST_F(ObserveTest, BesideOthersItEndsInTimeToo) {
  net.held = true;
  std::optional<Evidence> seen;
  boost::asio::co_spawn(io, observe_beside(io, net, host, quick(300ms)),
                        [&](std::exception_ptr broken, Evidence evidence) {
                          EXPECT_FALSE(broken);
                          seen = std::move(evidence);
                        });
  io.run();
  ASSERT_TRUE(seen);
  EXPECT_GE(seen->duration, Duration(300ms));
  EXPECT_NE(std::ranges::find(seen->not_tried, "the rest: the time is used up"), seen->not_tried.end());
}

class InterruptTest : public ObserveTest, public testing::WithParamInterface<int> {};

TEST_P(InterruptTest, KeepsWhatItHas) {
  net.answer = [](const HttpRequest&) {
    std::raise(GetParam());
    return fakes::failing(Failure::reset);
  };
  const Evidence evidence = observed(15s);
  EXPECT_TRUE(evidence.interrupted);
  EXPECT_FALSE(evidence.observations.empty());
  EXPECT_EQ(report_tree(make_report(evidence))["interrupted"], true);
}

INSTANTIATE_TEST_SUITE_P(Signals, InterruptTest, testing::Values(SIGINT, SIGTERM));

}  // namespace
}  // namespace fix502
