#include "resolver/talk.hpp"

#include <gtest/gtest.h>

namespace fix502 {
namespace {

using std::chrono::milliseconds;

Moment in(milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}
bool everything(std::string_view) {
  return true;
}

TEST(Tools, KeepTheLinesThatAreWanted) {
  const auto end = run_tool(
      {"printf", "one\\ntwo\\nthree"}, [](std::string_view line) { return line.starts_with("t"); },
      in(milliseconds(30'000)));
  EXPECT_EQ(end.status, 0);
  EXPECT_EQ(end.output, "two\nthree\n");
}

TEST(Tools, SayWhatWentWrong) {
  const auto failed = run_tool({"ls", "/nowhere/at all"}, everything, in(milliseconds(30'000)));
  EXPECT_GT(failed.status, 0);
  EXPECT_NE(failed.error.find("/nowhere/at all"), std::string::npos);
  EXPECT_EQ(run_tool({"fix502-no-such-tool"}, everything, in(milliseconds(30'000))).error,
            "fix502-no-such-tool is not installed");
  EXPECT_EQ(run_tool({}, everything, in(milliseconds(30'000))).status, -1);
}

TEST(Tools, AreStoppedInTime) {
  const auto end = run_tool({"sleep", "600"}, everything, in(milliseconds(20)));
  EXPECT_EQ(end.status, -1);
  EXPECT_EQ(end.error, "no answer in time");
}

TEST(Tools, AreReadNoFurtherThanIsKept) {
  const auto end = run_tool({"seq", "200000"}, everything, in(milliseconds(60'000)));
  EXPECT_EQ(end.status, 0);
  EXPECT_LE(end.output.size(), 256U * 1024);
}

TEST(Sockets, ThatAreNotThere) {
  EXPECT_FALSE(speak("/nowhere/socket", "x", everything, in(milliseconds(1'000))));
  EXPECT_FALSE(speak(std::string(500, 'x'), "x", everything, in(milliseconds(1'000))));
}

TEST(Addresses, OfThisMachine) {
  EXPECT_TRUE(is_own_address("127.0.0.1"));
  EXPECT_FALSE(is_own_address("203.0.113.77"));
  EXPECT_FALSE(is_own_address("resolver.example"));
  EXPECT_FALSE(is_own_address(""));
}

TEST(Questions, ToWhatIsNoServer) {
  Question question;
  question.server = "resolver.example";
  question.name = "shop.example";
  EXPECT_FALSE(ask_server(question, in(milliseconds(100))));
  question.server = "127.0.0.1:1";
  EXPECT_FALSE(ask_server(question, in(milliseconds(100))));
  question.name = std::string(400, 'x');
  EXPECT_FALSE(ask_server(question, in(milliseconds(100))));
  EXPECT_TRUE(chaos_texts("127.0.0.1:1", "version.bind", in(milliseconds(100))).empty());
}

}  // namespace
}  // namespace fix502
