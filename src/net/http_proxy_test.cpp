// Through an HTTP proxy: CONNECT for https, the absolute form for http.

#include <gtest/gtest.h>

#include "net/asking.hpp"

namespace fix502 {
namespace {

using namespace std::chrono_literals;
using test::ask;
using test::kGood;
using test::Loopback;
using test::Peer;
using test::request_to;

HttpRequest through(const Loopback& proxy, std::string_view scheme) {
  HttpRequest request = request_to(proxy, scheme);
  request.url = std::string(scheme) + "://shop.example/x";
  request.addresses.clear();
  request.proxy = "http://user:pa%40ss@proxy.example:" + std::to_string(proxy.port());
  request.proxy_addresses = {"127.0.0.1"};
  request.headers = {{"Authorization", "Bearer 0123456789"}};
  return request;
}

struct TunnelCase {
  const char* situation;
  std::string bytes;
  bool stall;
  Failure failure;
  std::optional<int> tunnel_status;
};
const TunnelCase kTunnels[] = {
    {"forbidden", "HTTP/1.1 403 Forbidden\r\nX-Squid-Error: ERR_ACCESS_DENIED 0\r\nContent-Length: 2\r\n\r\nno", false,
     Failure::proxy_refused_tunnel, 403},
    {"bad gateway", "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", false, Failure::proxy_refused_tunnel, 502},
    {"credentials wanted", "HTTP/1.1 407 Auth\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n", false,
     Failure::proxy_refused_tunnel, 407},
    {"closed", "", false, Failure::proxy_refused_tunnel, {}},
    {"silent", "", true, Failure::response_timeout, {}},
    {"not HTTP", "garbage\r\n", true, Failure::proxy_refused_tunnel, {}},
};

TEST(HttpProxy, SaysHowATunnelFails) {
  for (const auto& row : kTunnels) {
    std::string head;
    HttpExchange seen;
    std::string name;
    {
      // Its thread is at an end before `head` is read.
      const Loopback proxy([&](Peer& peer) {
        head = peer.read_head();
        peer.send(row.bytes);
        if (row.stall) peer.stall();
      });
      HttpRequest request = through(proxy, "https");
      if (row.stall) request.timeout = 200ms;
      seen = ask(std::move(request));
      name = "http://proxy.example:" + std::to_string(proxy.port());
    }
    EXPECT_EQ(to_word(seen.failure), to_word(row.failure)) << row.situation << ": " << seen.detail;
    EXPECT_EQ(seen.reached, Phase::proxy) << row.situation;
    EXPECT_EQ(seen.tunnel_status, row.tunnel_status) << row.situation;
    EXPECT_FALSE(seen.status) << row.situation;
    EXPECT_TRUE(head.starts_with("CONNECT shop.example:443 HTTP/1.1\r\n")) << head;
    EXPECT_FALSE(head.contains("0123456789")) << head;
    EXPECT_EQ(seen.proxy, name);
    EXPECT_EQ(seen.has_header("x-squid-error"), row.tunnel_status == 403) << row.situation;
  }
}

TEST(HttpProxy, AsksForPlainPages) {
  std::string head;
  const Loopback proxy([&](Peer& peer) {
    head = peer.read_head();
    peer.send(kGood);
  });
  const HttpExchange seen = ask(through(proxy, "http"));
  EXPECT_EQ(seen.status, 200) << seen.detail;
  EXPECT_EQ(seen.address, "127.0.0.1");
  EXPECT_TRUE(head.starts_with("GET http://shop.example/x HTTP/1.1\r\n")) << head;
  EXPECT_TRUE(head.contains("Proxy-Authorization: Basic dXNlcjpwYUBzcw==\r\n")) << head;
}

TEST(HttpProxy, TunnelsToTheSite) {
  const test::SelfSigned identity("DNS:shop.example");
  const auto context = identity.server();
  const Loopback proxy([&](Peer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 200 Connection established\r\nX-Proxy: p\r\n\r\n");
    if (!peer.greet(context.get())) return;
    peer.read_head();
    peer.send("HTTP/1.1 502 Bad Gateway\r\nServer: site\r\nContent-Length: 0\r\n\r\n");
  });
  HttpRequest request = through(proxy, "https");
  request.verify_certificate = false;
  const HttpExchange seen = ask(request);
  EXPECT_EQ(seen.status, 502) << seen.detail;
  EXPECT_EQ(seen.tunnel_status, 200);
  EXPECT_EQ(*seen.header("server"), "site");
  EXPECT_EQ(seen.header("x-proxy"), nullptr);
  EXPECT_EQ(seen.chain.size(), 1U);
}

TEST(HttpProxy, NeverResolvesNorGoesRound) {
  setenv("http_proxy", "http://127.0.0.1:1", 1);
  const Loopback server([](Peer& peer) {
    peer.read_head();
    peer.send(kGood);
  });
  EXPECT_EQ(ask(request_to(server)).failure, Failure::none);  // the environment is somebody else's business
  unsetenv("http_proxy");
  HttpRequest request = through(server, "http");
  request.proxy_addresses.clear();
  EXPECT_EQ(to_word(ask(request).failure), "proxy_unresolved");
  request.proxy = "http://127.0.0.2:" + std::to_string(server.port());
  EXPECT_EQ(to_word(ask(request).failure), "proxy_unreachable");
  request.proxy = "socks5://127.0.0.1:1080";
  EXPECT_EQ(to_word(ask(request).failure), "other");
}

}  // namespace
}  // namespace fix502
