#include "serve/event_log.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace fix502 {
namespace {

namespace asio = boost::asio;

TEST(EventLog, IsReadFromAnywhere) {
  asio::io_context loop;
  EventLog log(loop);
  log.add("a", {{"x", 1}});
  log.add("b", "two\nlines");
  std::uint64_t last = 0;
  EXPECT_EQ(log.after(last), "id: 1\nevent: a\ndata: {\"x\":1}\n\nid: 2\nevent: b\ndata: \"two\\nlines\"\n\n");
  EXPECT_EQ(last, 2U);
  EXPECT_EQ(log.after(last), "");
  last = 1;
  EXPECT_TRUE(log.after(last).starts_with("id: 2\n"));
}

TEST(EventLog, ANumberOfAnotherLogMeansFromTheBeginning) {
  asio::io_context loop;
  EventLog log(loop);
  log.add("a", 1);
  std::uint64_t last = 77;
  EXPECT_TRUE(log.after(last).starts_with("id: 1\n"));
  last = UINT64_MAX;
  EXPECT_TRUE(log.after(last).starts_with("id: 1\n"));
}

TEST(EventLog, ForgetsTheOldestAndGoesOnCounting) {
  asio::io_context loop;
  EventLog log(loop, 1'000);
  for (int i = 0; i < 100; ++i) log.add("a", std::string(100, 'x'));
  EXPECT_LE(log.bytes(), 1'000U);
  EXPECT_EQ(log.newest(), 100U);
  std::uint64_t last = 3;  // long gone
  EXPECT_TRUE(log.after(last).starts_with("id: 9"));
}

TEST(EventLog, AReaderGetsNoMoreAtOnceThanAPiece) {
  asio::io_context loop;
  EventLog log(loop);
  for (int i = 0; i < 100; ++i) log.add("a", std::string(10'000, 'x'));
  std::uint64_t last = 0;
  std::size_t whole = 0;
  while (true) {
    const std::string piece = log.after(last);
    if (piece.empty()) break;
    EXPECT_LT(piece.size(), 100'000U);
    whole += piece.size();
  }
  EXPECT_EQ(whole, log.bytes());
}

TEST(EventLog, WhoWaitsIsWokenByNewsAndByTheEnd) {
  asio::io_context loop;
  EventLog log(loop);
  int woken = 0;
  const auto reader = [&]() -> Task<void> {
    std::uint64_t last = 0;
    co_await log.wait(last, Milliseconds(60'000));
    ++woken;
    (void)log.after(last);
    co_await log.wait(last, Milliseconds(60'000));
    ++woken;
  };
  asio::co_spawn(loop, reader(), asio::detached);
  asio::co_spawn(loop, reader(), asio::detached);
  loop.poll();
  EXPECT_EQ(woken, 0);
  log.add("a", 1);
  loop.poll();
  EXPECT_EQ(woken, 2);
  log.end();
  loop.run();
  EXPECT_EQ(woken, 4);
}

}  // namespace
}  // namespace fix502
