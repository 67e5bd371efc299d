#include "logs/follow.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace fix502 {
namespace {

namespace fs = std::filesystem;

/// A log that is written to, rotated and truncated between looks; what a Follower hands on is compared with what was
/// written.
class Follow : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("fix502-follow-" + std::to_string(getpid()));
    fs::create_directories(folder_);
    log_ = folder_ / "error.log";
    std::ofstream(log_) << "before\n";
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(std::size_t lines) {
    std::ofstream file(log_, std::ios::app);
    for (std::size_t i = 0; i < lines; ++i) file << "line " << ++written_ << '\n';
  }

  /// error.log becomes error.log.1, that becomes error.log.2 and so on; a new file has the name.
  void rotate(std::size_t keep) {
    fs::remove(numbered(keep));
    for (std::size_t i = keep; i > 1; --i)
      if (fs::exists(numbered(i - 1))) fs::rename(numbered(i - 1), numbered(i));
    fs::rename(log_, numbered(1));
    // A file's birth is known to a tick of the kernel's clock, 10 ms at most: nobody rotates twice within one.
    std::this_thread::sleep_for(std::chrono::milliseconds(12));
    std::ofstream(log_).flush();
  }

  void look(Follower& follower) {
    follower.poll([&](std::string_view lines) {
      while (!lines.empty()) {
        const auto end = lines.find('\n');
        read_.emplace_back(lines.substr(0, end));
        lines.remove_prefix(end == lines.npos ? lines.size() : end + 1);
      }
    });
  }

  void expect_each_once() const {
    ASSERT_EQ(read_.size(), written_);
    for (std::size_t i = 0; i < read_.size(); ++i) ASSERT_EQ(read_[i], "line " + std::to_string(i + 1));
  }

  [[nodiscard]] fs::path numbered(std::size_t i) const { return folder_ / ("error.log." + std::to_string(i)); }
  [[nodiscard]] Follower follower() const { return {log_.string(), fs::file_size(log_)}; }

  fs::path folder_;
  fs::path log_;
  std::size_t written_ = 0;
  std::vector<std::string> read_;
};

TEST_F(Follow, AHundredRotationsLoseAndDoubleNoLine) {
  auto following = follower();
  std::mt19937 random(7);  // the same every time
  std::size_t unseen = 0;
  for (int rotation = 0; rotation < 100; ++rotation) {
    write(1 + random() % 9);
    if (random() % 2 == 0) look(following);
    write(random() % 5);
    rotate(6);
    // A file is lost for good where nobody looked while it existed: six of them are kept.
    if (++unseen == 5 || random() % 3 == 0) {
      if (random() % 2 == 0) write(random() % 4);
      look(following);
      unseen = 0;
    }
  }
  look(following);
  expect_each_once();
  EXPECT_GT(written_, 400U);
}

TEST_F(Follow, WhatIsWrittenToTheOldFileAfterItsRotationCounts) {
  auto following = follower();
  for (int rotation = 0; rotation < 100; ++rotation) {
    std::ofstream held(log_, std::ios::app);  // a gateway that has not been told yet
    rotate(4);
    held << "line " << ++written_ << '\n' << std::flush;
    if (rotation % 2 == 0) look(following);
    held << "line " << ++written_ << "\nline " << std::flush;
    look(following);
    held << ++written_ << '\n' << std::flush;
    held.close();
    look(following);
    write(2);
    look(following);
  }
  expect_each_once();
}

TEST_F(Follow, ATruncatedFileBeginsAnew) {
  auto following = follower();
  for (int round = 0; round < 100; ++round) {
    write(3);
    look(following);
    fs::resize_file(log_, 0);
    look(following);
  }
  write(1);
  look(following);
  expect_each_once();
}

TEST_F(Follow, ALineIsHandedOnWhenItIsWhole) {
  auto following = follower();
  std::ofstream file(log_, std::ios::app);
  file << "line " << std::flush;
  look(following);
  EXPECT_TRUE(read_.empty());
  file << "1\nli" << std::flush;
  look(following);
  ASSERT_EQ(read_.size(), 1U);
  EXPECT_EQ(read_[0], "line 1");
  // The last one of a file that has been rotated away twice needs no newline.
  file << "ne 2" << std::flush;
  rotate(3);
  look(following);
  EXPECT_EQ(read_.size(), 1U);
  rotate(3);
  look(following);
  ASSERT_EQ(read_.size(), 2U);
  EXPECT_EQ(read_[1], "line 2");
}

TEST_F(Follow, AtTheEndALineNeedsNoNewline) {
  auto following = follower();
  std::ofstream(log_, std::ios::app) << "line 1";
  written_ = 1;
  following.finish([&](std::string_view lines) { read_.emplace_back(lines); });
  expect_each_once();
}

TEST_F(Follow, AFileThatIsPackedOrOfAnotherLogIsNotRead) {
  auto following = follower();
  std::ofstream(folder_ / "error.log.2.gz") << "packed\n";
  std::ofstream(folder_ / "other.log") << "other\n";
  write(1);
  look(following);
  expect_each_once();
}

TEST_F(Follow, ALogThatIsNotThereYetIsReadFromItsBeginning) {
  fs::remove(log_);
  Follower following(log_.string(), 0);
  look(following);
  write(2);
  look(following);
  expect_each_once();
}

}  // namespace
}  // namespace fix502
