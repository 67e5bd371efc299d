#include "net/http_client.hpp"

#include <gtest/gtest.h>

#include "net/asking.hpp"

namespace fix502 {
namespace {

using namespace std::chrono_literals;
using test::ask;
using test::ask_all;
using test::kGood;
using test::Loopback;
using test::Peer;
using test::request_to;

enum class Then { close, reset, stall };

struct AnswerCase {
  const char* situation;
  std::string bytes;
  Then then;
  Failure failure;
  Phase reached;
};

std::string many_fields() {
  std::string header = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 2000; ++i) header += "A: b\r\n";
  return header;
}

const AnswerCase kAnswers[] = {
    {"good", std::string(kGood), Then::close, Failure::none, Phase::done},
    {"closed", "", Then::close, Failure::closed_early, Phase::wait},
    {"reset", "", Then::reset, Failure::reset, Phase::wait},
    {"silent", "", Then::stall, Failure::response_timeout, Phase::wait},
    {"closed in the status line", "HTTP/1.1 200", Then::close, Failure::closed_early, Phase::wait},
    {"closed in the header", "HTTP/1.1 200 OK\r\nServer: x\r\n", Then::close, Failure::closed_early, Phase::header},
    {"silent in the header", "HTTP/1.1 200 OK\r\nServer: x\r\n", Then::stall, Failure::stalled, Phase::header},
    {"silent in the body", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi", Then::stall, Failure::stalled,
     Phase::body},
    {"truncated", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi", Then::close, Failure::truncated, Phase::body},
    {"no last chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n", Then::close,
     Failure::truncated, Phase::body},
    {"a bad chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhi", Then::close, Failure::bad_framing,
     Phase::body},
    {"no end needed", "HTTP/1.0 200 OK\r\n\r\nhello", Then::close, Failure::none, Phase::done},
    {"bad gzip", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd", Then::close,
     Failure::bad_coding, Phase::body},
    {"unknown coding", "HTTP/1.1 200 OK\r\nContent-Encoding: utf-8\r\nContent-Length: 4\r\n\r\nabcd", Then::close,
     Failure::none, Phase::done},
    {"HTTP/0.9", "<html>hello</html>", Then::close, Failure::not_http, Phase::header},
    {"another protocol", "SSH-2.0-OpenSSH_9.2\r\n", Then::stall, Failure::not_http, Phase::header},
    {"a strange version", "HTTP/9.9 200 OK\r\n\r\n", Then::close, Failure::not_http, Phase::header},
    {"a strange status", "HTTP/1.1 2000 OK\r\n\r\n", Then::close, Failure::not_http, Phase::header},
    {"no colon", "HTTP/1.1 200 OK\r\nServer\r\n\r\n", Then::close, Failure::header_invalid, Phase::header},
    {"no length", "HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n", Then::close, Failure::header_invalid,
     Phase::header},
    {"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", Then::close,
     Failure::header_invalid, Phase::header},
    {"a long line", "HTTP/1.1 200 OK\r\nX: " + std::string(120'000, 'x') + "\r\n\r\n", Then::close,
     Failure::header_too_large, Phase::header},
    {"many fields", many_fields(), Then::close, Failure::header_too_large, Phase::header},
    {"interim answers",
     "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 204 None\r\n\r\n", Then::close,
     Failure::none, Phase::done},
};

/// The client saw all that was sent: its kernel has acknowledged it.
void wait_until_read(const Peer& peer) {
  tcp_info info{};
  socklen_t size = sizeof info;
  do {
    std::this_thread::yield();
    getsockopt(peer.socket(), IPPROTO_TCP, TCP_INFO, &info, &size);
  } while (info.tcpi_unacked > 0);
}

TEST(HttpClient, SaysHowAnAnswerIsBroken) {
  const test::SelfSigned identity("DNS:shop.example");
  const auto context = identity.server();
  for (const std::string scheme : {"http", "https"}) {
    for (const auto& row : kAnswers) {
      const Loopback server([&](Peer& peer) {
        if (scheme == "https" && !peer.greet(context.get())) return;
        peer.read_head();
        if (!row.bytes.empty()) peer.send(row.bytes);
        wait_until_read(peer);
        if (row.then == Then::reset) peer.reset();
        if (row.then == Then::stall) peer.stall();
      });
      HttpRequest request = request_to(server, scheme);
      request.client.accept_encoding = "gzip, br";
      request.verify_certificate = false;
      if (row.then == Then::stall) request.timeout = 200ms;
      const HttpExchange seen = ask(std::move(request));
      EXPECT_EQ(to_word(seen.failure), to_word(row.failure)) << scheme << " " << row.situation << ": " << seen.detail;
      EXPECT_EQ(to_word(seen.reached), to_word(row.reached)) << scheme << " " << row.situation;
      EXPECT_EQ(seen.detail.empty(), row.failure == Failure::none) << row.situation;
      EXPECT_EQ(seen.address, "127.0.0.1") << row.situation;
      EXPECT_TRUE(row.failure != Failure::not_http || scheme == "https" || !seen.first_bytes.empty()) << row.situation;
    }
  }
}

TEST(HttpClient, EndsWithinItsBounds) {
  struct Case {
    const char* situation;
    std::string head, again;
    bool pause;
    Failure failure;
  };
  const Case cases[] = {
      {"endless body", "HTTP/1.1 200 OK\r\n\r\n", std::string(10'000, 'x'), false, Failure::none},
      {"endless interim answers", "", "HTTP/1.1 100 Continue\r\n\r\n", false, Failure::header_too_large},
      {"endless header", "HTTP/1.1 200 OK\r\n", "A: bcdefghijklmnop\r\n", false, Failure::header_too_large},
      {"dripping body", "HTTP/1.1 200 OK\r\n\r\n", "x", true, Failure::out_of_time},
      {"dripping header", "HTTP/1.1 200 OK\r\n", "A: b\r\n", true, Failure::out_of_time},
  };
  for (const auto& row : cases) {
    const Loopback server([&](Peer& peer) {
      peer.read_head();
      peer.send(row.head);
      pollfd gone{peer.socket(), POLLIN, 0};
      while (peer.send(row.again) && (!row.pause || poll(&gone, 1, 20) == 0)) continue;
    });
    HttpRequest request = request_to(server);
    request.max_body = 100'000;
    request.timeout = 400ms;
    const HttpExchange seen = ask(std::move(request));
    EXPECT_EQ(to_word(seen.failure), to_word(row.failure)) << row.situation << ": " << seen.detail;
    EXPECT_EQ(seen.body_cut_by_us, row.failure == Failure::none) << row.situation;
    EXPECT_LE(seen.body_bytes, 100'000U) << row.situation;
  }
}

TEST(HttpClient, SendsTheProfileAndNothingElse) {
  std::string head;
  const Loopback server([&](Peer& peer) {
    head = peer.read_head();
    peer.send(kGood);
  });
  HttpRequest request = request_to(server, "http", "/a/../b");
  request.client.user_agent = "Agent/1";
  request.client.headers = {{"Accept-Language", "en"}, {"Sec-Fetch-Mode", "navigate"}};
  request.headers = {{"accept-language", "de"}, {"X-Split", "a\r\nEvil: b"}};
  request.cookie = "a=b";
  ask(request);
  EXPECT_EQ(head, "GET /a/../b HTTP/1.1\r\nHost: shop.example:" + std::to_string(server.port()) +
                      "\r\nUser-Agent: Agent/1\r\nCookie: a=b\r\nSec-Fetch-Mode: navigate\r\naccept-language: de\r\n"
                      "X-Split: a  Evil: b\r\n\r\n");
  request.method = "POST";
  request.data = "x=y";
  request.client.http = ClientProfile::Http::http1_0;
  ask(request);
  EXPECT_TRUE(head.starts_with("POST /a/../b HTTP/1.0\r\n")) << head;
  EXPECT_TRUE(head.contains("Content-Length: 3\r\n")) << head;
  EXPECT_TRUE(head.contains("Content-Type: application/x-www-form-urlencoded\r\n")) << head;
  request.client.names_form = false;
  ask(request);
  EXPECT_FALSE(head.contains("Content-Type")) << head;
}

TEST(HttpClient, ShowsTheAnswerAsItCame) {
  const Loopback server([](Peer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nSet-Cookie: a=secretsecret\r\nContent-Length: 9\r\n\r\nraw\x1b");
  });
  std::string body, cookie;
  int shown = 0;
  HttpRequest request = request_to(server);
  request.see = [&](const std::vector<HeaderField>& fields, std::string_view bytes) {
    ++shown;
    body = bytes;
    for (const auto& field : fields)
      if (field.name == "set-cookie") cookie = field.value;
  };
  // Of a body that is cut short, what came.
  EXPECT_EQ(ask(request).failure, Failure::truncated);
  EXPECT_EQ(body, "raw\x1b");
  EXPECT_EQ(cookie, "a=secretsecret");
  EXPECT_EQ(shown, 1);
}

TEST(HttpClient, DescribesTheExchange) {
  const Loopback server([](Peer& peer) {
    peer.read_head();
    peer.send(
        "HTTP/1.1 302 Found\r\nLocation: ../x?y\r\nSet-Cookie: a=secretsecret; Path=/\r\nContent-Length: 0\r\n\r\n");
  });
  const HttpExchange seen = ask(request_to(server, "http", "/a/b/c"));
  EXPECT_EQ(seen.status, 302);
  EXPECT_EQ(seen.reason, "Found");
  EXPECT_EQ(seen.http_version, "1.1");
  EXPECT_EQ(seen.location, server.url("http", "shop.example", "/a/x?y"));
  EXPECT_EQ(*seen.header("set-cookie"), "a=<12 bytes>; Path=/");
  EXPECT_EQ(seen.family, Family::ipv4);
  EXPECT_EQ(seen.port, server.port());
  EXPECT_GT(seen.request_bytes, 40U);
  EXPECT_TRUE(seen.times.connect && seen.times.first_byte && seen.times.body && !seen.times.tls);
}

TEST(HttpClient, KeepsTheConnectionOfASession) {
  const Loopback server([](Peer& peer) {
    for (int i = 0; i < 3 && !peer.read_head().empty(); ++i) peer.send(kGood);
    if (char c = 0; peer.read_byte(c)) return;  // the fourth request: closed without a word
  });
  HttpRequest kept = request_to(server);
  kept.session = 7;
  HttpRequest elsewhere = kept;
  elsewhere.addresses = {"127.0.0.2"};
  const auto seen = ask_all({kept, kept, kept, kept, kept, elsewhere});
  const std::vector<int> expected = {1, 2, 3, 4, 1, 1};
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(seen[i].request_on_connection, expected[i]) << i;
  // The fourth is the server's failure, not something to be mended by asking again.
  EXPECT_EQ(seen[3].failure == Failure::closed_early || seen[3].failure == Failure::reset, true) << seen[3].detail;
  EXPECT_EQ(seen[4].failure, Failure::none);
  EXPECT_EQ(seen[5].failure, Failure::refused);
  EXPECT_FALSE(seen[1].times.connect);
}

TEST(HttpClient, GivesCookiesBackWithinAJar) {
  std::string cookies;
  const Loopback server([&](Peer& peer) {
    const std::string head = peer.read_head();
    cookies += head.contains("Cookie: id=42") ? 'y' : 'n';
    peer.send("HTTP/1.1 200 OK\r\nSet-Cookie: id=42\r\nContent-Length: 0\r\n\r\n");
  });
  HttpRequest plain = request_to(server);
  HttpRequest first = plain;
  first.cookie_jar = 1;
  HttpRequest second = plain;
  second.cookie_jar = 2;
  ask_all({first, first, second, second, plain});
  EXPECT_EQ(cookies, "nynyn");
}

}  // namespace
}  // namespace fix502
