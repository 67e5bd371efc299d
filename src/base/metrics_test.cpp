#include "base/metrics.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace fix502 {
namespace {

TEST(MetricsText, IsWhatACollectorReads) {
  MetricsText text;
  text.gauge("a_seconds", "How long.", 0.25);
  text.family("b_total", "counter", "How many.");
  text.sample({{"kind", "x\"y\\z\n"}, {"other", ""}}, 3'668'918'509.0);
  text.sample(std::numeric_limits<double>::infinity());
  text.sample(-std::numeric_limits<double>::infinity());
  text.sample(std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(text.take(),
            "# HELP a_seconds How long.\n# TYPE a_seconds gauge\na_seconds 0.25\n"
            "# HELP b_total How many.\n# TYPE b_total counter\n"
            "b_total{kind=\"x\\\"y\\\\z\\n\",other=\"\"} 3668918509\nb_total +Inf\nb_total -Inf\nb_total NaN\n");
}

}  // namespace
}  // namespace fix502
