#include "upstream/contrasts.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "upstream/reproduce.hpp"
#include "upstream/translate.hpp"

namespace fix502 {
namespace {

using namespace std::chrono_literals;

/// "tls=on sni=shop.example": what is varied, in order.
std::string words_of(const std::vector<ReplayRequest>& made) {
  std::string text;
  for (const auto& one : made)
    for (const auto& [key, value] : one.varied) text += (text.empty() ? "" : " ") + key + "=" + value;
  return text;
}

struct ContrastCase {
  const char* situation;
  std::function<void(ReplayRequest&, Replay&, Contrasting&)> make;
  const char* expect;
};

void tls_failure(ReplayRequest& own, Replay& seen, Failure failure, int alert = -1) {
  own.tls.on = true;
  seen.failure = failure;
  seen.reached = Phase::tls;
  seen.alert = alert;
}
void failing(Replay& seen, Failure failure, Phase reached) {
  seen.failure = failure;
  seen.reached = reached;
}

const ContrastCase kContrastCases[] = {
    {"good", [](auto&, auto& seen, auto&) { seen.status = 200; }, ""},
    {"a 502 of its own", [](auto&, auto& seen, auto&) { seen.status = 502; }, ""},
    {"refused on loopback", [](auto&, auto& seen, auto&) { failing(seen, Failure::refused, Phase::connect); },
     "family=ipv6"},
    {"refused elsewhere",
     [](auto& own, auto& seen, auto&) {
       own.server.host = "192.0.2.1";
       failing(seen, Failure::refused, Phase::connect);
     },
     ""},
    {"refused, and somebody listens",
     [](auto& own, auto& seen, auto& with) {
       own.server.host = "::1";
       with.endpoints = {"127.0.0.1:8001", "unix:/run/a.sock"};
       failing(seen, Failure::refused, Phase::connect);
     },
     "family=ipv4 address=127.0.0.1:8001 address=unix:/run/a.sock"},
    {"both loopback addresses of localhost were tried",
     [](auto& own, auto& seen, auto&) {
       own.server.host = "localhost";
       own.address = "::1";
       own.addresses = {"::1", "127.0.0.1"};
       failing(seen, Failure::refused, Phase::connect);
     },
     ""},
    {"no name", [](auto&, auto& seen, auto&) { failing(seen, Failure::name_not_resolved, Phase::resolve); }, ""},
    {"closed", [](auto&, auto& seen, auto&) { failing(seen, Failure::closed_early, Phase::wait); },
     "tls=on protocol=uwsgi protocol=fastcgi protocol=h2 protocol=scgi http=1.1"},
    {"a TLS alert for plain HTTP",
     [](auto&, auto& seen, auto&) {
       failing(seen, Failure::not_http, Phase::header);
       seen.looks_like = "TLS";
     },
     "tls=on"},
    {"plain HTTP at a TLS port", [](auto&, auto& seen, auto&) { seen.status = 400; }, "tls=on"},
    {"HTTP/2 for HTTP/1",
     [](auto&, auto& seen, auto&) {
       failing(seen, Failure::not_http, Phase::header);
       seen.looks_like = "HTTP/2";
     },
     "protocol=h2"},
    {"SSH",
     [](auto&, auto& seen, auto&) {
       failing(seen, Failure::not_http, Phase::header);
       seen.looks_like = "SSH";
     },
     ""},
    {"HTTP for FastCGI",
     [](auto& own, auto& seen, auto&) {
       own.request.protocol = Protocol::fastcgi;
       failing(seen, Failure::not_http, Phase::header);
       seen.looks_like = "HTTP";
     },
     "protocol=http/1.1"},
    {"silence for FastCGI",
     [](auto& own, auto& seen, auto&) {
       own.request.protocol = Protocol::fastcgi;
       failing(seen, Failure::out_of_time, Phase::wait);
     },
     "protocol=http/1.1 protocol=uwsgi protocol=scgi"},
    {"slow",
     [](auto& own, auto& seen, auto&) {
       own.limits.read = 2s;
       failing(seen, Failure::response_timeout, Phase::wait);
     },
     "time=10000"},
    {"slower than we wait", [](auto&, auto& seen, auto&) { failing(seen, Failure::out_of_time, Phase::wait); }, ""},
    {"plain where TLS is spoken", [](auto& own, auto& seen, auto&) { tls_failure(own, seen, Failure::tls_not_tls); },
     "tls=off"},
    {"unrecognized name",
     [](auto& own, auto& seen, auto& with) {
       tls_failure(own, seen, Failure::tls_alert, 112);
       with.visitor_host = "shop.example";
     },
     "sni=shop.example tls_version=any"},
    {"no common version",
     [](auto& own, auto& seen, auto&) {
       tls_failure(own, seen, Failure::tls_version, 70);
       own.tls.max_version = "TLSv1.2";
     },
     "tls_version=TLSv1.3 tls_version=TLSv1.2 tls_version=any"},
    {"another name in the certificate",
     [](auto& own, auto& seen, auto& with) {
       tls_failure(own, seen, Failure::cert_name);
       own.tls.verify = true;
       own.tls.sni = own.tls.name = "app.example";
       seen.chain.resize(1);
       seen.chain[0].names = {"shop.example", "*.cdn.example"};
       with.visitor_host = "shop.example";
     },
     "sni=shop.example name=shop.example verify=off"},
    {"unknown issuer",
     [](auto& own, auto& seen, auto& with) {
       tls_failure(own, seen, Failure::cert_issuer);
       own.tls.sni = "app.example";
       own.tls.trusted_file = "/etc/ssl/a.pem";
       with.trust_files = {"/etc/ssl/b.pem"};
     },
     "trust=/etc/ssl/b.pem trust=system verify=off"},
    {"broken chunks",
     [](auto& own, auto& seen, auto&) {
       own.request.protocol = Protocol::http1_1;
       failing(seen, Failure::bad_framing, Phase::body);
     },
     "http=1.0"},
    {"no such script",
     [](auto& own, auto& seen, auto& with) {
       own.request.protocol = seen.protocol = Protocol::fastcgi;
       seen.status = 404;
       with.scripts = {"/srv/app/index.php"};
     },
     "script=/srv/app/index.php"},
    {"a page that is not there", [](auto&, auto& seen, auto&) { seen.status = 404; }, ""},
    {"WebSocket is wanted",
     [](auto&, auto& seen, auto& with) {
       seen.status = 200;
       with.upgrade = true;
     },
     "upgrade=websocket"},
    {"a check",
     [](auto&, auto& seen, auto& with) {
       seen.status = 200;
       with.check.on = true;
       with.check.path = "/health";
     },
     "health=/health"},
    {"bounded",
     [](auto&, auto& seen, auto& with) {
       failing(seen, Failure::closed_early, Phase::wait);
       with.most = 2;
     },
     "tls=on protocol=uwsgi"},
};

TEST(Contrasts, VaryWhatCanTell) {
  for (const auto& row : kContrastCases) {
    ReplayRequest own;
    own.server.host = "127.0.0.1";
    own.server.port = 8000;
    Replay seen;
    seen.reached = Phase::done;
    Contrasting with;
    row.make(own, seen, with);
    EXPECT_EQ(words_of(variations(own, seen, with)), row.expect) << row.situation;
  }
}

TEST(Contrasts, ChangeWhatTheySay) {
  ReplayRequest own;
  own.server.host = "127.0.0.1";
  own.server.port = 8000;
  own.request.headers = {{"Host", "h"}};
  Replay seen;
  failing(seen, Failure::refused, Phase::connect);
  Contrasting with;
  with.endpoints = {"[::1]:9000", "unix:/run/a.sock"};
  const auto made = variations(own, seen, with);
  ASSERT_EQ(made.size(), 3U);
  EXPECT_EQ(made[0].endpoint(), "[::1]:8000");
  EXPECT_EQ(made[1].endpoint(), "[::1]:9000");
  EXPECT_EQ(made[2].endpoint(), "unix:/run/a.sock");
}

TEST(Translate, SaysTheSameInAnotherProtocol) {
  UpstreamRequest http;
  http.target = "/a/b.php?c=d";
  http.headers = {{"Host", "shop.example:8080"}, {"Connection", "close"}, {"User-Agent", "ua"}};
  const UpstreamRequest fastcgi = translated(http, Protocol::fastcgi, "", "/srv/b.php");
  const auto of = [&](std::string_view name) { return value_of(fastcgi.params, name); };
  EXPECT_EQ(of("REQUEST_METHOD"), "GET");
  EXPECT_EQ(of("SCRIPT_FILENAME"), "/srv/b.php");
  EXPECT_EQ(of("QUERY_STRING"), "c=d");
  EXPECT_EQ(of("SERVER_NAME"), "shop.example");
  EXPECT_EQ(of("HTTP_USER_AGENT"), "ua");
  EXPECT_EQ(of("HTTP_CONNECTION"), "");
  const UpstreamRequest back = translated(fastcgi, Protocol::http1_1, "", "");
  EXPECT_EQ(back.target, "/a/b.php?c=d");
  EXPECT_EQ(value_of(back.headers, "host"), "shop.example:8080");
  EXPECT_EQ(value_of(back.headers, "user-agent"), "ua");
  EXPECT_EQ(translated(http, Protocol::scgi, "", "").params.front(), (NameValue{"CONTENT_LENGTH", "0"}));
  EXPECT_EQ(translated(UpstreamRequest(), Protocol::http1_1, "shop.example", "").headers.front().value, "shop.example");
}

TEST(Contrasts, GuessesAreShort) {
  ReplayRequest own;
  own.server.host = "127.0.0.1";
  own.server.port = 8000;
  Contrasting with;
  with.endpoints = {"127.0.0.1:8001"};
  Replay seen;
  failing(seen, Failure::refused, Phase::connect);
  for (const auto& one : variations(own, seen, with))
    if (one.varied.contains("address")) {
      EXPECT_LE(one.limits.whole, Milliseconds(2'000));
    }
  failing(seen, Failure::closed_early, Phase::wait);
  int guesses = 0;
  for (const auto& one : variations(own, seen, with)) {
    const bool tls = one.varied.contains("tls"), protocol = one.varied.contains("protocol");
    guesses += tls || protocol ? 1 : 0;
    if (tls) {
      EXPECT_LE(one.limits.greet, Milliseconds(1'000));
    }
    if (protocol) {
      EXPECT_LE(one.limits.whole, Milliseconds(1'000));
    }
  }
  EXPECT_GE(guesses, 4);
}

TEST(Reproduce, GivesACommand) {
  ReplayRequest asked;
  asked.server.host = "127.0.0.1";
  asked.server.port = 8000;
  asked.request.headers = {{"Host", "shop.example"}, {"Cookie", "a=secretsecret"}};
  EXPECT_EQ(
      reproduce(asked),
      "curl -sv -o /dev/null --path-as-is --max-time 10 --http1.0 -H 'Host: shop.example' -H 'Cookie: <14 bytes>' "
      "http://127.0.0.1:8000/");
  asked.tls.on = true;
  asked.tls.sni = "app.example";
  asked.tls.min_version = asked.tls.max_version = "TLSv1.2";
  asked.request.headers.clear();
  EXPECT_EQ(
      reproduce(asked),
      "curl -sv -o /dev/null --path-as-is --max-time 10 --http1.0 --insecure --tlsv1.2 --tls-max 1.2 --connect-to "
      "app.example:8000:127.0.0.1:8000 https://app.example:8000/");
  asked = {};
  asked.server.socket = "/run/php.sock";
  asked.request.protocol = Protocol::fastcgi;
  asked.request.params = {{"REQUEST_METHOD", "GET"}, {"SCRIPT_FILENAME", "/a b.php"}, {"CONTENT_TYPE", ""}};
  EXPECT_EQ(reproduce(asked),
            "env -i REQUEST_METHOD=GET 'SCRIPT_FILENAME=/a b.php' cgi-fcgi -bind -connect /run/php.sock");
  asked.request.protocol = Protocol::uwsgi;
  EXPECT_EQ(reproduce(asked), "");
}

}  // namespace
}  // namespace fix502
