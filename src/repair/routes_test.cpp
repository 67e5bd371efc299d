// prefer-ipv4, killed at every step, in a network of its own.

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "remedy/prefer_ipv4.hpp"
#include "repair/carry_out.hpp"
#include "sys/linux/files.hpp"

namespace fix502 {
namespace {

namespace fs = std::filesystem;

std::string routes() {
  return output_of({"ip", "-6", "route", "show", "table", "all"}, std::chrono::seconds(10));
}

Result<void> prefer(const JournalOptions& options) {
  auto set = Journal(options).begin("prefer-ipv4", "https://a.example/");
  if (!set) return std::unexpected(set.error());
  const auto work = prefer_ipv4("a.example", {"2001:db8::1", "192.0.2.1", "2001:db8::2"});
  if (auto made = carry_out(work, *set); !made) return made;
  return set->done(true);
}

/// 0: as it should be. The child's namespace goes away with it.
int killed_at(int fatal, const JournalOptions& options, bool& lived) {
  const std::string before = routes();
  const pid_t child = fork();
  if (child == 0) {
    JournalOptions fragile = options;
    int step = 0;
    fragile.at_step = [&](std::string_view) {
      if (step++ == fatal) raise(SIGKILL);
    };
    _exit(prefer(fragile) ? 0 : 9);
  }
  int status = 0;
  waitpid(child, &status, 0);
  lived = !WIFSIGNALED(status);
  if (lived && (WEXITSTATUS(status) != 0 || routes() == before)) return 1;
  if (!Journal(options).undo()) return 2;
  return routes() == before ? 0 : 3;
}

TEST(PreferIpv4, ComesBackWhereverItWasKilled) {
  std::string name = (fs::temp_directory_path() / "fix502-routes-XXXXXX").string();
  const fs::path place = mkdtemp(name.data());
  const pid_t child = fork();
  if (child == 0) {
    if (unshare(CLONE_NEWNET) != 0 || !run_shown(Command{{"ip", "link", "set", "lo", "up"}})) _exit(77);
    JournalOptions options{.root = place / "journal", .run = run_shown, .at_step = {}};
    bool lived = false;
    for (int fatal = 0; !lived && fatal < 100; ++fatal)
      if (const int wrong = killed_at(fatal, options, lived); wrong != 0) _exit(wrong);
    _exit(lived ? 0 : 4);
  }
  int status = 0;
  waitpid(child, &status, 0);
  fs::remove_all(place);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 77) GTEST_SKIP() << "needs root, and leave to make namespaces";
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "exit status " << WEXITSTATUS(status);
}

}  // namespace
}  // namespace fix502
