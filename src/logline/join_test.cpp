#include "logline/join.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "logline/line.hpp"

namespace fix502 {
namespace {

const FixedZone kNoOffset;
constexpr GatewayLogs kBoth{.access = true, .error = true};
constexpr GatewayLogs kErrorOnly{.access = false, .error = true};

/// What the lines, in order, say of requests.
std::vector<LoggedFailure> joined(const std::vector<std::string>& lines, std::string_view gateway, GatewayLogs logs) {
  std::vector<LoggedFailure> all;
  Joiner joiner([&](LoggedFailure&& failure) { all.push_back(failure); });
  joiner.expect(gateway, logs);
  const Clock clock{kNoOffset, WallTime(std::chrono::seconds(1795323243))};
  const LineContext context{.clock = clock, .layouts = {}, .gateway = gateway};
  for (const std::string& line : lines) {
    Arena arena;
    Record record;
    EXPECT_EQ(read_line(line, context, arena, record), Reading::known) << line;
    joiner.take(record);
  }
  joiner.finish();
  return all;
}

std::string refused(int second, int connection, int port, std::string_view url = "/x",
                    std::string_view client = "192.0.2.7") {
  return fmt::format(
      R"(2026/11/22 04:54:{:02} [error] 12#12: *{} connect() failed (111: Connection refused) while connecting to upstream, client: {}, server: a.test, request: "GET {} HTTP/1.1", upstream: "http://127.0.0.1:{}{}", host: "a.test")",
      second, connection, client, url, port, url);
}

std::string no_live(int second, int connection) {
  return fmt::format(
      R"(2026/11/22 04:54:{:02} [error] 12#12: *{} no live upstreams while connecting to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://app/x", host: "a.test")",
      second, connection);
}

std::string answered(int second, int status, std::string_view url = "/x", std::string_view client = "192.0.2.7") {
  return fmt::format(R"({} - - [22/Nov/2026:04:54:{:02} +0000] "GET {} HTTP/1.1" {} 157 "-" "curl")", client, second,
                     url, status);
}

std::int64_t second_of(const LoggedFailure& failure) {
  return failure.at.time_since_epoch().count() - 1795323240;
}

TEST(Join, ARequestThatStandsInBothLogsCountsOnce) {
  const auto all = joined({refused(3, 7, 81), answered(3, 502)}, "nginx", kBoth);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].fault, "upstream.connection-refused");
  EXPECT_EQ(all[0].made_by, "gateway");
  EXPECT_EQ(all[0].status, 502);
  EXPECT_TRUE(all[0].in_access);
  EXPECT_FALSE(all[0].unmatched);
}

TEST(Join, TheAccessLineMayComeASecondLaterOrBeforeOthers) {
  const auto all =
      joined({refused(3, 7, 81, "/a"), refused(3, 8, 81, "/b"), answered(4, 502, "/b"), answered(4, 502, "/a")},
             "nginx", kBoth);
  ASSERT_EQ(all.size(), 2U);
  for (const LoggedFailure& failure : all) {
    EXPECT_TRUE(failure.in_access) << failure.url;
    EXPECT_EQ(second_of(failure), 4) << failure.url;
  }
}

TEST(Join, FarApartInTimeTheyAreTwo) {
  const auto all = joined({refused(3, 7, 81), answered(9, 502)}, "nginx", kBoth);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_TRUE(all[0].unmatched);
  EXPECT_EQ(all[1].made_by, "upstream");
}

TEST(Join, WhatTheErrorLogDoesNotHaveTheUpstreamSaid) {
  const auto all = joined({refused(3, 7, 81, "/x"), answered(3, 502, "/own", "192.0.2.9")}, "nginx", kBoth);
  ASSERT_EQ(all.size(), 2U);
  const auto& own = all[0].url == "/own" ? all[0] : all[1];
  EXPECT_EQ(own.fault, "origin.bad-gateway");
  EXPECT_EQ(own.made_by, "upstream");
}

TEST(Join, WithoutAnErrorLogNobodyKnowsWhoSaidIt) {
  const auto all = joined({answered(3, 502)}, "nginx", {.access = true, .error = false});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].made_by, "");
}

TEST(Join, ARetriedRequestNamesEveryUpstream) {
  const auto all = joined({refused(3, 7, 81), refused(3, 7, 82), answered(3, 502)}, "nginx", kBoth);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].tried, (std::vector<std::string>{"127.0.0.1:81", "127.0.0.1:82"}));
  EXPECT_EQ(all[0].upstream, "127.0.0.1:82");
}

TEST(Join, TheSameUpstreamAgainIsTheClientsNextRequest) {
  EXPECT_EQ(joined({refused(3, 7, 81), refused(3, 7, 81)}, "nginx", kErrorOnly).size(), 2U);
  EXPECT_EQ(joined({refused(3, 7, 81), refused(3, 8, 82)}, "nginx", kErrorOnly).size(), 2U);  // another connection
  EXPECT_EQ(joined({refused(3, 7, 81, "/a"), refused(3, 7, 82, "/b")}, "nginx", kErrorOnly).size(), 2U);
}

TEST(Join, OfTwoOpenRequestsOfAConnectionTheNewerGoesOn) {
  const auto all = joined({refused(3, 7, 81), refused(3, 7, 81), refused(3, 7, 82)}, "nginx", kErrorOnly);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_TRUE(all[0].tried.empty());
  EXPECT_EQ(all[1].tried.size(), 2U);
}

TEST(Join, AConsequenceDoesNotHideItsCause) {
  const auto all = joined({refused(3, 7, 81), no_live(3, 7)}, "nginx", kErrorOnly);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].fault, "upstream.connection-refused");
  EXPECT_FALSE(all[0].secondary);
  const auto alone = joined({no_live(3, 7)}, "nginx", kErrorOnly);
  ASSERT_EQ(alone.size(), 1U);
  EXPECT_TRUE(alone[0].secondary);
}

TEST(Join, WhatAnotherUpstreamAnsweredIsRetried) {
  std::vector<LoggedFailure> all;
  Joiner joiner([&](LoggedFailure&& failure) { all.push_back(failure); });
  joiner.expect("nginx", kBoth);
  Record record;
  record.at = WallTime(std::chrono::seconds(1795323243));
  record.gateway = "nginx";
  record.status = 200;
  record.client = "192.0.2.7";
  record.url = "/x";
  record.upstream = "127.0.0.1:81, 127.0.0.1:82";
  record.upstream_status = "502, 200";
  const std::string error = refused(3, 7, 81);
  Record first;
  Arena arena;
  const LineContext context{.clock = {kNoOffset, record.at}, .layouts = {}, .gateway = "nginx"};
  ASSERT_EQ(read_line(error, context, arena, first), Reading::known);
  joiner.take(first);
  joiner.take(record);
  joiner.finish();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_TRUE(all[0].retried);
  EXPECT_EQ(all[0].tried.size(), 2U);
}

TEST(Join, ATimeoutWaitsForTheNextTryAMinuteLater) {
  const std::string first =
      R"(2026/11/22 04:54:03 [error] 12#12: *7 upstream timed out (110: Connection timed out) while connecting to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test")";
  const std::string second =
      R"(2026/11/22 04:55:03 [error] 12#12: *7 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:82/x", host: "a.test")";
  const auto all = joined({first, second}, "nginx", kErrorOnly);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].tried.size(), 2U);
}

constexpr std::string_view kApacheConnect =
    R"([Sun Nov 22 04:54:{:02}.123456 2026] [proxy:error] [pid 12:tid 13] (111)Connection refused: AH00957: http: attempt to connect to 127.0.0.1:81 (127.0.0.1:81) failed)";
constexpr std::string_view kApacheClient =
    R"([Sun Nov 22 04:54:{:02}.123456 2026] [proxy_http:error] [pid 12:tid 13] [client {}:5000] AH01114: HTTP: failed to make connection to backend: 127.0.0.1)";

TEST(Join, LinesOfAnApacheWorkerAreOneRequestUntilTheNextBegins) {
  const auto connect = [](int second) { return fmt::format(fmt::runtime(kApacheConnect), second); };
  const auto client = [](int second, std::string_view who) {
    return fmt::format(fmt::runtime(kApacheClient), second, who);
  };
  const auto all =
      joined({connect(3), client(3, "192.0.2.7"), connect(3), client(3, "192.0.2.8")}, "apache", kErrorOnly);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].client, "192.0.2.7");
  EXPECT_EQ(all[0].upstream, "127.0.0.1:81");
  EXPECT_EQ(all[1].client, "192.0.2.8");
}

TEST(Join, ApachesAccessLineIsStampedWhenTheRequestCameIn) {
  // It waited for 40 seconds; another client's request of the same time is not taken for it.
  const auto all = joined({answered(3, 502, "/x", "192.0.2.8"), answered(3, 502),
                           fmt::format(fmt::runtime(kApacheClient), 43, "192.0.2.7")},
                          "apache", kBoth);
  ASSERT_EQ(all.size(), 2U);
  const auto& whole = all[0].client == "192.0.2.7" ? all[0] : all[1];
  EXPECT_TRUE(whole.in_access);
  EXPECT_EQ(whole.made_by, "gateway");
  EXPECT_EQ(whole.url, "/x");
  const auto& other = all[0].client == "192.0.2.7" ? all[1] : all[0];
  EXPECT_EQ(other.made_by, "upstream");
}

TEST(Join, HaproxysLinesNeedNoOther) {
  const auto all = joined(
      {R"(Nov 22 04:54:03 gw haproxy[12]: 192.0.2.7:5000 [22/Nov/2026:04:54:03.123] web~ app/s1 0/0/-1/-1/5 503 217 - - SC-- 1/1/0/0/0 0/0 "GET /x HTTP/1.1")"},
      "haproxy", kBoth);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].upstream, "app/s1");
  EXPECT_TRUE(all[0].in_access);
}

TEST(Join, LinesAboutNoRequestAreHandedOnAlone) {
  const auto all = joined(
      {R"([22-Nov-2026 04:55:28] WARNING: [pool www] server reached pm.max_children setting (5), consider raising it)",
       R"([22-Nov-2026 04:55:29] NOTICE: Reloading in progress ...)"},
      "nginx", kBoth);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_TRUE(all[0].application);
  EXPECT_EQ(all[0].fault, "upstream.workers-exhausted");
  EXPECT_TRUE(all[1].change);
}

TEST(Join, TimeGoesByWithoutLines) {
  std::size_t count = 0;
  Joiner joiner([&](LoggedFailure&&) { ++count; });
  joiner.expect("nginx", kErrorOnly);
  const std::string line = refused(3, 7, 81);
  Record record;
  Arena arena;
  ASSERT_EQ(read_line(line, {.clock = {kNoOffset}, .layouts = {}, .gateway = "nginx"}, arena, record), Reading::known);
  joiner.take(record);
  joiner.pass(record.at + std::chrono::seconds(1));
  EXPECT_EQ(count, 0U);
  joiner.pass(record.at + std::chrono::seconds(10));
  EXPECT_EQ(count, 1U);
}

TEST(Join, OneClientThatAsksOnePageAThousandTimesASecond) {
  // All keys alike: what is kept stays bounded by time, and each request counts once.
  std::uint64_t matched = 0;
  std::uint64_t all = 0;
  Joiner joiner([&](LoggedFailure&& failure) {
    ++all;
    if (failure.in_access && failure.made_by == "gateway") ++matched;
  });
  joiner.expect("nginx", kBoth);
  const LineContext context{.clock = {kNoOffset}, .layouts = {}, .gateway = "nginx"};
  constexpr int kSeconds = 5;
  constexpr int kEach = 1000;
  for (int second = 0; second < kSeconds; ++second) {
    for (int i = 0; i < kEach; ++i) {
      for (const std::string& line : {refused(second, second * kEach + i, 81), answered(second, 502)}) {
        Arena arena;
        Record record;
        ASSERT_EQ(read_line(line, context, arena, record), Reading::known);
        joiner.take(record);
      }
    }
  }
  joiner.finish();
  EXPECT_EQ(all, kSeconds * kEach);
  EXPECT_EQ(matched, kSeconds * kEach);
}

}  // namespace
}  // namespace fix502
