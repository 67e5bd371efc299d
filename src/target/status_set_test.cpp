#include <gtest/gtest.h>

#include "target/target.hpp"

namespace fix502 {
namespace {

struct StatusCase {
  std::string_view text;
  std::vector<int> in, out;
};

const StatusCase kSets[] = {
    {"200", {200}, {199, 201, 404}},
    {"200-299, 418", {200, 299, 418}, {300, 417}},
    {"100-599", {100, 502, 599}, {99, 600}},
};

TEST(StatusSet, HoldsWhatWasWritten) {
  for (const auto& row : kSets) {
    const auto set = parse_status_set(row.text);
    ASSERT_TRUE(set) << row.text;
    for (const int status : row.in) EXPECT_TRUE(set->contains(status)) << row.text << " " << status;
    for (const int status : row.out) EXPECT_FALSE(set->contains(status)) << row.text << " " << status;
  }
}

TEST(StatusSet, DefaultsToWhatTheSiteItselfMeans) {
  const StatusSet set;
  for (const int status : {200, 204, 301, 399, 401, 403, 404, 405, 410}) EXPECT_TRUE(set.contains(status)) << status;
  for (const int status : {100, 400, 402, 407, 408, 429, 451, 500, 502, 521})
    EXPECT_FALSE(set.contains(status)) << status;
}

TEST(StatusSet, RefusesTheRest) {
  for (const auto* text : {"", ",", "abc", "99", "600", "300-200", "200-", "-200", "200-299-300", "2e2", "200 300"})
    EXPECT_FALSE(parse_status_set(text)) << text;
}

}  // namespace
}  // namespace fix502
