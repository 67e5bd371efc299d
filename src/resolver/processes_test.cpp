#include "resolver/processes.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>

namespace fix502 {
namespace {

namespace fs = std::filesystem;

/// A /proc of our own making.
class FakeProc : public testing::Test {
 protected:
  FakeProc() : proc_(fs::path(testing::TempDir()) / ("fix502-proc-" + std::to_string(getpid()))) {}
  ~FakeProc() override { fs::remove_all(proc_); }

  void add(pid_t pid, const std::string& name, const std::string& command_line, std::uint64_t inode) {
    const fs::path place = proc_ / std::to_string(pid);
    fs::create_directories(place / "fd");
    std::ofstream(place / "comm") << name << "\n";
    std::ofstream(place / "cmdline") << command_line;
    fs::create_symlink("/dev/null", place / "fd" / "0");
    fs::create_symlink("socket:[" + std::to_string(inode) + "]", place / "fd" / "3");
  }

  const fs::path proc_;
};

bool is_unbound(std::string_view name) {
  return name == "unbound";
}

TEST_F(FakeProc, TheHolderOfASocket) {
  add(7, "sh", "sh", 70);
  add(12, "unbound", std::string("unbound\0-c\0/etc/x.conf\0", 24), 120);
  add(31, "unbound", "unbound", 310);
  fs::create_directories(proc_ / "net");
  const auto unbound = holder_of(120, is_unbound, proc_);
  ASSERT_TRUE(unbound);
  EXPECT_EQ(unbound->pid, 12);
  EXPECT_EQ(unbound->name, "unbound");
  EXPECT_EQ(unbound->option("-c"), "/etc/x.conf");
  EXPECT_EQ(holder_of(70, is_unbound, proc_)->pid, 7) << "one that nobody expected there";
  EXPECT_FALSE(holder_of(71, is_unbound, proc_));
}

TEST_F(FakeProc, TheOnlyOneOfItsKind) {
  add(7, "sh", "sh", 70);
  add(12, "unbound", "unbound", 120);
  EXPECT_EQ(only_process(is_unbound, proc_)->pid, 12);
  add(13, "unbound", "unbound", 130);
  EXPECT_FALSE(only_process(is_unbound, proc_));
  EXPECT_FALSE(only_process([](std::string_view name) { return name == "named"; }, proc_));
  EXPECT_FALSE(read_process(99, proc_));
}

TEST(Processes, OurOwnSocket) {
  const int own = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const std::string link = fs::read_symlink("/proc/self/fd/" + std::to_string(own)).string();
  const auto inode = std::stoull(link.substr(link.find('[') + 1));
  const auto process = holder_of(inode, [](std::string_view) { return false; });
  ASSERT_TRUE(process);
  EXPECT_EQ(process->pid, getpid());
  EXPECT_FALSE(process->arguments.empty());
  close(own);
}

}  // namespace
}  // namespace fix502
