#include "target/target.hpp"

#include <gtest/gtest.h>

namespace fix502 {
namespace {

struct TargetCase {
  std::string_view text;
  std::string_view url;         // the normalised address; empty where an error is expected
  std::string_view error = {};  // a part of the message
};

const TargetCase kTargets[] = {
    // What people type.
    {"shop.example", "https://shop.example/"},
    {"shop.example/cart?x=1#top", "https://shop.example/cart?x=1"},
    {"  https://Shop.Example/  ", "https://shop.example/"},
    {"HTTP://shop.example:80/a", "http://shop.example/a"},
    {"shop.example:8443", "https://shop.example:8443/"},
    {"localhost:8080/x", "https://localhost:8080/x"},
    {"https:/shop.example/x", "https://shop.example/x"},
    {"https:shop.example", "https://shop.example/"},
    {"//shop.example/x", "https://shop.example/x"},
    {"https:\\\\shop.example\\a?b\\c", "https://shop.example/a?b\\c"},
    {"https://shop.example?q=1", "https://shop.example/?q=1"},
    {"https://shop.example/a/../b/./c", "https://shop.example/b/c"},
    {"https://shop.example./", "https://shop.example/"},
    {"https://shop.example:/", "https://shop.example/"},
    // Credentials are dropped, never kept.
    {"https://user:secret@shop.example/", "https://shop.example/"},
    {"user:secret@shop.example/", "https://shop.example/"},
    // Other scripts (RFC 5890); sharp s as today's browsers have it.
    {"https://b\xc3\xbc"
     "cher.example/\xc3\xa4",
     "https://xn--bcher-kva.example/%c3%a4"},
    {"https://B\xc3\x9c"
     "CHER.example/",
     "https://xn--bcher-kva.example/"},
    {"https://fa\xc3\x9f.example/", "https://xn--fa-hia.example/"},
    {"https://\xe2\x98\x83.example/", "https://xn--n3h.example/"},
    {"https://\xff.example/", "", "no valid international name"},
    // Hosts that are written oddly.
    {"https://sh%6fp.example/", "https://shop.example/"},
    {"http://0x7f.1/", "http://127.0.0.1/"},
    {"http://2130706433:8080/", "http://127.0.0.1:8080/"},
    {"http://0177.0.0.1/", "http://127.0.0.1/"},
    {"http://192.0.2.1./", "http://192.0.2.1/"},
    {"http://256.0.0.1/", "", "not a valid IPv4 address"},
    {"http://1.2.3.4.5/", "", "not a valid IPv4 address"},
    {"https://[2001:DB8:0:0::1]:8443/", "https://[2001:db8::1]:8443/"},
    {"https://[2001:db8::zz]/", "", "not a valid IPv6 address"},
    {"https://[fe80::1%25eth0]/", "", "no zone"},
    {"https://a_b.example/", "https://a_b.example/"},
    {"https://a..example/", "", "empty part"},
    {"https://sho<p.example/", "", "no host name has"},
    // What is no web address.
    {"", "", "the address is empty"},
    {"https://", "", "no host"},
    {"/cart", "", "no host"},
    {"https://shop.example:0/", "", "the port is not a number"},
    {"https://shop.example:65536/", "", "the port is not a number"},
    {"https://shop.example:http/", "", "the port is not a number"},
    {"ftp://shop.example/", "", "\"ftp:\" is no web address; it must begin with https:// or http://"},
    {"file:///etc/passwd", "", "\"file:\" is no web address"},
    {"javascript:alert(1)", "", "\"javascript:\" is no web address"},
    {"mailto:a@shop.example", "", "\"mailto:\" is no web address"},
    {"https://shop.example/a b", "", "written %20"},
    {"shop example", "", "written %20"},
    {"https://shop.example/\n", "https://shop.example/"},
    {"https://shop.example/\x1b[2J", "", "control character"},
    {std::string_view("https://shop.example\0.evil.example/", 35), "", "control character"},
};

TEST(ParseTarget, TakesWhatAPersonTypes) {
  for (const auto& row : kTargets) {
    const auto target = parse_target(row.text);
    if (row.error.empty()) {
      ASSERT_TRUE(target) << row.text << ": " << target.error().message();
      EXPECT_EQ(target->url, row.url) << row.text;
    } else {
      ASSERT_FALSE(target) << row.text << " became " << target->url;
      EXPECT_NE(target.error().message().find(row.error), std::string::npos)
          << row.text << ": " << target.error().message();
    }
  }
}

TEST(ParseTarget, FillsEachPart) {
  const auto target = parse_target("https://user@[2001:db8::1]/cart?a=b#c");
  ASSERT_TRUE(target);
  const Target expect{.url = "https://[2001:db8::1]/cart?a=b",
                      .scheme = "https",
                      .host = "2001:db8::1",
                      .port = 443,
                      .path = "/cart?a=b",
                      .host_is_address = true};
  EXPECT_EQ(*target, expect);
  EXPECT_EQ(target->with_path("/x#y").url, "https://[2001:db8::1]/x");
}

TEST(ParseTarget, IsBounded) {
  const auto long_one = parse_target("https://shop.example/" + std::string(100'000, 'a'));
  ASSERT_FALSE(long_one);
  EXPECT_EQ(long_one.error().message(), "the address is 100021 bytes long; more than 65536 is no web address");
  EXPECT_TRUE(parse_target("https://shop.example/" + std::string(65536 - 21, 'a')));
  EXPECT_TRUE(parse_target("https://" + std::string(63, 'a') + ".example/"));
  EXPECT_FALSE(parse_target("https://" + std::string(64, 'a') + ".example/"));
  std::string name = "example";
  while (name.size() <= 253) name = "abcdefgh." + name;
  EXPECT_FALSE(parse_target("https://" + name + "/"));
}

TEST(ParseTarget, ShowsNoPassword) {
  const auto target = parse_target("https://user:secret@sh<op.example/");
  ASSERT_FALSE(target);
  EXPECT_EQ(target.error().message().find("secret"), std::string::npos) << target.error().message();
}

const TargetCase kReferences[] = {
    {"/x", "https://base.example:8443/x"},
    {"x", "https://base.example:8443/p/a/x"},
    {"../x", "https://base.example:8443/p/x"},
    {"?q", "https://base.example:8443/p/a/b?q"},
    {"", "https://base.example:8443/p/a/b?q=1"},
    {"#top", "https://base.example:8443/p/a/b?q=1"},
    {"//other.example/x", "https://other.example/x"},
    {"/\\other.example/x", "https://other.example/x"},
    {"http://Other.example", "http://other.example/"},
    {"HTTPS://other.example/#x", "https://other.example/"},
    {"https://user:secret@other.example/", "https://other.example/"},
    {"/a b", "https://base.example:8443/a%20b"},
    {"/\xff", "https://base.example:8443/%ff"},
    {"./a:b", "https://base.example:8443/p/a/a:b"},
    {"/a?u=http://x/", "https://base.example:8443/a?u=http://x/"},
    {"https:///x", "https://x/"},
    {"javascript:alert(1)", "", "is no web address"},
    {"ftp://other.example/", "", "is no web address"},
    {"a:b", "", "is no web address"},
    {"https://", "", "no host"},
    {"http://other.example:0/", "", "port"},
    {"http://a\x01"
     "b/",
     "", "control character"},
};

TEST(ResolveReference, ReadsALocationAsABrowserDoes) {
  const auto base = parse_target("https://base.example:8443/p/a/b?q=1");
  ASSERT_TRUE(base);
  for (const auto& row : kReferences) {
    const auto target = resolve_reference(*base, row.text);
    if (row.error.empty()) {
      ASSERT_TRUE(target) << row.text << ": " << target.error().message();
      EXPECT_EQ(target->url, row.url) << row.text;
    } else {
      ASSERT_FALSE(target) << row.text << " became " << target->url;
      EXPECT_NE(target.error().message().find(row.error), std::string::npos)
          << row.text << ": " << target.error().message();
    }
  }
}

struct EndpointCase {
  std::string_view text;
  Endpoint expect;
  std::string_view error = {};
};

const EndpointCase kEndpoints[] = {
    {"203.0.113.7", {"203.0.113.7", 0}},
    {"203.0.113.7:8080", {"203.0.113.7", 8080}},
    {"Origin.Example:443", {"origin.example", 443}},
    {"[2001:db8::1]:80", {"2001:db8::1", 80}},
    {"[2001:db8::1]", {"2001:db8::1", 0}},
    {"2001:DB8::1", {"2001:db8::1", 0}},
    {"", {}, "HOST"},
    {"host:", {}, "the port is not a number"},
    {"host:0", {}, "the port is not a number"},
    {"host:80x", {}, "the port is not a number"},
    {"host:65536", {}, "the port is not a number"},
    {":80", {}, "no host"},
    {"[2001:db8::1", {}, "bracket"},
    {"[2001:db8::1]80", {}, "bracket"},
    {"https://host", {}, "no scheme"},
    {"ho st", {}, "no host name has"},
};

TEST(ParseEndpoint, TakesHostAndPort) {
  for (const auto& row : kEndpoints) {
    const auto endpoint = parse_endpoint(row.text);
    if (row.error.empty()) {
      ASSERT_TRUE(endpoint) << row.text << ": " << endpoint.error().message();
      EXPECT_EQ(*endpoint, row.expect) << row.text;
    } else {
      ASSERT_FALSE(endpoint) << row.text;
      EXPECT_NE(endpoint.error().message().find(row.error), std::string::npos)
          << row.text << ": " << endpoint.error().message();
    }
  }
  EXPECT_EQ(to_text({"2001:db8::1", 80}), "[2001:db8::1]:80");
  EXPECT_EQ(to_text({"203.0.113.1", 80}), "203.0.113.1:80");
  EXPECT_EQ(to_text({"2001:db8::1", 0}), "2001:db8::1");
}

TEST(Addresses, AreToldFromNames) {
  EXPECT_TRUE(is_ipv4("192.0.2.1"));
  EXPECT_FALSE(is_ipv4("192.0.2"));
  EXPECT_FALSE(is_ipv4("192.0.2.1 "));
  EXPECT_FALSE(is_ipv4(std::string_view("192.0.2.1\0", 10)));
  EXPECT_TRUE(is_ipv6("::ffff:192.0.2.1"));
  EXPECT_FALSE(is_ipv6("192.0.2.1"));
  EXPECT_FALSE(is_ipv6("[::1]"));
}

}  // namespace
}  // namespace fix502
