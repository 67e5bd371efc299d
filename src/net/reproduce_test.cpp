#include "net/reproduce.hpp"

#include <gtest/gtest.h>

namespace fix502 {
namespace {

HttpRequest baseline() {
  HttpRequest request;
  request.url = "https://shop.example/cart?a=1&b=2";
  request.client.user_agent = "Mozilla/5.0 (X11)";
  request.client.accept_encoding = "gzip";
  request.addresses = {"203.0.113.10", "2001:db8::1"};
  return request;
}

struct CurlCase {
  void (*vary)(HttpRequest&);
  std::string_view expect;  // a part of the command
};
const CurlCase kCurl[] = {
    {[](HttpRequest&) {},
     "curl -sv -o /dev/null --noproxy '*' --resolve 'shop.example:443:203.0.113.10,[2001:db8::1]' "
     "-A 'Mozilla/5.0 (X11)' --compressed -m 8 'https://shop.example/cart?a=1&b=2'"},
    {[](HttpRequest& r) { r.client.http = ClientProfile::Http::http1_1; }, " --http1.1 "},
    {[](HttpRequest& r) { r.client.tls = ClientProfile::Tls::only_1_2; }, " --tlsv1.2 --tls-max 1.2 "},
    {[](HttpRequest& r) { r.client.user_agent.clear(); }, " -A '' "},
    {[](HttpRequest& r) { r.connect_port = 8443; },
     " --connect-to ::shop.example:8443 --noproxy '*' --resolve 'shop.example:8443:203.0.113.10,[2001:db8::1]' "},
    {[](HttpRequest& r) { r.proxy = "http://me:secret@proxy.example:3128"; },
     " -x http://proxy.example:3128 --proxy-user USER:PASSWORD -A "},
    {[](HttpRequest& r) {
       r.proxy = "http://proxy.example:3128";
       r.proxy_addresses = {"192.0.2.1"};
     },
     " -x http://proxy.example:3128 --resolve proxy.example:3128:192.0.2.1 "},
    {[](HttpRequest& r) { r.interface = "eth0"; }, " --interface eth0 "},
    {[](HttpRequest& r) { r.headers = {{"X-It", "it's; rm -rf /"}}; }, " -H 'X-It: it'\\''s; rm -rf /' "},
    {[](HttpRequest& r) { r.headers = {{"Authorization", "Bearer secret"}}; }, " -H 'Authorization: <13 bytes>' "},
    {[](HttpRequest& r) { r.cookie = "session=secret"; }, " -b 'cookies=<14 bytes>' "},
    {[](HttpRequest& r) { r.method = "HEAD"; }, " -I "},
    {[](HttpRequest& r) {
       r.method = "POST";
       r.data = "a=b";
     },
     " --data-binary '<3 bytes>' "},
    {[](HttpRequest& r) { r.verify_certificate = false; }, " -k "},
    {[](HttpRequest& r) {
       r.url = "http://192.0.2.1/";
       r.addresses = {"192.0.2.1"};
     },
     " --noproxy '*' -A "},
};

TEST(Reproduce, WritesACurlCommand) {
  for (const auto& row : kCurl) {
    HttpRequest request = baseline();
    row.vary(request);
    const std::string command = curl_command(request);
    EXPECT_TRUE(command.contains(row.expect)) << command << "\n has no\n" << row.expect;
    EXPECT_FALSE(command.contains("secret")) << command;
  }
}

struct DigCase {
  std::string_view server;
  void (*vary)(DnsQuery&);
  std::string_view expect;
};
const DigCase kDig[] = {
    {"192.0.2.1", [](DnsQuery&) {}, "dig @192.0.2.1 -q shop.example -t A"},
    {"192.0.2.1:5353", [](DnsQuery& q) { q.type = "AAAA"; }, "dig @192.0.2.1 -p 5353 -q shop.example -t AAAA"},
    {"[2001:db8::1]:53", [](DnsQuery& q) { q.recursion_desired = false; },
     "dig @2001:db8::1 -p 53 +norecurse -q shop.example -t A"},
    {"tls://192.0.2.1#dns.example", [](DnsQuery& q) { q.checking_disabled = q.dnssec_ok = true; },
     "dig @192.0.2.1 +tls +tls-hostname=dns.example +cd +dnssec -q shop.example -t A"},
    {"https://dns.example/dns-query", [](DnsQuery& q) { q.server_addresses = {"192.0.2.7"}; },
     "dig @192.0.2.7 -p 443 +https=/dns-query -q shop.example -t A"},
};

TEST(Reproduce, WritesADigCommand) {
  for (const auto& row : kDig) {
    DnsQuery query;
    query.server = row.server;
    query.name = "shop.example";
    row.vary(query);
    EXPECT_EQ(dig_command(query), row.expect);
  }
}

}  // namespace
}  // namespace fix502
