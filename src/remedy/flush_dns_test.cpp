#include "remedy/flush_dns.hpp"

#include <gtest/gtest.h>

namespace fix502 {
namespace {

using Words = std::vector<std::string>;

ResolverCache cache(int position, std::string program, std::string address, Words flush) {
  ResolverCache one;
  one.position = position;
  one.program = std::move(program);
  one.where = "127.0.0.1:53";
  one.ours = !one.program.empty();
  one.looked = one.ours;
  one.name = "shop.example";
  one.cached = Cached::yes;
  one.addresses = {std::move(address)};
  one.needs_root = true;
  if (!flush.empty()) one.flush = {std::move(flush)};
  return one;
}

/// The zone says 203.0.113.10.
Evidence evidence_of(std::vector<ResolverCache> caches) {
  Evidence evidence;
  evidence.target.host = "shop.example";
  DnsExchange zone;
  zone.role = DnsRole::authoritative;
  zone.server = "198.51.100.53:53";
  zone.name = "shop.example";
  zone.rcode = "NOERROR";
  zone.authoritative = true;
  zone.answer = {{"shop.example", "A", 300, "203.0.113.10"}};
  evidence.observations.emplace_back().data = std::move(zone);
  for (auto& one : caches) evidence.observations.emplace_back().data = std::move(one);
  return evidence;
}

TEST(FlushDns, TheFarthestFirst) {
  const auto work =
      flush_dns(evidence_of({cache(1, "nscd", "203.0.113.99", {"nscd", "-i", "hosts"}),
                             cache(2, "unbound", "203.0.113.99", {"unbound-control", "flush", "shop.example"})}));
  EXPECT_EQ(work.nothing, "");
  ASSERT_EQ(work.steps.size(), 2U);
  const auto& first = std::get<RunCommand>(work.steps[0].change);
  EXPECT_EQ(first.words, (Words{"unbound-control", "flush", "shop.example"}));
  EXPECT_TRUE(first.as_root);
  EXPECT_EQ(work.steps[0].say, "have unbound forget shop.example");
  EXPECT_EQ(std::get<RunCommand>(work.steps[1].change).words.front(), "nscd");
}

TEST(FlushDns, OnlyWhatHoldsTheWrongAnswer) {
  const auto work =
      flush_dns(evidence_of({cache(1, "nscd", "203.0.113.99", {"nscd", "-i", "hosts"}),
                             cache(2, "unbound", "203.0.113.10", {"unbound-control", "flush", "shop.example"})}));
  ASSERT_EQ(work.steps.size(), 1U);
  EXPECT_EQ(std::get<RunCommand>(work.steps[0].change).words.front(), "nscd");
}

TEST(FlushDns, NothingWhereItWouldNotHelp) {
  const auto behind =
      flush_dns(evidence_of({cache(1, "unbound", "203.0.113.99", {"unbound-control", "flush", "shop.example"}),
                             cache(2, "", "203.0.113.99", {})}));
  EXPECT_TRUE(behind.steps.empty());
  EXPECT_NE(behind.nothing.find("a resolver that is not yours"), std::string::npos) << behind.nothing;
  const auto fresh =
      flush_dns(evidence_of({cache(1, "unbound", "203.0.113.10", {"unbound-control", "flush", "shop.example"})}));
  EXPECT_TRUE(fresh.steps.empty());
  EXPECT_NE(fresh.nothing, "");
  const auto unseen = flush_dns(evidence_of({}));
  EXPECT_TRUE(unseen.steps.empty());
  EXPECT_NE(unseen.nothing, "");
}

}  // namespace
}  // namespace fix502
