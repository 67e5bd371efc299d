#include "logs/look_back.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace fix502 {
namespace {

using std::chrono::seconds;

constexpr WallTime kNine{seconds(1795338000)};  // 2026-11-22T09:00:00Z

/// An access log of nginx as its ingress controller writes it: an answer each second from 09:00 on.
class SlowBefore : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / fmt::format("fix502-look-back-{}", getpid());
    std::filesystem::create_directories(folder_);
    incident_.fault = "upstream.read-timeout";
    incident_.gateway = "nginx";
    incident_.upstream = "10.0.0.1:80";
    incident_.first_seen = kNine + seconds(300);
    incident_.urls.add("/cart");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void answers(int from, int until, double took, std::string_view url = "/cart",
               std::string_view upstream = "10.0.0.1:80", int status = 200) {
    for (int i = from; i < until; ++i)
      text_ += fmt::format(
          "192.0.2.7 - - [22/Nov/2026:09:{:02}:{:02} +0000] \"GET {} HTTP/1.1\" {} 20 \"-\" \"curl\" 60 "
          "{:.3f} [shop] [] {} 20 {:.3f} {} 0c1\n",
          i / 60, i % 60, url, status, took, upstream, took, status);
  }
  std::optional<SlowAnswers> seen() {
    const std::string path = folder_ / "access.log";
    std::ofstream(path) << text_;
    const auto zone = zone_named("UTC");
    const LogPlan plan = plan_logs({path}, {.gateway = "nginx"}, **zone);
    return slow_before(incident_, plan, **zone);
  }
  std::filesystem::path folder_;
  std::string text_;
  Incident incident_;
};

TEST_F(SlowBefore, SaysSinceWhenAnswersWereSlow) {
  answers(0, 240, 0.05);
  answers(240, 300, 4.2);
  const auto slow = seen();
  ASSERT_TRUE(slow);
  EXPECT_EQ(slow->since, kNine + seconds(240));
  EXPECT_EQ(slow->took, 4.2);
  EXPECT_EQ(slow->usual, 0.05);
}

TEST_F(SlowBefore, OneSlowAnswerLongBeforeIsNotTheBeginning) {
  answers(0, 100, 0.05);
  answers(100, 101, 9);
  answers(101, 290, 0.05);
  answers(290, 300, 4.2);
  const auto slow = seen();
  ASSERT_TRUE(slow);
  EXPECT_EQ(slow->since, kNine + seconds(290));
}

TEST_F(SlowBefore, AnUpstreamThatStoppedAtOnceWasNotSlow) {
  answers(0, 300, 0.05);
  EXPECT_FALSE(seen());
}

TEST_F(SlowBefore, OnePageMayBeSlowAmongOthers) {
  for (int i = 0; i < 300; ++i) {
    for (int n = 0; n < 5; ++n) answers(i, i + 1, 0.01, "/fine");
    answers(i, i + 1, i < 200 ? 0.05 : 4.2);
  }
  const auto slow = seen();
  ASSERT_TRUE(slow);
  EXPECT_EQ(slow->since, kNine + seconds(200));
}

TEST_F(SlowBefore, AnotherUpstreamAndFailedAnswersDoNotCount) {
  answers(0, 200, 0.05);
  answers(200, 300, 4.2, "/cart", "10.0.0.2:80");
  answers(200, 300, 60, "/cart", "10.0.0.1:80", 504);
  EXPECT_FALSE(seen());
}

TEST_F(SlowBefore, WhatAlwaysTookLongIsNoChange) {
  answers(0, 300, 4.2);
  EXPECT_FALSE(seen());
}

TEST_F(SlowBefore, OnlyTimeoutsBeginSo) {
  answers(0, 240, 0.05);
  answers(240, 300, 4.2);
  incident_.fault = "upstream.connection-refused";
  EXPECT_FALSE(seen());
}

}  // namespace
}  // namespace fix502
