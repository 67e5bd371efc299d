#include "fault/pattern.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

namespace fix502 {
namespace {

/// Tries of one page in time: '.' works, 'x' fails, 'X' fails after a pause, 'k' fails as a later request of a kept
/// connection, 'o' works as such.
class Course {
 public:
  explicit Course(std::string_view marks) {
    for (const char mark : marks) {
      Observation& seen = seen_.emplace_back();
      seen.started = Duration(1000 * static_cast<long>(seen_.size()));
      if (mark == 'X') seen.varied["time"] = "after a pause";
      HttpExchange http;
      http.request_on_connection = mark == 'k' || mark == 'o' ? 2 : 1;
      seen.data = std::move(http);
      Try one;
      one.seen = &seen;
      one.http = seen.as<HttpExchange>();
      one.works = mark == '.' || mark == 'o';
      one.chain = {&seen};
      tries.all.push_back(std::move(one));
    }
  }

  Tries tries;

 private:
  std::deque<Observation> seen_;
};

struct Share {
  std::string_view marks;
  int failed;
  double low, high;
};

// Wilson's interval at 95 %, worked out by hand: https://doi.org/10.1080/01621459.1927.10502953
const Share kShares[] = {
    {".....", 0, 0.0, 0.4345},         {"xxxxx", 5, 0.5655, 1.0}, {".x.x.x.x.x", 5, 0.2366, 0.7634},
    {"...x......", 1, 0.0179, 0.4042}, {"x.", 1, 0.0945, 0.9055},
};

TEST(ReadPattern, BoundsTheShareThatFails) {
  for (const auto& [marks, failed, low, high] : kShares) {
    const Pattern pattern = read_pattern(Course(marks).tries);
    EXPECT_EQ(pattern.failed, failed) << marks;
    EXPECT_EQ(pattern.tries, static_cast<int>(marks.size())) << marks;
    EXPECT_NEAR(pattern.low, low, 0.0002) << marks;
    EXPECT_NEAR(pattern.high, high, 0.0002) << marks;
  }
}

struct Words {
  std::string_view marks, words;
};

const Words kWords[] = {
    {".x.x.x.x", "It looks as if 1 of 2 servers behind it is broken."},
    {"..x..x..x..x", "It looks as if 1 of 3 servers behind it is broken."},
    {".xx.xx.xx.xx", "It looks as if 2 of 3 servers behind it are broken."},
    {"x..x..x..", "It looks as if 1 of 3 servers behind it is broken."},
    {"...x...x...x", "It looks as if 1 of 4 servers behind it is broken."},
    {"....x....x", "It looks as if 1 of 5 servers behind it is broken."},
    {".........x.........", "One of the servers behind it seems to be broken."},
    {"x......", "Only the first request failed: something behind it may have been asleep."},
    {"x......X", "The first request after a pause fails, the next ones work: a cold start."},
    {"x.......o", "Only the first request failed: something behind it may have been asleep."},
    {".k.k", "Only later requests on a kept connection fail."},
    {"..kkk", "Only later requests on a kept connection fail."},
    {".x.kkk.", "It looks as if 3 of 5 servers behind it are broken."},
};

TEST(ReadPattern, PutsTheRhythmInWords) {
  for (const auto& [marks, words] : kWords) EXPECT_EQ(read_pattern(Course(marks).tries).words, words) << marks;
}

TEST(ReadPattern, GoesByTimeAndNotByTheOrderOfTheList) {
  Course course("x......");
  std::ranges::reverse(course.tries.all);
  EXPECT_EQ(read_pattern(course.tries).words,
            "Only the first request failed: something behind it may have been asleep.");
}

TEST(ReadPattern, SaysNothingOfNothing) {
  const Pattern pattern = read_pattern({});
  EXPECT_EQ(pattern.tries, 0);
  EXPECT_EQ(pattern.low, 0.0);
  EXPECT_EQ(pattern.high, 1.0);
  EXPECT_TRUE(pattern.words.empty());
}

}  // namespace
}  // namespace fix502
