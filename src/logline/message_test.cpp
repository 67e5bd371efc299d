#include "logline/message.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace fix502 {
namespace {

TEST(Messages, EverySampleFindsItsOwnRow) {
  for (const Message& message : messages()) {
    const std::string_view program = message.program == "go" ? "caddy" : message.program;
    const Message* found = find_message(program, message.sample);
    ASSERT_NE(found, nullptr) << message.pattern;
    EXPECT_EQ(found->pattern, message.pattern) << message.sample;
  }
}

TEST(Messages, ASampleIsOneLineAndARowSaysWhereItComesFrom) {
  std::set<std::string> patterns;
  for (const Message& message : messages()) {
    EXPECT_EQ(message.sample.find('\n'), std::string_view::npos) << message.pattern;
    EXPECT_FALSE(message.source.empty()) << message.pattern;
    EXPECT_GE(key_of(message.pattern).size(), 4U) << message.pattern << ": too short to scan for";
    EXPECT_EQ(message.fault.empty(), message.weight == Weight::change) << message.pattern;
    EXPECT_TRUE(patterns.insert(std::string(message.program) + message.pattern.data()).second) << message.pattern;
  }
}

TEST(Messages, AnUpstreamStandsWhereTheRowSays) {
  for (const Message& message : messages()) {
    if (message.upstream_after.empty()) continue;
    EXPECT_NE(message.sample.find(message.upstream_after), std::string_view::npos) << message.pattern;
  }
}

TEST(Messages, PiecesStandInOrder) {
  EXPECT_TRUE(fits("a*b", "xxa--b"));
  EXPECT_FALSE(fits("a*b", "b--a"));
  EXPECT_TRUE(fits("ab", "cabd"));
  EXPECT_FALSE(fits("ab*ab", "ab"));
  EXPECT_EQ(key_of("ab*abcd*x"), "abcd");
}

struct NearMiss {
  std::string_view program;
  std::string_view line;
};

TEST(Messages, NearMisses) {
  constexpr NearMiss kLines[] = {
      {"nginx", R"(2026/11/22 04:54:03 [info] 1#1: *7 client prematurely closed connection while reading upstream)"},
      {"nginx",
       R"(2026/11/22 04:54:03 [error] 1#1: *7 open() "/srv/connect() x" failed (2: No such file or directory))"},
      {"nginx",
       R"(2026/11/22 04:54:03 [info] 1#1: *7 recv() failed (104: Connection reset by peer) while waiting for request)"},
      {"apache", R"([Sun Nov 22 04:54:03.1 2026] [core:error] [pid 1] AH00126: Invalid URI in request GET x)"},
      {"haproxy", R"(Nov 22 04:54:03 gw haproxy[12]: Server app/s1 is DOWN for maintenance.)"},
      {"php-fpm",
       R"([22-Nov-2026 04:55:28] NOTICE: [pool www] child 42 exited with code 0 after 5.3 seconds from start)"},
      {"caddy", R"({"level":"info","ts":1,"logger":"http","msg":"enabling automatic TLS certificate management"})"},
  };
  for (const auto& [program, line] : kLines) EXPECT_EQ(find_message(program, line), nullptr) << line;
}

TEST(Messages, TheSameWordsOfAnotherProgramAreNotRead) {
  EXPECT_EQ(find_message("apache", "connect() failed (111: x) while connecting to upstream"), nullptr);
}

}  // namespace
}  // namespace fix502
