#include "remedy/unpin_hosts.hpp"

#include <gtest/gtest.h>

namespace fix502 {
namespace {

struct Case {
  std::string_view text;
  std::string_view expect;  ///< empty: nothing to do
};

const Case kCases[] = {
    {.text = "127.0.0.1 localhost\n203.0.113.99 shop.example\n",
     .expect = "127.0.0.1 localhost\n# fix502: 203.0.113.99 shop.example\n"},
    {.text = "203.0.113.99\tSHOP.example www.shop.example # old\n::1 localhost\n",
     .expect =
         "# fix502: 203.0.113.99\tSHOP.example www.shop.example # old\n203.0.113.99 www.shop.example\n::1 localhost\n"},
    {.text = "203.0.113.99 shop.example", .expect = "# fix502: 203.0.113.99 shop.example"},
    {.text = "203.0.113.99 a shop.example", .expect = "# fix502: 203.0.113.99 a shop.example\n203.0.113.99 a"},
    {.text = "2001:db8::9 shop.example\r\n192.0.2.1 shop.example\n",
     .expect = "# fix502: 2001:db8::9 shop.example\r\n# fix502: 192.0.2.1 shop.example\n"},
    {.text = "# 203.0.113.99 shop.example\n203.0.113.99 www.shop.example\nshop.example\nx shop.example\n",
     .expect = ""},
    {.text = "", .expect = ""},
};

TEST(UnpinHosts, CommentsOutThePinAndNothingElse) {
  for (const auto& one : kCases) {
    const Work work = unpin_hosts("/etc/hosts", one.text, "shop.example");
    if (one.expect.empty()) {
      EXPECT_TRUE(work.steps.empty()) << one.text;
      EXPECT_FALSE(work.nothing.empty());
      continue;
    }
    ASSERT_EQ(work.steps.size(), 1U) << one.text;
    EXPECT_EQ(std::get<WriteFile>(work.steps[0].change).bytes, one.expect);
    // Done once, there is nothing left to do.
    EXPECT_TRUE(unpin_hosts("/etc/hosts", one.expect, "shop.example").steps.empty()) << one.expect;
  }
  EXPECT_EQ(unpin_hosts("/etc/hosts", kCases[0].text, "shop.example").steps[0].say,
            "comment out line 2 of /etc/hosts, which pins shop.example");
}

TEST(UnpinHosts, LeavesLocalhostAlone) {
  EXPECT_TRUE(unpin_hosts("/etc/hosts", "127.0.0.1 localhost\n", "localhost").steps.empty());
}

}  // namespace
}  // namespace fix502
