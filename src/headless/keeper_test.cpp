// A "browser" of a few lines of shell that will not go: nothing of it may be left, neither process nor folder.

#include "headless/keeper.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <thread>

namespace fix502 {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// Writes down its pid and that of a child that left its process group; neither listens to SIGTERM.
constexpr const char* kStubborn = R"(trap '' TERM
setsid sh -c 'trap "" TERM; echo $$ > "$HOME/child"; while :; do sleep 60; done' &
echo $$ > "$HOME/browser"
touch "$HOME/ready"
while :; do sleep 60; done)";

class KeeperTest : public testing::Test {
 protected:
  KeeperTest() : notes_(fs::temp_directory_path() / ("fix502-keeper-" + std::to_string(getpid()))) {
    fs::create_directories(notes_);
  }
  ~KeeperTest() override { fs::remove_all(notes_); }

  [[nodiscard]] Launch stubborn() const {
    Launch launch;
    launch.command = {"/bin/sh", "-c", kStubborn};
    launch.environment = {"PATH=/usr/bin:/bin", "HOME=" + notes_.string()};
    launch.after_term = 50ms;
    return launch;
  }

  /// The limits only keep a broken keeper from hanging the test.
  static bool comes_true(const std::function<bool()>& claim) {
    for (int i = 0; i < 6'000 && !claim(); ++i) std::this_thread::sleep_for(10ms);
    return claim();
  }
  [[nodiscard]] bool ready() const { return fs::exists(notes_ / "child") && fs::exists(notes_ / "ready"); }
  [[nodiscard]] pid_t noted(const char* name) const {
    pid_t pid = 0;
    std::ifstream(notes_ / name) >> pid;
    return pid;
  }
  static bool is_gone(pid_t pid) { return pid > 0 && kill(pid, 0) != 0; }

  fs::path notes_;
};

TEST_F(KeeperTest, LeavesNothingOfABrowserThatWillNotGo) {
  auto folder = OwnFolder::make();
  ASSERT_TRUE(folder);
  const std::string path = folder->path();
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_all);
  std::ofstream(path + "/profile") << "left behind";
  {
    const auto keeper = Keeper::start(stubborn(), std::move(*folder));
    ASSERT_TRUE(keeper);
    ASSERT_TRUE(comes_true([&] { return ready(); }));
  }
  EXPECT_TRUE(is_gone(noted("browser")));
  EXPECT_TRUE(is_gone(noted("child")));
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(KeeperTest, CleansUpAfterUsWhenWeAreKilled) {
  const fs::path where = notes_ / "where";
  const pid_t us = fork();
  if (us == 0) {
    auto folder = OwnFolder::make();
    std::ofstream(where) << folder->path() << std::flush;
    const auto keeper = Keeper::start(stubborn(), std::move(*folder));
    for (;;) pause();
  }
  ASSERT_TRUE(comes_true([&] { return ready() && fs::exists(where); }));
  kill(us, SIGKILL);
  waitpid(us, nullptr, 0);
  std::string path;
  std::getline(std::ifstream(where), path);
  ASSERT_FALSE(path.empty());
  EXPECT_TRUE(comes_true([&] { return !fs::exists(path); }));
  EXPECT_TRUE(comes_true([&] { return is_gone(noted("browser")) && is_gone(noted("child")); }));
}

TEST_F(KeeperTest, TwoKeepersDoNotHoldEachOther) {
  auto first = OwnFolder::make();
  auto second = OwnFolder::make();
  ASSERT_TRUE(first && second);
  const std::string path = first->path();
  auto one = std::make_unique<Keeper>(std::move(*Keeper::start(stubborn(), std::move(*first))));
  const auto other = Keeper::start(stubborn(), std::move(*second));
  ASSERT_TRUE(comes_true([&] { return ready(); }));
  one.reset();
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(KeeperTest, SeesThatAProgramCouldNotBeStarted) {
  auto folder = OwnFolder::make();
  ASSERT_TRUE(folder);
  const std::string path = folder->path();
  Launch launch = stubborn();
  launch.command = {"/nowhere/browser"};
  auto keeper = Keeper::start(launch, std::move(*folder));
  ASSERT_TRUE(keeper);
  const int answers = keeper->take_answers();
  char byte = 0;
  EXPECT_EQ(read(answers, &byte, 1), 0);  // the end of the line, at once
  close(answers);
  EXPECT_TRUE(comes_true([&] { return !fs::exists(path); }));
}

}  // namespace
}  // namespace fix502
