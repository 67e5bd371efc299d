#include "watch/command.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <boost/asio/co_spawn.hpp>

namespace fix502 {
namespace {

struct Ran {
  int status = -1;
  std::string output;
};

Ran ran(const std::string& command, std::vector<std::pair<std::string, std::string>> variables = {}) {
  Ran result;
  std::array<int, 2> ends{};
  EXPECT_EQ(pipe(ends.data()), 0);
  boost::asio::io_context loop;
  boost::asio::co_spawn(loop, run_command(loop, command, std::move(variables), ends[1]),
                        [&](const std::exception_ptr&, Result<int> status) { result.status = status.value_or(-1); });
  loop.run();
  close(ends[1]);
  for (char c = 0; read(ends[0], &c, 1) == 1;) result.output += c;
  close(ends[0]);
  return result;
}

TEST(RunCommand, GivesTheStatus) {
  EXPECT_EQ(ran("exit 0").status, 0);
  EXPECT_EQ(ran("exit 7").status, 7);
  EXPECT_EQ(ran("no-such-program 2>/dev/null").status, 127);
  EXPECT_EQ(ran("kill -9 $$").status, 128 + 9);
}

TEST(RunCommand, WhatComesFromOutsideIsNeverPartOfTheCommand) {
  const Ran found = ran("printf %s \"$FIX502_URL\"", {{"FIX502_URL", "https://x/';echo $(id)\n`id`"}});
  EXPECT_EQ(found.output, "https://x/';echo $(id)\n`id`");
}

TEST(RunCommand, LeavesNothingOpen) {
  // 0, 1 and 2, and the one with which the folder is read.
  EXPECT_EQ(ran("ls /proc/self/fd | wc -l | tr -d ' \\n'").output, "4");
  EXPECT_EQ(ran("cat").output, "");
}

}  // namespace
}  // namespace fix502
