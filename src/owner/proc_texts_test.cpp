#include "owner/proc_texts.hpp"

#include <gtest/gtest.h>

namespace fix502 {
namespace {

using namespace std::string_literals;

TEST(ProcTexts, ReadStat) {
  RunningProgram program;
  EXPECT_TRUE(read_proc_stat("812 (we ird) (x)) S 1 812 812 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 98765 1 2", program));
  EXPECT_EQ(program.name, "we ird) (x)");
  EXPECT_EQ(program.parent, 1);
  EXPECT_EQ(program.started, 98765U);
  for (const char* torn : {"", "812", "812 (x", "812 (x) S 1 2", ")("})
    EXPECT_FALSE(read_proc_stat(torn, program)) << torn;
}

TEST(ProcTexts, ReadStatus) {
  RunningProgram program;
  read_proc_status("Name:\tnginx\nUid:\t33\t33\t33\t33\nGid:\t33\t34\t33\t33\nGroups:\t4 33 1000 \n", program);
  EXPECT_EQ(program.user, 33U);
  EXPECT_EQ(program.group, 34U);
  EXPECT_EQ(program.groups, (std::vector<unsigned>{4, 33, 1000}));
  read_proc_status("Uid:\nGid: x y z\nGroups:\n", program);
  EXPECT_TRUE(program.groups.empty());
}

TEST(ProcTexts, ReadLimits) {
  const std::string row =
      "Limit   Soft Limit  Hard Limit  Units\nMax open files            1024                 524288    files\n";
  EXPECT_EQ(open_file_limit(row), 1024U);
  EXPECT_EQ(open_file_limit("Max open files   unlimited unlimited files\n"), std::nullopt);
  EXPECT_EQ(open_file_limit("Max open files\n"), std::nullopt);
  EXPECT_EQ(open_file_limit(""), std::nullopt);
}

struct CgroupCase {
  const char* text;
  const char* unit;
  const char* controller;
  const char* path;
};
const CgroupCase kCgroups[] = {
    {"0::/system.slice/gunicorn.service\n", "gunicorn.service", "", "/system.slice/gunicorn.service"},
    {"12:memory:/a\n1:name=systemd:/system.slice/x.service\n0::/\n", "x.service", "memory", "/a"},
    {"5:cpu,memory:/b\n", "", "memory", "/b"},
    {"0::/user.slice/user-0.slice/session-1.scope\n", "session-1.scope", "",
     "/user.slice/user-0.slice/session-1.scope"},
    {"0::/../../etc\n", "", "", ""},
    {"no colons at all\n::\n", "", "", ""},
};

TEST(ProcTexts, ReadCgroups) {
  for (const auto& row : kCgroups) {
    EXPECT_EQ(unit_in_cgroup(row.text), row.unit) << row.text;
    EXPECT_EQ(memory_cgroup(row.text), (std::pair<std::string, std::string>(row.controller, row.path))) << row.text;
  }
}

TEST(ProcTexts, ReadCounters) {
  const std::string text =
      "TcpExt: A ListenOverflows ListenDrops\nTcpExt: 1 107 108\nIpExt: A ListenOverflows\nIpExt: 5 6\n";
  EXPECT_EQ(counter_in(text, "TcpExt:", "ListenOverflows"), 107U);
  EXPECT_EQ(counter_in(text, "IpExt:", "ListenOverflows"), 6U);
  EXPECT_EQ(counter_in(text, "TcpExt:", "Nothing"), std::nullopt);
  EXPECT_EQ(counter_in("TcpExt: A B\nTcpExt: 1\n", "TcpExt:", "B"), std::nullopt);
  EXPECT_EQ(counter_in("TcpExt: A\nTcpExt: x\n", "TcpExt:", "A"), std::nullopt);
  EXPECT_EQ(counter_in("", "TcpExt:", "A"), std::nullopt);
  EXPECT_EQ(keyed_number("low 0\noom 4\noom_kill 3\n", "oom_kill"), 3U);
  EXPECT_EQ(keyed_number("oom_kill three\n", "oom_kill"), std::nullopt);
  EXPECT_EQ(ports_in_range("32768\t60999\n"), 28232U);
  for (const char* bad : {"", "1", "60999 32768", "1 70000", "a b"})
    EXPECT_EQ(ports_in_range(bad), std::nullopt) << bad;
}

TEST(ProcTexts, SplitAtNul) {
  EXPECT_EQ(nul_separated("a\0\0b\0"s), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(nul_separated("a"), (std::vector<std::string>{"a"}));
  EXPECT_TRUE(nul_separated("").empty());
}

}  // namespace
}  // namespace fix502
