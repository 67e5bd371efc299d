#include "net/lookup.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <csignal>
#include <fstream>
#include <memory>

namespace fix502 {
namespace {

namespace asio = boost::asio;

SystemLookup look_up(const std::string& name, Milliseconds timeout) {
  asio::io_context io;
  SystemLookup result;
  SystemLookups lookups(io.get_executor());
  asio::co_spawn(io, lookups.look_up(name, timeout), [&](std::exception_ptr error, SystemLookup lookup) {
    EXPECT_FALSE(error);
    result = std::move(lookup);
  });
  io.run();
  return result;
}

bool no_child_is_left() {
  return waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD;
}

void end_all_children() {
  std::ifstream children("/proc/self/task/" + std::to_string(getpid()) + "/children");
  for (pid_t child = 0; children >> child;) kill(child, SIGKILL);
}

TEST(SystemLookup, AsksThisMachine) {
  // An address is its own name: no file and no network takes part.
  const auto four = look_up("127.0.0.1", Milliseconds(10'000));
  EXPECT_EQ(four.failure, Failure::none);
  EXPECT_EQ(four.name, "127.0.0.1");
  EXPECT_EQ(four.addresses, std::vector<std::string>{"127.0.0.1"});
  EXPECT_EQ(look_up("::1", Milliseconds(10'000)).addresses, std::vector<std::string>{"::1"});
  EXPECT_TRUE(no_child_is_left());
}

TEST(SystemLookup, NamesTheError) {
  // glibc refuses a label of more than 63 bytes without asking anybody.
  const auto lookup = look_up(std::string(64, 'a') + ".invalid", Milliseconds(10'000));
  EXPECT_EQ(lookup.failure, Failure::name_not_resolved);
  EXPECT_EQ(lookup.error.substr(0, 4), "EAI_");
  EXPECT_TRUE(lookup.addresses.empty());
}

TEST(SystemLookup, IsGivenUpAtItsTimeLimit) {
  const auto lookup = look_up("127.0.0.1", Milliseconds(0));
  EXPECT_EQ(lookup.failure, Failure::out_of_time);
  EXPECT_TRUE(no_child_is_left());
}

TEST(SystemLookup, OneProcessAnswersOneNameAfterTheOther) {
  asio::io_context io;
  auto lookups = std::make_unique<SystemLookups>(io.get_executor());
  std::vector<SystemLookup> found;
  const auto ask = [&]() -> Task<void> {
    for (const char* name : {"127.0.0.1", "127.0.0.2", "two\nlines", "::1"})
      found.push_back(co_await lookups->look_up(name, Milliseconds(10'000)));
    // Whoever ends it meanwhile costs no answer.
    end_all_children();
    found.push_back(co_await lookups->look_up("127.0.0.3", Milliseconds(10'000)));
  };
  asio::co_spawn(io, ask(), [](const std::exception_ptr& error) { EXPECT_FALSE(error); });
  io.run();
  ASSERT_EQ(found.size(), 5U);
  EXPECT_EQ(found[0].addresses, std::vector<std::string>{"127.0.0.1"});
  EXPECT_EQ(found[1].addresses, std::vector<std::string>{"127.0.0.2"});
  EXPECT_EQ(found[2].failure, Failure::name_not_resolved);
  EXPECT_EQ(found[3].addresses, std::vector<std::string>{"::1"});
  EXPECT_EQ(found[4].addresses, std::vector<std::string>{"127.0.0.3"});
  lookups.reset();
  EXPECT_TRUE(no_child_is_left());
}

TEST(SystemLookup, LeavesNoProcessWhenCancelled) {
  asio::io_context io;
  asio::cancellation_signal give_up;
  // Whether the child is faster than the cancellation is left to the scheduler: either way it must be gone.
  auto lookups = std::make_unique<SystemLookups>(io.get_executor());
  asio::co_spawn(io, lookups->look_up("127.0.0.1", Milliseconds(60'000)),
                 asio::bind_cancellation_slot(give_up.slot(), [](std::exception_ptr, SystemLookup lookup) {
                   EXPECT_TRUE(lookup.failure == Failure::out_of_time || lookup.failure == Failure::none);
                 }));
  io.run_one();  // it has begun
  give_up.emit(asio::cancellation_type::all);
  io.run();
  lookups.reset();
  EXPECT_TRUE(no_child_is_left());
}

}  // namespace
}  // namespace fix502
