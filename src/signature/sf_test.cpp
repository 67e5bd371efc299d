#include "signature/sf.hpp"

#include <gtest/gtest.h>

#include "signature/signature.hpp"

namespace fix502 {
namespace {

constexpr const char* kWellFormed[] = {
    "",
    "  ",
    "a",
    "a, b",
    "a ,\tb",
    "\"x\";p",
    "\"a\\\"\\\\\"",
    "1",
    "-0",
    "999999999999999",
    "1.5",
    "-123456789012.123",
    "?1, ?0",
    ":aGk=:",
    "::",
    "(a b);q=1",
    "()",
    "( a  b )",
    "a;b=1;b=2",
    "*a/b:c",
    "a;*x=?0;y.z-_=\"s\"",
    "\"Netlify Edge\"; hit",
};

constexpr const char* kMalformed[] = {
    ",",
    "a,",
    "a b",
    "a,,b",
    "\"",
    "\"a",
    "\"\\n\"",
    "\"\xC3\xA9\"",
    "1.",
    "1.1234",
    "1234567890123.1",
    "1000000000000000",
    "-",
    "--1",
    "?2",
    "?",
    ":a",
    ":%:",
    "(a",
    "(a,b)",
    "(a\"b\")",
    ")",
    "a;",
    "a;B",
    "a;b=",
    "a; =1",
    "=",
    "@1",
    "a\n",
};

TEST(StructuredField, IsWholeOrNothing) {
  for (const char* text : kWellFormed) EXPECT_TRUE(sf::parse_list(text)) << text;
  for (const char* text : kMalformed) EXPECT_FALSE(sf::parse_list(text)) << text;
  EXPECT_FALSE(sf::parse_list(std::string_view("a\0b", 3)));
}

TEST(StructuredField, KeepsTypes) {
  const auto list = sf::parse_list("tok;n=-7;d=2.5;f;b=:aa==:;s=\"x y\";n=8, (1 \"in\");q");
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 2U);
  const auto& item = list->front().items.front();
  EXPECT_EQ(item.value, sf::Value(sf::Token{"tok"}));
  EXPECT_EQ(*sf::parameter<std::int64_t>(item.parameters, "n"), 8);
  EXPECT_EQ(*sf::parameter<double>(item.parameters, "d"), 2.5);
  EXPECT_TRUE(*sf::parameter<bool>(item.parameters, "f"));
  EXPECT_EQ(sf::text_parameter(item.parameters, "s"), "x y");
  EXPECT_EQ(sf::parameter<std::int64_t>(item.parameters, "d"), nullptr);
  EXPECT_TRUE(list->back().inner);
  EXPECT_EQ(list->back().items.size(), 2U);
}

TEST(StructuredField, IsBounded) {
  EXPECT_FALSE(sf::parse_list(std::string(20'000, 'a')));
  std::string many = "a";
  for (int i = 0; i < 256; ++i) many += ",a";
  EXPECT_FALSE(sf::parse_list(many));
  EXPECT_TRUE(sf::parse_list(std::string_view(many).substr(2)));
  std::string parameters = "a";
  for (int i = 0; i <= 64; ++i) parameters += ";p" + std::to_string(i);
  EXPECT_FALSE(sf::parse_list(parameters));
}

TEST(ProxyStatus, IsRead) {
  const auto members = parse_proxy_status(
      "r34.example.net; error=http_request_error, \"ExampleCDN\"; error=\"connection_timeout\"; received-status=504; "
      "next-hop=origin.example.net; details=\"took too long\", (inner), 7");
  ASSERT_EQ(members.size(), 2U);
  EXPECT_EQ(members[0].proxy, "r34.example.net");
  EXPECT_EQ(members[0].error, "http_request_error");
  EXPECT_EQ(members[1].error, "connection_timeout");
  EXPECT_EQ(members[1].received_status, 504);
  EXPECT_EQ(members[1].next_hop, "origin.example.net");
  EXPECT_EQ(members[1].details, "took too long");
  EXPECT_FALSE(parse_proxy_status("a; received-status=999999999999999")[0].received_status);
}

TEST(CacheStatus, IsRead) {
  const auto members =
      parse_cache_status("OriginCache; hit; ttl=-1100, \"CDN Company Here\"; fwd=uri-miss; fwd-status=502; stored");
  ASSERT_EQ(members.size(), 2U);
  EXPECT_TRUE(members[0].hit);
  EXPECT_EQ(members[0].ttl, -1100);
  EXPECT_FALSE(members[1].hit);
  EXPECT_EQ(members[1].fwd, "uri-miss");
  EXPECT_EQ(members[1].fwd_status, 502);
  EXPECT_TRUE(members[1].stored);
}

}  // namespace
}  // namespace fix502
