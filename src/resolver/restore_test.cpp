#include "resolver/restore.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace fix502 {
namespace {

// As unbound 1.17.1 wrote it.
constexpr std::string_view kDump =
    "START_RRSET_CACHE\n"
    ";rrset 298 1 0 8 0\n"
    "shop.example.\t298\tIN\tA\t203.0.113.99\n"
    ";rrset 86398 2 0 2 0\n"
    "example.\t86398\tIN\tNS\tns1.example.\n"
    "example.\t86398\tIN\tNS\tns2.example.\n"
    ";rrset 40 1 0 8 0\n"
    "www.shop.example.\t40\tIN\tCNAME\tshop.example.\n"
    "END_RRSET_CACHE\n"
    "START_MSG_CACHE\n"
    "msg shop.example. IN A 33152 1 298 0 1 0 0 -1\n"
    "shop.example. IN A 0\n"
    "END_MSG_CACHE\n"
    "EOF\n";

std::string kept(std::string_view name) {
  RecordKeeper keeper(name);
  for (const auto line : split(kDump, '\n')) keeper.take(line);
  return keeper.text();
}

TEST(RecordKeeper, KeepsWhatIsAboutTheName) {
  EXPECT_EQ(kept("shop.example"),
            "START_RRSET_CACHE\n;rrset 298 1 0 8 0\nshop.example.\t298\tIN\tA\t203.0.113.99\n"
            "END_RRSET_CACHE\nSTART_MSG_CACHE\nEND_MSG_CACHE\nEOF\n");
  EXPECT_NE(kept("WWW.shop.example").find(";rrset 40 1 0 8 0\nwww.shop"), std::string::npos);
  EXPECT_NE(kept("example").find("ns1.example.\nexample."), std::string::npos);
  EXPECT_EQ(kept("other.example"), "");
}

TEST(RestoreOf, OnlyUnboundGivesBack) {
  const Moment soon = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  EXPECT_TRUE(restore_of({"nscd", "-i", "hosts"}, soon).words.empty());
  EXPECT_TRUE(
      restore_of({"unbound-control", "-c", "/nowhere/unbound.conf", "flush", "shop.example"}, soon).words.empty());
  EXPECT_TRUE(restore_of({}, soon).words.empty());
}

}  // namespace
}  // namespace fix502
