#include "observation/dns_exchange.hpp"

#include <gtest/gtest.h>

namespace fix502 {
namespace {

using Texts = std::vector<std::string>;

struct ChainCase {
  const char* what;
  std::vector<DnsRecord> answer;
  Texts chain, addresses;
};

const ChainCase kChains[] = {
    {"nothing", {}, {"a.example"}, {}},
    {"two addresses, one twice",
     {{"a.example", "A", 60, "192.0.2.1"}, {"a.example", "A", 60, "192.0.2.2"}, {"a.example", "A", 60, "192.0.2.1"}},
     {"a.example"},
     {"192.0.2.1", "192.0.2.2"}},
    {"a chain in any order",
     {{"c.example", "AAAA", 60, "2001:db8::1"},
      {"b.example", "CNAME", 60, "c.example"},
      {"a.example", "CNAME", 60, "b.example"}},
     {"a.example", "b.example", "c.example"},
     {"2001:db8::1"}},
    {"an address that nobody asked for", {{"evil.example", "A", 60, "192.0.2.66"}}, {"a.example"}, {}},
    {"an address beside the alias",
     {{"a.example", "CNAME", 60, "b.example"}, {"a.example", "A", 60, "192.0.2.1"}},
     {"a.example", "b.example"},
     {}},
    {"a loop",
     {{"a.example", "CNAME", 60, "b.example"}, {"b.example", "CNAME", 60, "a.example"}},
     {"a.example", "b.example"},
     {}},
    {"an alias of itself", {{"a.example", "CNAME", 60, "a.example"}}, {"a.example"}, {}},
};

TEST(DnsExchange, FollowsItsOwnChain) {
  for (const auto& row : kChains) {
    DnsExchange exchange;
    exchange.name = "a.example";
    exchange.answer = row.answer;
    EXPECT_EQ(exchange.chain(), row.chain) << row.what;
    EXPECT_EQ(exchange.addresses(), row.addresses) << row.what;
  }
}

TEST(DnsExchange, GivesUpOnAChainWithoutEnd) {
  DnsExchange exchange;
  exchange.name = "0.example";
  for (int i = 0; i < 1000; ++i)
    exchange.answer.push_back({std::to_string(i) + ".example", "CNAME", 60, std::to_string(i + 1) + ".example"});
  EXPECT_EQ(exchange.chain().size(), 17U);
}

}  // namespace
}  // namespace fix502
