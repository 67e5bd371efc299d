#include "history/history.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

namespace fix502 {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr WallTime kNoon(1'800'000'000s);
const std::string kShop = "https://shop.example/";
const Cause kBadGateway{"origin.bad-gateway", "origin", "owner", "The gateway says that its upstream fails."};

class HistoryTest : public testing::Test {
 protected:
  HistoryTest() {
    std::string folder = fs::temp_directory_path() / "fix502-history-XXXXXX";
    folder_ = mkdtemp(folder.data());
    path = folder_ / "fix502" / "history.db";
  }
  ~HistoryTest() override { fs::remove_all(folder_); }

  History opened(Retention retention = {}) {
    auto history = History::open(path, [this](const std::string& line) { said.push_back(line); }, retention);
    EXPECT_TRUE(history) << history.error().message();
    return std::move(*history);
  }

  static PastRun run_at(WallTime when, std::string outcome, std::string url = kShop) {
    PastRun run;
    run.url = std::move(url);
    run.started = when;
    run.duration = 1'840ms;
    run.outcome = std::move(outcome);
    if (run.outcome == "fault") run.cause = kBadGateway;
    run.confidence = 0.97;
    return run;
  }

  fs::path folder_;
  fs::path path;
  std::vector<std::string> said;
};

TEST_F(HistoryTest, GivesBackWhatWasKept) {
  opened().keep(run_at(kNoon, "fault")).value();
  History history = opened();
  const auto runs = history.runs(kShop, WallTime{}, 10).value();
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].started, kNoon);
  EXPECT_EQ(runs[0].duration, 1'840ms);
  EXPECT_EQ(runs[0].outcome, "fault");
  EXPECT_EQ(runs[0].cause, kBadGateway);
  EXPECT_DOUBLE_EQ(runs[0].confidence, 0.97);
  EXPECT_EQ(history.urls(WallTime{}).value(), std::vector{kShop});
  EXPECT_TRUE(said.empty());
}

TEST_F(HistoryTest, IsTheUsersAlone) {
  (void)opened();
  struct stat about{};
  ASSERT_EQ(stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
  ASSERT_EQ(stat(path.parent_path().c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0700U);
}

/// Sightings of one page, and the outages that follow from them: "began-ended" in minutes, "?" where the end was not
/// seen, "-" where it is not over.
TEST_F(HistoryTest, OutagesFollowFromSightings) {
  struct Sighting {
    int minute;
    std::string outcome;
  };
  struct Case {
    std::string name;
    std::vector<Sighting> seen;
    std::string expect;
  };
  const Case cases[] = {
      {"healthy", {{0, "healthy"}}, ""},
      {"inconclusive", {{0, "inconclusive"}}, ""},
      {"over", {{0, "fault"}, {3, "fault"}, {6, "healthy"}}, "0-6 "},
      {"open", {{0, "fault"}, {3, "fault"}}, "0- "},
      {"inconclusive-between", {{0, "fault"}, {3, "inconclusive"}, {6, "healthy"}}, "0-6 "},
      {"two", {{0, "fault"}, {6, "healthy"}, {60, "fault"}, {61, "healthy"}}, "60-61 0-6 "},
      {"nobody-looked", {{0, "fault"}, {3, "fault"}, {2'000, "healthy"}}, "0-3? "},
      {"silent-for-a-day", {{0, "fault"}, {2'000, "fault"}}, "2000- 0-0? "},
  };
  History history = opened();
  for (const auto& row : cases) {
    const std::string url = "https://" + row.name + ".example/";
    for (const auto& [minute, outcome] : row.seen)
      history.keep(run_at(kNoon + std::chrono::minutes(minute), outcome, url)).value();
    const auto minutes = [](WallTime when) {
      return std::to_string(std::chrono::duration_cast<std::chrono::minutes>(when - kNoon).count());
    };
    std::string outages;
    const auto found = history.outages(url, WallTime{}).value();
    for (const Outage& outage : found)
      outages += minutes(outage.began) + "-" + (outage.ended ? minutes(*outage.ended) : "") +
                 (outage.ended && !outage.end_seen ? "? " : " ");
    EXPECT_EQ(outages, row.expect) << row.name;
  }
}

TEST_F(HistoryTest, AnOutageIsTakenUpAgain) {
  EXPECT_EQ(opened().failed(kShop, kNoon, kBadGateway).value().tries, 1);
  History history = opened();
  const auto open = history.open_outage(kShop, kNoon + 5h).value();
  ASSERT_TRUE(open);
  EXPECT_EQ(open->began, kNoon);
  EXPECT_EQ(open->cause, kBadGateway);
  const Outage on = history.failed(kShop, kNoon + 5h, {}).value();
  EXPECT_EQ(on.tries, 2);
  EXPECT_EQ(on.id, open->id);
  EXPECT_EQ(on.cause, kBadGateway);
  EXPECT_FALSE(history.open_outage(kShop, kNoon + 48h).value());
  history.worked(kShop, kNoon + 5h, false).value();
  EXPECT_TRUE(history.open_outage(kShop, kNoon + 5h).value());
  history.worked(kShop, kNoon + 6h, true).value();
  EXPECT_FALSE(history.open_outage(kShop, kNoon + 6h).value());
}

TEST_F(HistoryTest, KnowsHowLongSuchOutagesLast) {
  History history = opened();
  EXPECT_EQ(history.typical("origin.bad-gateway").value().outages, 0);
  for (const int minutes : {2, 6, 50}) {
    const std::string url = "https://" + std::to_string(minutes) + ".example/";
    (void)history.failed(url, kNoon, kBadGateway).value();
    (void)history.failed(url, kNoon + std::chrono::minutes(minutes) - 10s, kBadGateway).value();
    history.worked(url, kNoon + std::chrono::minutes(minutes), true).value();
  }
  // Somebody looked twice, hours apart: that says little about how long it lasted.
  (void)history.failed(kShop, kNoon, kBadGateway).value();
  history.worked(kShop, kNoon + 9h, true).value();
  EXPECT_TRUE(history.outages(kShop, WallTime{}).value().at(0).is_at_most());
  EXPECT_EQ(history.typical("origin.bad-gateway").value().median, 6min);
  EXPECT_EQ(history.typical("origin.bad-gateway").value().outages, 3);
  EXPECT_EQ(history.typical("origin.timeout").value().outages, 0);
}

TEST_F(HistoryTest, CountsTriesByTheirTime) {
  History history = opened();
  (void)history.failed(kShop, kNoon, {}).value();
  (void)history.failed(kShop, kNoon + 1min, {}).value();
  history.worked(kShop, kNoon + 2min, true).value();
  history.worked(kShop, kNoon + 1h, false).value();
  const auto slots = history.slots(kShop, WallTime{}).value();
  ASSERT_EQ(slots.size(), 2U);
  EXPECT_EQ(slots[0].tries, 3);
  EXPECT_EQ(slots[0].worked, 1);
  EXPECT_EQ(slots[1].worked, 1);
}

TEST_F(HistoryTest, ForgetsWhatIsOldOrTooMuch) {
  History history = opened({std::chrono::days(10), 3});
  history.keep(run_at(kNoon - std::chrono::days(11), "healthy")).value();
  history.keep(run_at(kNoon, "healthy")).value();
  EXPECT_EQ(history.runs(kShop, WallTime{}, 10).value().size(), 1U);
  for (int i = 1; i <= 5; ++i) history.keep(run_at(kNoon + std::chrono::seconds(i), "healthy")).value();
  const auto runs = history.runs(kShop, WallTime{}, 10).value();
  ASSERT_EQ(runs.size(), 3U);
  EXPECT_EQ(runs.front().started, kNoon + 5s);
}

/// Runs `what` in a process of its own and gives its wait status.
template <typename What>
int in_a_child(What what) {
  const pid_t child = fork();
  if (child == 0) {
    what();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

TEST_F(HistoryTest, SeveralRunsWriteAtOnce) {
  constexpr int kWriters = 6;
  constexpr int kEach = 25;
  std::vector<pid_t> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    const pid_t child = fork();
    if (child == 0) {
      bool good = true;
      for (int i = 0; i < kEach; ++i) {  // each opens anew: so do real runs
        auto history = History::open(path, {});
        good = good && history && history->keep(run_at(kNoon + std::chrono::seconds(i), "healthy"));
      }
      _exit(good ? 0 : 1);
    }
    writers.push_back(child);
  }
  for (const pid_t writer : writers) {
    int status = -1;
    waitpid(writer, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(opened().runs(kShop, WallTime{}, 1'000).value().size(), static_cast<std::size_t>(kWriters * kEach));
}

TEST_F(HistoryTest, AKilledRunLosesNoMoreThanItself) {
  for (int round = 0; round < 8; ++round) {
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe(ends.data()), 0);
    const pid_t child = fork();
    if (child == 0) {
      auto history = History::open(path, {});
      for (int i = 0; history; ++i) {
        const bool kept = history->keep(run_at(kNoon + std::chrono::seconds(i), "fault")).has_value();
        if (!kept || write(ends[1], "k", 1) != 1) _exit(1);
      }
      _exit(1);
    }
    close(ends[1]);
    // Killed in the middle of some write after the first ones were kept.
    char kept = 0;
    const int awaited = 20 + round * 7;
    for (int i = 0; i < awaited; ++i) ASSERT_EQ(read(ends[0], &kept, 1), 1);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    int after = 0;
    while (read(ends[0], &kept, 1) == 1) ++after;
    close(ends[0]);
    History history = opened();
    const auto runs = history.runs(kShop, WallTime{}, 100'000).value().size();
    EXPECT_GE(runs, static_cast<std::size_t>(awaited + after));
    EXPECT_LE(runs, static_cast<std::size_t>(awaited + after + 1));
    EXPECT_TRUE(said.empty());
    fs::remove_all(path.parent_path());
  }
}

void overwrite(const fs::path& file, std::streamoff from, std::size_t bytes) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekp(from);
  stream << std::string(bytes, '\x5a');
}

TEST_F(HistoryTest, ADamagedFileIsMovedAside) {
  struct Case {
    const char* name;
    std::function<void(const fs::path&)> damage;
  };
  const Case cases[] = {
      {"not a database", [](const fs::path& file) { std::ofstream(file) << "This was my shopping list.\n"; }},
      {"no header", [](const fs::path& file) { overwrite(file, 0, 100); }},
      {"pages overwritten", [](const fs::path& file) { overwrite(file, 4'096, fs::file_size(file) - 4'096); }},
      {"cut in the middle", [](const fs::path& file) { fs::resize_file(file, fs::file_size(file) / 2); }},
  };
  int broken = 0;
  for (const auto& row : cases) {
    SCOPED_TRACE(row.name);
    {
      History before = opened();
      for (int i = 0; i < 200; ++i) before.keep(run_at(kNoon, "fault")).value();
    }
    row.damage(path);
    said.clear();
    History history = opened();
    const auto kept = history.keep(run_at(kNoon + 1h, "fault"));
    ASSERT_TRUE(kept) << kept.error().message();
    ASSERT_EQ(said.size(), 1U);
    const std::string aside = path.string() + ".broken-" + std::to_string(++broken);
    EXPECT_NE(said[0].find(aside), std::string::npos) << said[0];
    EXPECT_TRUE(fs::exists(aside));
    EXPECT_EQ(history.runs(kShop, WallTime{}, 1'000).value().size(), 1U);
  }
}

TEST_F(HistoryTest, DamageUnderARunningProcessIsFoundByIt) {
  History history = opened();
  for (int i = 0; i < 200; ++i) history.keep(run_at(kNoon, "fault")).value();
  {
    History other = opened();
  }
  std::ofstream(path, std::ios::trunc) << "Somebody wrote here.\n";
  fs::remove(path.string() + "-wal");
  fs::remove(path.string() + "-shm");
  (void)history.keep(run_at(kNoon + 1h, "fault"));
  History after = opened();
  after.keep(run_at(kNoon + 2h, "fault")).value();
  EXPECT_GE(after.runs(kShop, WallTime{}, 1'000).value().size(), 1U);
}

TEST_F(HistoryTest, AnotherProgramsDatabaseIsLeftAlone) {
  fs::create_directories(path.parent_path());
  {
    Database other = Database::open(path, 1s).value();
    other.script("CREATE TABLE recipe(name TEXT); INSERT INTO recipe VALUES('soup'); PRAGMA user_version = 1").value();
  }
  const auto history = History::open(path, {});
  ASSERT_FALSE(history);
  EXPECT_NE(history.error().what.find("another program's"), std::string::npos);
  EXPECT_EQ(Database::open(path, 1s)->number("SELECT count(*) FROM recipe").value(), 1);
}

TEST_F(HistoryTest, ANewerFileIsLeftAlone) {
  (void)opened();
  Database::open(path, 1s)->script("PRAGMA user_version = 2").value();
  const auto history = History::open(path, {});
  ASSERT_FALSE(history);
  EXPECT_NE(history.error().what.find("newer"), std::string::npos);
}

TEST_F(HistoryTest, AFullDiskCostsTheRunAndNothingElse) {
  opened().keep(run_at(kNoon, "healthy")).value();
  const auto size = fs::file_size(path);
  // A limit on the size of files does to this process what a full disk does: writing fails.
  const int status = in_a_child([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit little{size, size};
    setrlimit(RLIMIT_FSIZE, &little);
    bool refused = false;
    auto history = History::open(path, {});
    for (int i = 0; i < 400 && !refused; ++i) refused = !history || !history->keep(run_at(kNoon, "fault"));
    _exit(refused ? 0 : 1);
  });
  EXPECT_EQ(status, 0) << "nothing was refused";
  History history = opened();
  EXPECT_GE(history.runs(kShop, WallTime{}, 1'000).value().size(), 1U);
  EXPECT_TRUE(history.keep(run_at(kNoon + 1h, "healthy")));
  EXPECT_TRUE(said.empty());
}

TEST_F(HistoryTest, WhatCannotBeWrittenIsSaid) {
  opened().keep(run_at(kNoon, "healthy")).value();
  if (geteuid() == 0) {
    // Rights do not bind root: the test goes on as nobody.
    fs::permissions(folder_, fs::perms(0755));
    fs::permissions(path.parent_path(), fs::perms(0755));
    fs::permissions(path, fs::perms(0444));
    const int status = in_a_child([&] {
      if (setgid(65'534) != 0 || setuid(65'534) != 0) _exit(0);
      _exit(History::open(path, {}) ? 1 : 0);
    });
    EXPECT_EQ(status, 0);
  } else {
    fs::permissions(path, fs::perms(0444));
    EXPECT_FALSE(History::open(path, {}));
  }
  EXPECT_FALSE(History::open("/proc/fix502/history.db", {}));
  EXPECT_FALSE(History::open("", {}));
}

TEST_F(HistoryTest, ALockThatIsHeldIsNotWaitedForLong) {
  (void)opened();
  Database other = Database::open(path, 1s).value();
  const auto transaction = Transaction::begin(other);
  History history = opened();
  const auto start = std::chrono::steady_clock::now();
  const auto kept = history.keep(run_at(kNoon, "healthy"));
  ASSERT_FALSE(kept);
  EXPECT_NE(kept.error().what.find("busy"), std::string::npos);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
}

TEST(UrlForHistory, LeavesSecretsOut) {
  const struct {
    const char* url;
    const char* expect;
  } cases[] = {
      {"https://user:password@shop.example/cart", "https://shop.example/cart"},
      {"http://shop.example:8080", "http://shop.example:8080/"},
      {"https://shop.example/?token=abc&page=2", "https://shop.example/?token=<redacted>&page=<redacted>"},
      {"https://shop.example/reset?0123456789", "https://shop.example/reset?<redacted>"},
      {"https://shop.example/#part", "https://shop.example/"},
  };
  for (const auto& row : cases) EXPECT_EQ(url_for_history(*parse_target(row.url)), row.expect);
}

TEST(TextForHistory, LeavesSecretsOut) {
  const Target target = *parse_target("https://shop.example/?token=abcdef&n=1");
  EXPECT_EQ(text_for_history("/?token=abcdef&n=1 answers 502", target), "/?<redacted> answers 502");
  EXPECT_EQ(text_for_history("it is abcdef", target), "it is <redacted>");
}

}  // namespace
}  // namespace fix502
