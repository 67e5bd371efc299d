#include "resolver/named_conf.hpp"

#include <gtest/gtest.h>

namespace fix502 {
namespace {

NamedConf read(std::string_view text) {
  return read_named_conf(text, [](const std::string& path) {
    return path == "options.conf" ? "options { forwarders { 192.0.2.1; }; };"
           : path == "loop.conf"  ? "include \"loop.conf\";"
                                  : "";
  });
}

TEST(NamedConf, FindsForwardersAndControls) {
  const auto conf = read(R"(
// a comment { } ;
# another
/* forwarders { 198.51.100.1; }; */
key "rndc-key" { algorithm hmac-sha256; secret "c2VjcmV0"; };
options {
  directory "/var/cache/bind";
  forwarders port 53 { 192.0.2.7 port 5353; 2001:db8::1; };
  listen-on { 127.0.0.1; };
};
controls { inet 127.0.0.1 port 1953 allow { any; } keys { "rndc-key"; }; };
zone "shop.example" { type forward; forwarders { 198.51.100.9; }; };
)");
  EXPECT_EQ(conf.forwarders, (std::vector<std::string>{"192.0.2.7#5353", "2001:db8::1"}));
  EXPECT_EQ(conf.control_address, "127.0.0.1");
  EXPECT_EQ(conf.control_port, "1953");
}

TEST(NamedConf, FollowsIncludes) {
  EXPECT_EQ(read("include \"options.conf\"; controls { inet * allow { any; }; };").forwarders,
            std::vector<std::string>{"192.0.2.1"});
  EXPECT_TRUE(read("include \"loop.conf\";").forwarders.empty());
}

TEST(NamedConf, TakesAnything) {
  const std::string_view text = "options { forwarders { 192.0.2.1; }; }; controls { inet :: port 953; }; include \"";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) (void)read(text.substr(0, cut));
  for (const std::string_view odd : {"}}}}", "{{{{", "\"", "/*", "options", ";", "inet", "include", "\"\"", "//"})
    EXPECT_TRUE(read(odd).forwarders.empty()) << odd;
}

}  // namespace
}  // namespace fix502
