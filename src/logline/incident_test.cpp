#include "logline/incident.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace fix502 {
namespace {

using std::chrono::seconds;

constexpr std::int64_t kBegin = 1795323240;

LoggedFailure failure(std::int64_t second, std::string fault = "upstream.connection-refused",
                      std::string upstream = "127.0.0.1:81") {
  LoggedFailure made;
  made.at = WallTime(seconds(kBegin + second));
  made.gateway = "nginx";
  made.fault = std::move(fault);
  made.upstream = std::move(upstream);
  made.host = "a.test";
  made.url = "/x";
  made.made_by = "gateway";
  made.sample = "a line";
  return made;
}

std::vector<Incident> gathered(std::vector<LoggedFailure> failures, seconds gap = seconds(900)) {
  Incidents incidents(gap);
  for (LoggedFailure& one : failures) incidents.take(std::move(one));
  return incidents.finish({});
}

TEST(Incidents, TheSameFaultAfterAGapIsANewOne) {
  EXPECT_EQ(gathered({failure(0), failure(900), failure(1800)}).size(), 1U);
  const auto two = gathered({failure(0), failure(10), failure(911)});
  ASSERT_EQ(two.size(), 2U);
  EXPECT_EQ(two[0].failed, 2U);
  EXPECT_EQ(two[0].first_seen.time_since_epoch().count(), kBegin);
  EXPECT_EQ(two[0].last_seen.time_since_epoch().count(), kBegin + 10);
  EXPECT_EQ(two[1].failed, 1U);
}

TEST(Incidents, OtherFaultsAndUpstreamsAreOthers) {
  EXPECT_EQ(gathered({failure(0), failure(0, "upstream.read-timeout")}).size(), 2U);
  EXPECT_EQ(gathered({failure(0), failure(0, "upstream.connection-refused", "127.0.0.1:82")}).size(), 2U);
}

TEST(Incidents, TheMostDamageComesFirst) {
  const auto all = gathered({failure(0, "upstream.read-timeout"), failure(1), failure(2)});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].fault, "upstream.connection-refused");
}

TEST(Incidents, AConsequenceCountsWithItsCause) {
  LoggedFailure consequence = failure(5, "upstream.all-down", "app");
  consequence.secondary = true;
  const auto all = gathered({failure(0), consequence});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].fault, "upstream.connection-refused");
  EXPECT_EQ(all[0].failed, 2U);
  EXPECT_EQ(all[0].folded, 1U);
}

TEST(Incidents, AConsequenceOfNothingSeenStandsAlone) {
  LoggedFailure consequence = failure(0, "upstream.all-down", "app");
  consequence.secondary = true;
  LoggedFailure late = failure(2000, "upstream.all-down", "app");
  late.secondary = true;
  const auto all = gathered({consequence, failure(10), late});
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(std::ranges::count(all, "upstream.all-down", &Incident::fault), 2);
}

TEST(Incidents, AHealthCheckSaysWhyHaproxyCouldNotConnect) {
  LoggedFailure mark = failure(0, "upstream.certificate", "app/s1");
  mark.gateway = "haproxy";
  mark.mark = true;
  LoggedFailure request = failure(5, "upstream.connection-refused", "app/s1");
  request.gateway = "haproxy";
  request.sureness = Sureness::likely;
  const auto all = gathered({mark, request});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].fault, "upstream.certificate");
  EXPECT_EQ(all[0].failed, 1U);
  // Once it is up again the mark says nothing.
  LoggedFailure up = mark;
  up.mark = false;
  up.change = true;
  up.at += seconds(2);
  const auto after = gathered({mark, up, request});
  ASSERT_EQ(after.size(), 1U);
  EXPECT_EQ(after[0].fault, "upstream.connection-refused");
}

TEST(Incidents, AChangeIsPointedOutAtTheMinuteItBegan) {
  LoggedFailure change = failure(0);
  change.change = true;
  change.sample = "reload";
  EXPECT_EQ(gathered({change, failure(30)})[0].began_with, "reload");
  EXPECT_EQ(gathered({change, failure(61)})[0].began_with, "");
  LoggedFailure later = change;
  later.at += seconds(40);
  EXPECT_EQ(gathered({failure(30), later})[0].began_with, "");
}

TEST(Incidents, AnApplicationExplainsWhatItsGatewaySaw) {
  LoggedFailure exhausted = failure(2, "upstream.workers-exhausted", "");
  exhausted.gateway = "php-fpm";
  exhausted.application = true;
  exhausted.sample = "max_children";
  const auto all = gathered({failure(3, "upstream.read-timeout"), exhausted});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].fault, "upstream.workers-exhausted");
  EXPECT_EQ(all[0].because, "max_children");
  EXPECT_EQ(all[0].failed, 1U);
  // A refusal is not explained by busy workers: both stay.
  EXPECT_EQ(gathered({failure(3), exhausted}).size(), 2U);
  // Nor is what happened hours later.
  EXPECT_EQ(gathered({exhausted, failure(9000, "upstream.read-timeout")}).size(), 2U);
}

TEST(Incidents, AnApplicationExplainsTheUpstreamThatItIs) {
  LoggedFailure exhausted = failure(2, "upstream.workers-exhausted", "");
  exhausted.gateway = "php-fpm";
  exhausted.application = true;
  const LoggedFailure one = failure(3, "upstream.read-timeout", "127.0.0.1:81");
  LoggedFailure other = failure(4, "upstream.read-timeout", "127.0.0.1:9000");
  // It may be either: nothing is claimed of them.
  auto all = gathered({one, other, exhausted});
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(std::ranges::count(all, "upstream.read-timeout", &Incident::fault), 2);
  // The gateway speaks FastCGI to one of them.
  other.sample = R"(upstream timed out, upstream: "fastcgi://127.0.0.1:9000", host: "a.test")";
  all = gathered({one, other, exhausted});
  ASSERT_EQ(all.size(), 2U);
  for (const Incident& incident : all)
    EXPECT_EQ(incident.fault,
              incident.upstream == "127.0.0.1:9000" ? "upstream.workers-exhausted" : "upstream.read-timeout");
}

TEST(Incidents, ErrorLinesWithoutAnAccessLineWereSavedOrNot) {
  LoggedFailure unmatched = failure(0);
  unmatched.unmatched = true;
  const auto ask = [&](std::optional<bool> answer) {
    Incidents incidents(seconds(900));
    incidents.take(LoggedFailure(unmatched));
    return incidents.finish([&](const LoggedFailure& question) {
      EXPECT_EQ(question.url, "/x");
      return answer;
    });
  };
  EXPECT_EQ(ask(true)[0].retried, 1U);
  EXPECT_EQ(ask(true)[0].failed, 0U);
  EXPECT_EQ(ask(false)[0].failed, 1U);
  EXPECT_EQ(ask(std::nullopt)[0].failed, 1U);
}

TEST(Incidents, WhatIsKnownSoFarSettlesNothing) {
  Incidents incidents(seconds(900));
  LoggedFailure unmatched = failure(0);
  unmatched.unmatched = true;
  incidents.take(std::move(unmatched));
  EXPECT_EQ(incidents.so_far()[0].failed, 1U);
  EXPECT_EQ(incidents.finish([](const LoggedFailure&) { return std::optional(true); })[0].retried, 1U);
}

TEST(Incidents, TheFirstLineOfAllIsItsSampleHoweverLong) {
  LoggedFailure first = failure(0);
  first.sample = std::string(1'000'000, 'x');
  const auto all = gathered({first, failure(1)});
  EXPECT_EQ(all[0].sample.size(), 4096U);
}

TEST(Tally, NamesBeyondTheMostAreSummed) {
  Tally tally(3);
  for (int i = 0; i < 10; ++i) tally.add("/" + std::to_string(i), static_cast<std::uint64_t>(i + 1));
  tally.add("/2", 5);
  EXPECT_EQ(tally.size(), 3U);
  EXPECT_EQ(tally.other(), 4U + 5 + 6 + 7 + 8 + 9 + 10);
  const auto top = tally.top(2);
  ASSERT_EQ(top.size(), 2U);
  EXPECT_EQ(top[0], (std::pair<std::string, std::uint64_t>{"/2", 8}));
  EXPECT_EQ(top[1].first, "/1");
}

TEST(Timeline, ItKeepsEveryCountHoweverLongItGetsAndInWhateverOrder) {
  Timeline timeline;
  std::uint64_t sum = 0;
  for (const std::int64_t second : {5000, 0, 3, 100'000, 99'999, 1, 90'000'000, 42}) {
    timeline.add(WallTime(seconds(kBegin + second)), 2);
    sum += 2;
  }
  std::uint64_t kept = 0;
  for (const std::uint64_t count : timeline.places()) kept += count;
  EXPECT_EQ(kept, sum);
  EXPECT_LE(timeline.begin().time_since_epoch().count(), kBegin);
  const auto sampled = timeline.sampled(WallTime(seconds(kBegin)), WallTime(seconds(kBegin + 90'000'000)), 10);
  EXPECT_EQ(sampled.front() + sampled.back(), sum);
  EXPECT_EQ(sampled.back(), 2U);
}

}  // namespace
}  // namespace fix502
