#include "logs/summarize.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "logline/message.hpp"
#include "logs/scanner.hpp"

namespace fix502 {
namespace {

constexpr const char* kRefused =
    R"(2026/11/22 04:54:03 [error] 12#12: *7 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test")";
constexpr const char* kOtherHost =
    R"(2026/11/22 04:54:05 [error] 12#12: *8 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.7, server: b.test, request: "GET /y HTTP/1.1", upstream: "http://127.0.0.1:82/y", host: "b.test")";
constexpr const char* kNoLive =
    R"(2026/11/22 04:54:04 [error] 12#12: *9 no live upstreams while connecting to upstream, client: 192.0.2.8, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://app/x", host: "a.test")";

class Logs : public testing::Test {
 protected:
  void SetUp() override {
    setenv("TZ", "UTC", 1);
    tzset();
    folder_ = std::filesystem::temp_directory_path() / ("fix502-logs-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string write(const std::string& name, const std::vector<std::string>& lines) {
    const std::string path = folder_ / name;
    std::ofstream file(path);
    for (const std::string& line : lines) file << line << '\n';
    return path;
  }
  std::filesystem::path folder_;
  const WallTime now_{std::chrono::seconds(1795330000)};
};

TEST_F(Logs, OnlyTheHostThatWasAskedFor) {
  LogSources sources{.gateway = "nginx", .error_logs = {write("error.log", {kRefused, kOtherHost, kNoLive})}};
  sources.server = "a.test";
  const auto summary = summarize_logs(sources, now_);
  ASSERT_EQ(summary.findings.size(), 2U);
  EXPECT_EQ(summary.findings[0].fault, "upstream.connection-refused");
  EXPECT_EQ(summary.findings[0].upstream, "127.0.0.1:81");
  EXPECT_EQ(summary.findings[0].count, 1U);
  EXPECT_EQ(summary.findings[0].first_seen.time_since_epoch().count(), 1795323243);
  EXPECT_EQ(summary.findings[0].sureness, "certain");
  EXPECT_EQ(summary.findings[1].fault, "upstream.all-down");
  EXPECT_TRUE(summary.findings[1].secondary);
}

TEST_F(Logs, ARequestInBothLogsCountsOnce) {
  const std::string access =
      write("access.log", {R"(192.0.2.7 - - [22/Nov/2026:04:54:03 +0000] "GET /x HTTP/1.1" 502 157 "-" "curl")",
                           R"(192.0.2.9 - - [22/Nov/2026:04:55:00 +0000] "GET /own HTTP/1.1" 502 157 "-" "curl")",
                           R"(192.0.2.9 - - [22/Nov/2026:04:55:01 +0000] "GET /fine HTTP/1.1" 200 157 "-" "curl")"});
  const auto summary = summarize_logs(
      {.gateway = "nginx", .error_logs = {write("error.log", {kRefused})}, .access_logs = {access}}, now_);
  ASSERT_EQ(summary.findings.size(), 2U);
  for (const LogFinding& finding : summary.findings) {
    EXPECT_EQ(finding.count, 1U);
    EXPECT_EQ(finding.status, 502);
    if (finding.fault == "upstream.connection-refused")
      EXPECT_EQ(finding.made_by, "gateway");
    else
      EXPECT_EQ(finding.made_by + finding.fault, "upstreamorigin.bad-gateway");
  }
}

TEST_F(Logs, WhatIsOlderIsNotRead) {
  LogSources sources{.gateway = "nginx", .error_logs = {write("error.log", {kRefused, kOtherHost})}};
  sources.since = WallTime(std::chrono::seconds(1795323244));
  const auto summary = summarize_logs(sources, now_);
  ASSERT_EQ(summary.findings.size(), 1U);
  EXPECT_EQ(summary.findings[0].upstream, "127.0.0.1:82");
}

TEST_F(Logs, AFileThatIsNotThereIsAProblem) {
  const auto summary = summarize_logs({.gateway = "nginx", .error_logs = {"/nowhere/error.log"}}, now_);
  EXPECT_TRUE(summary.findings.empty());
  ASSERT_EQ(summary.problems.size(), 1U);
}

TEST(Scanner, EveryPatternCompilesAndFindsItsSample) {
  const auto scanner = Scanner::compile(all_patterns());
  ASSERT_TRUE(scanner) << scanner.error().message();
  Scanner::Scratch scratch(*scanner);
  for (const Message& message : messages()) {
    int found = 0;
    const std::string block = "nothing here\n" + std::string(message.sample) + "\nnor here\n";
    scanner->scan(block, scratch, [&](std::string_view line) {
      ++found;
      EXPECT_EQ(line, message.sample);
    });
    EXPECT_EQ(found, 1) << message.sample;
  }
}

TEST(Scanner, GoodAnswersAreNoCandidates) {
  const auto scanner = Scanner::compile(access_patterns());
  ASSERT_TRUE(scanner);
  Scanner::Scratch scratch(*scanner);
  scanner->scan(R"(192.0.2.7 - - [22/Nov/2026:04:54:03 +0000] "GET /502 HTTP/1.1" 200 15502 "-" "curl/5.0 502")",
                scratch, [](std::string_view line) { ADD_FAILURE() << line; });
}

}  // namespace
}  // namespace fix502
