#include "sys/held_signals.hpp"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>

#include "sys/linux/files.hpp"

namespace fix502 {
namespace {

TEST(HeldSignals, EndNothingWhileTheyAreHeldAndAreDroppedAfterwards) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const HeldSignals held;
    EXPECT_FALSE(HeldSignals::came()) << signal;
    raise(signal);
    EXPECT_TRUE(HeldSignals::came()) << signal;
    EXPECT_TRUE(HeldSignals::came(std::chrono::hours(1))) << "it has come, so nobody waits";
  }
}

TEST(HeldSignals, EndALoopAndHaveStillCome) {
  const HeldSignals held;
  boost::asio::io_context loop;
  boost::asio::post(loop, [] { raise(SIGTERM); });
  EXPECT_TRUE(run_until_signal(loop));
  EXPECT_TRUE(HeldSignals::came());
}

TEST(HeldSignals, AreHeardByALoopThatNobodyHoldsThemFrom) {
  boost::asio::io_context loop;
  boost::asio::post(loop, [] { raise(SIGINT); });
  EXPECT_TRUE(run_until_signal(loop));
}

TEST(HeldSignals, ALoopThatIsStoppedHeardNothing) {
  boost::asio::io_context loop;
  boost::asio::post(loop, [&] { loop.stop(); });
  EXPECT_FALSE(run_until_signal(loop));
}

TEST(HeldSignals, AreNotHeldFromProgramsThatAreStarted) {
  const HeldSignals held;
  EXPECT_EQ(output_of({"sh", "-c", "kill -TERM $$; echo held"}, std::chrono::seconds(30)), "");
}

}  // namespace
}  // namespace fix502
