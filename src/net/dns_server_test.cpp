#include "net/dns_server.hpp"

#include <gtest/gtest.h>

namespace fix502 {
namespace {

struct ServerCase {
  std::string_view text;
  std::string_view shown;
  Transport transport = Transport::udp;
  std::string_view error = {};
};

const ServerCase kServers[] = {
    {"192.0.2.1", "192.0.2.1:53"},
    {"192.0.2.1:5353", "192.0.2.1:5353"},
    {"2001:db8::1", "[2001:db8::1]:53"},
    {"[2001:DB8::1]:5353", "[2001:db8::1]:5353"},
    {"[2001:db8::1]", "[2001:db8::1]:53"},
    {"fe80::1%lo", "[fe80::1%lo]:53"},
    {"tcp://192.0.2.1", "192.0.2.1:53", Transport::tcp},
    {"tls://192.0.2.1", "tls://192.0.2.1", Transport::tls},
    {"TLS://192.0.2.1#Dns.Example", "tls://192.0.2.1#dns.example", Transport::tls},
    {"tls://[2001:db8::1]:8853#dns.example", "tls://[2001:db8::1]:8853#dns.example", Transport::tls},
    {"https://dns.example/dns-query", "https://dns.example/dns-query", Transport::https},
    {"https://192.0.2.1/dns-query", "https://192.0.2.1/dns-query", Transport::https},
    {"https://user:secret@dns.example/dns-query", "https://dns.example/dns-query", Transport::https},
    {"", "", Transport::udp, "not a name server"},
    {"dns.example", "", Transport::udp, "not a name server"},
    {"tls://dns.example", "", Transport::udp, "not a name server"},
    {"http://dns.example/", "", Transport::udp, "not a name server"},
    {"192.0.2.1:0", "", Transport::udp, "the port"},
    {"192.0.2.1:dns", "", Transport::udp, "the port"},
    {"[2001:db8::1", "", Transport::udp, "not a name server"},
    {"[", "", Transport::udp, "not a name server"},
    {"https://", "", Transport::udp, "no host"},
};

TEST(ParseDnsServer, TakesWhatOptionsAndFilesSay) {
  for (const auto& row : kServers) {
    const auto server = parse_dns_server(row.text);
    if (!row.error.empty()) {
      ASSERT_FALSE(server) << row.text << " became " << server->text();
      EXPECT_NE(server.error().message().find(row.error), std::string::npos)
          << row.text << ": " << server.error().message();
      continue;
    }
    ASSERT_TRUE(server) << row.text << ": " << server.error().message();
    EXPECT_EQ(server->text(), row.shown) << row.text;
    EXPECT_EQ(server->transport, row.transport) << row.text;
  }
}

}  // namespace
}  // namespace fix502
