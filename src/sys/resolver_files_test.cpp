#include "sys/resolver_files.hpp"

#include <gtest/gtest.h>

namespace fix502 {
namespace {

using Texts = std::vector<std::string>;

struct ResolvCase {
  const char* what;
  std::string_view text;
  Texts nameservers, search;
};

const ResolvCase kResolv[] = {
    {"no file", "", {}, {}},
    {"the usual",
     "# by hand\nnameserver 192.0.2.1\nnameserver\t2001:db8::1\nsearch Lan Home.Example\noptions ndots:2\n",
     {"192.0.2.1:53", "[2001:db8::1]:53"},
     {"lan", "home.example"}},
    {"three at most",
     "nameserver 192.0.2.1\nnameserver 192.0.2.2\nnameserver 192.0.2.3\nnameserver 192.0.2.4\n",
     {"192.0.2.1:53", "192.0.2.2:53", "192.0.2.3:53"},
     {}},
    {"a link-local server", "nameserver fe80::1%eth0\n", {"[fe80::1%eth0]:53"}, {}},
    {"words after the address, Windows line ends", "nameserver 192.0.2.1 # home\r\n", {"192.0.2.1:53"}, {}},
    {"what glibc passes over",
     " nameserver 192.0.2.1\n;nameserver 192.0.2.2\nnameserver\nnameserver dns.example\nnameserverx 192.0.2.3\n",
     {},
     {}},
    {"the last of domain and search holds",
     "domain a.example\nsearch b.example c.example\ndomain d.example e.example\n",
     {},
     {"d.example"}},
    {"no last line end", "nameserver 127.1", {"127.0.0.1:53"}, {}},
};

TEST(ParseResolvConf, FollowsGlibc) {
  for (const auto& row : kResolv) {
    const auto conf = parse_resolv_conf(row.text);
    EXPECT_EQ(conf.nameservers, row.nameservers) << row.what;
    EXPECT_EQ(conf.search, row.search) << row.what;
  }
}

const std::pair<std::string_view, Texts> kNsswitch[] = {
    {"", {"dns", "files"}},
    {"passwd: files\nhosts:\tfiles dns # names\n", {"files", "dns"}},
    {"hosts: files resolve [!UNAVAIL=return] mdns4_minimal [NOTFOUND=return SUCCESS=continue] dns\n",
     {"files", "resolve", "mdns4_minimal", "dns"}},
    {"hosts: files[NOTFOUND=return]dns\n", {"files"}},
    {"hosts: files [!UNAVAIL=return] dns\n", {"files"}},
    {"hosts: files [SUCCESS=return] dns\n", {"files", "dns"}},
    {"hosts: files [!NOTFOUND=return] dns\n", {"files", "dns"}},
    {"# hosts: dns\n  hosts: files\n", {"files"}},
    {"hosts:\n", {}},
    {"hosts: files [never closed dns\n", {"files"}},
};

TEST(ParseNsswitch, NamesTheSourcesInOrder) {
  for (const auto& [text, expect] : kNsswitch) EXPECT_EQ(parse_nsswitch(text), expect) << text;
}

struct HostsCase {
  std::string_view text;
  Texts addresses;
  int line;
};

const HostsCase kHosts[] = {
    {"", {}, 0},
    {"127.0.0.1 localhost\n192.0.2.1 Shop.Example www\n", {"192.0.2.1"}, 2},
    {"  192.0.2.1\twww shop.example\r\n2001:DB8:0::1 shop.example\n192.0.2.1 shop.example\n",
     {"192.0.2.1", "2001:db8::1"},
     1},
    {"#192.0.2.1 shop.example\n192.0.2.2 www # shop.example\n", {}, 0},
    {"192.0.2 shop.example\nnonsense shop.example\n192.0.2.3 shop.example", {"192.0.2.3"}, 3},
    {"192.0.2.1 shop.example.\n192.0.2.1 myshop.example\nshop.example 192.0.2.1\n", {}, 0},
};

TEST(ParseHosts, FindsEveryLineOfTheName) {
  for (const auto& row : kHosts) {
    const auto entry = parse_hosts(row.text, "shop.example");
    EXPECT_EQ(entry.addresses, row.addresses) << row.text;
    EXPECT_EQ(entry.line, row.line) << row.text;
  }
}

}  // namespace
}  // namespace fix502
