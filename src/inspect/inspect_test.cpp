// The pure parts of inspect: what a check says, what a cache's file keeps, which paths a configuration names. The rest
// has its tests in the gateway lab.

#include <gtest/gtest.h>

#include "inspect/candidates.hpp"
#include "inspect/gateways.hpp"
#include "inspect/log_signs.hpp"
#include "inspect/stored_error.hpp"

namespace fix502 {
namespace {

struct CheckCase {
  std::string_view output, said, file;
  int line;
};

constexpr CheckCase kChecks[] = {
    {"nginx: [emerg] unknown directive \"prox_pass\" in /etc/nginx/sites-enabled/shop:6\nnginx: configuration file "
     "/etc/nginx/nginx.conf test failed\n",
     "unknown directive", "/etc/nginx/sites-enabled/shop", 6},
    {"[NOTICE]   (7) : haproxy version is 2.6.12\n[ALERT]    (7) : config : parsing [/etc/haproxy/haproxy.cfg:12] : "
     "unknown keyword 'use_backnd' in 'frontend' section\n",
     "unknown keyword", "/etc/haproxy/haproxy.cfg", 12},
    {"AH00526: Syntax error on line 9 of /etc/apache2/sites-enabled/shop.conf:\nProxyPass unknown Worker parameter\n",
     "unknown Worker parameter", "/etc/apache2/sites-enabled/shop.conf", 9},
    {"Error: adapting config using caddyfile: /etc/caddy/Caddyfile:4: unrecognized directive: reverse_prox\n",
     "unrecognized directive", "/etc/caddy/Caddyfile", 4},
    {"Segmentation fault\n", "Segmentation fault", "", 0},
};

TEST(Check, SaysWhatIsWrongAndWhere) {
  for (const auto& row : kChecks) {
    const Checked checked = read_check(row.output);
    EXPECT_TRUE(checked.ran && !checked.good) << row.output;
    EXPECT_TRUE(checked.said.contains(row.said)) << checked.said;
    EXPECT_EQ(checked.file, row.file);
    EXPECT_EQ(checked.line, row.line);
  }
}

TEST(StoredError, IsOneForThisPage) {
  const std::string file =
      std::string("\x05\0\0\0", 4) + "\nKEY: http://shop.example/cart?a=1\nHTTP/1.1 502 Bad Gateway\r\n";
  Incoming incoming;
  incoming.target = "/cart?a=1";
  const auto stored = read_stored_error(file, incoming);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->status, 502);
  EXPECT_EQ(stored->key, "http://shop.example/cart?a=1");
  incoming.target = "/other";
  EXPECT_FALSE(read_stored_error(file, incoming));
  incoming.target = "/cart?a=1";
  EXPECT_FALSE(read_stored_error("\nKEY: /cart?a=1\nHTTP/1.1 200 OK\r\n", incoming));
  EXPECT_FALSE(read_stored_error("\nKEY: /cart?a=1", incoming));
}

TEST(Candidates, FindsThePathsThatFilesName) {
  const FileTexts files = {
      {"a", "root /srv/shop/;\ninclude \"/etc/x.conf\";\nlocation ~ ^/x { } url http://h/p;\n/srv/shop"}};
  EXPECT_EQ(paths_in(files, 10), (std::vector<std::string>{"/srv/shop", "/etc/x.conf"}));
  EXPECT_EQ(paths_in(files, 1).size(), 1U);
}

TEST(LogFormat, OffersOneThatTellsWhoMadeAnError) {
  const GatewayKind& nginx = *find_gateway_kind("nginx");
  LogPlace access;
  access.kind = LogPlace::Kind::access;
  access.path = "/var/log/nginx/access.log";
  EXPECT_TRUE(better_format(nginx, {access}).contains("$upstream_status"));
  EXPECT_EQ(better_format(*find_gateway_kind("caddy"), {access}), "");
  access.format = "$remote_addr $status $upstream_status";
  EXPECT_EQ(better_format(nginx, {access}), "");
  access.path.clear();  // syslog
  access.format.clear();
  EXPECT_EQ(better_format(nginx, {access}), "");
}

}  // namespace
}  // namespace fix502
