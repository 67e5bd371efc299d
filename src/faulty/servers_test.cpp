#include "faulty/servers.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>

#include "faulty/http_client.hpp"

namespace fix502::faulty {
namespace {

using nlohmann::json;

/// Servers over a loop, and a client on the same loop.
class Lab {
 public:
  explicit Lab(const json& config) {
    auto parsed = parse_config(config);
    EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().message());
    auto started = Servers::start(loop_, std::move(*parsed));
    EXPECT_TRUE(started) << (started ? "" : started.error().message());
    if (!started) std::abort();
    servers_.emplace(std::move(*started));
  }
  ~Lab() {
    servers_->stop();
    loop_.restart();
    loop_.run();  // ends only if everything that was under way ends
  }

  Servers& servers() { return *servers_; }
  std::uint16_t port() { return servers_->endpoints().front().port; }

  void run(Task<void> task) {
    bool done = false;
    asio::co_spawn(loop_, std::move(task), [&](const std::exception_ptr& thrown) {
      EXPECT_FALSE(thrown);
      done = true;
    });
    loop_.restart();
    while (!done && loop_.run_one() > 0) continue;
  }

  /// Sends bytes, shuts down nothing, and reads until the server has ended; "RESET" at the end if it did so by RST.
  std::string talk(std::string bytes) {
    std::string heard;
    run(talking(std::move(bytes), heard));
    return heard;
  }

  std::string ask_tls(std::string sni, std::string bytes) {
    std::string cause;
    run(asking(std::move(sni), std::move(bytes), cause));
    return cause;
  }

 private:
  Task<void> talking(std::string bytes, std::string& heard) {
    const std::string endpoint = "127.0.0.1:" + std::to_string(port());
    auto dialled = co_await dial(endpoint, "", milliseconds(2000));
    if (!dialled) co_return;
    Stream stream(std::move(*dialled));
    co_await stream.write(bytes);
    bool more = true;
    while (more) more = co_await stream.read(heard);
    if (stream.was_reset()) heard += "RESET";
  }

  Task<void> asking(std::string sni, std::string bytes, std::string& cause) {
    const OriginTls spec;
    const auto context = make_client_context(spec);
    Question question;
    question.endpoint = "127.0.0.1:" + std::to_string(port());
    question.tls = context->get();
    question.sni = std::move(sni);
    question.bytes = std::move(bytes);
    question.connect_timeout = milliseconds(2000);
    question.read_timeout = milliseconds(2000);
    Response response;
    cause = co_await ask(std::move(question), response);
    if (cause.empty()) cause = std::to_string(response.status);
  }

  asio::io_context loop_;
  std::optional<Servers> servers_;
};

json http(json routes, json more = json::object()) {
  json listener = {{"name", "l"}, {"protocol", "http"}, {"address", "127.0.0.1"}, {"routes", std::move(routes)}};
  listener.update(more);
  return {{"listeners", json::array({listener})}};
}

constexpr const char* kGet = "GET /x?q=1 HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n";

struct AnswerCase {
  const char* name;
  const char* answer;
  const char* expect;  // how what is heard begins
  const char* ends;
};

const AnswerCase kAnswers[] = {
    {"status", R"({"status":502,"type":"","body":"bad"})",
     "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbad", "bad"},
    {"close", R"({"kind":"close"})", "", ""},
    {"reset", R"({"kind":"reset"})", "", "RESET"},
    {"head cut", R"({"cut":{"in":"head","after":12,"then":"reset"}})", "HTTP/1.1 200", "HTTP/1.1 200RESET"},
    {"body cut", R"({"body":"abcdef","cut":{"in":"body","after":2,"then":"close"}})", "HTTP/1.1 200 OK", "\r\n\r\nab"},
    {"announced too much", R"({"body":"ab","announce":9,"close_after":true})", "HTTP/1.1 200 OK", "\r\n\r\nab"},
    {"chunks", R"({"body":"hello","framing":"chunked","chunk_bytes":3})", "HTTP/1.1 200",
     "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"},
    {"bad second chunk", R"({"body":"hello","chunk_bytes":3,"bad_chunk":2,"chunk_end":false})", "HTTP/1.1 200",
     "3\r\nhel\r\nzz\r\nlo\r\n"},
    {"raw hex", R"({"kind":"raw","bytes":["a",{"hex":"0d 0A"},{"base64":"Yg=="},{"repeat":"c","times":3}]})",
     "a\r\nbccc", "bccc"},
    {"ssh", R"({"kind":"preset","which":"ssh_banner"})", "SSH-2.0-", "\r\n"},
    {"drip", R"({"kind":"raw","bytes":"slow","drip_ms":1})", "slow", "slow"},
    {"redirect", R"({"kind":"redirect","to":"https://{host}{path}?{query}"})",
     "HTTP/1.1 302 Found\r\nLocation: https://shop.example/x?q=1\r\n", ""},
    {"chain", R"({"kind":"redirect_chain","times":2})", "HTTP/1.1 302 Found\r\nLocation: /x?hop=1\r\n", ""},
    {"escapes", R"({"kind":"escapes","status":502})", "HTTP/1.1 502 Bad \x1b[31mGateway", ""},
    {"echo", R"({"kind":"echo"})", "HTTP/1.1 200 OK", "GET /x?q=1 HTTP/1.1\nHost: shop.example\nConnection: close\n\n"},
    {"retry after", R"({"status":503,"retry_after":7,"type":""})",
     "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 7\r\n", ""},
    {"endless head", R"({"kind":"endless_head","limit_bytes":30000})", "HTTP/1.1 200 OK\r\nX-Field-0: xxx", "\r\n"},
};

TEST(Http, AnswersAsTold) {
  for (const AnswerCase& one : kAnswers) {
    SCOPED_TRACE(one.name);
    json route = {{"answer", json::parse(one.answer)}};
    Lab lab(http(json::array({route})));
    const std::string heard = lab.talk(kGet);
    EXPECT_TRUE(heard.starts_with(one.expect)) << heard;
    EXPECT_TRUE(heard.ends_with(one.ends)) << heard;
  }
}

struct MatchCase {
  const char* match;
  const char* request;
  bool matches;
};

const MatchCase kMatches[] = {
    {R"({})", "GET / HTTP/1.1\r\n\r\n", true},
    {R"({"host":"SHOP.example"})", "GET / HTTP/1.1\r\nHost: shop.example:8080\r\n\r\n", true},
    {R"({"host":"shop.example"})", "GET / HTTP/1.1\r\nHost: www.shop.example\r\n\r\n", false},
    {R"({"host":"shop.example","proxy_form":true})", "GET http://shop.example/a HTTP/1.1\r\n\r\n", true},
    {R"({"proxy_form":true})", "CONNECT shop.example:443 HTTP/1.1\r\n\r\n", true},
    {R"({"proxy_form":true})", "GET /?u=http://x/ HTTP/1.1\r\n\r\n", false},
    {R"({"path":["/a","/b"]})", "GET /b?c HTTP/1.1\r\n\r\n", true},
    {R"({"path_prefix":"/api"})", "GET /ap HTTP/1.1\r\n\r\n", false},
    {R"({"header":{"name":"user-agent","contains":"mozilla"}})", "GET / HTTP/1.1\r\nUser-Agent: Mozilla/5.0\r\n\r\n",
     true},
    {R"({"no_header":"cookie"})", "GET / HTTP/1.1\r\nCookie: a\r\n\r\n", false},
    {R"({"min_cookie_bytes":3})", "GET / HTTP/1.1\r\nCookie: abc\r\n\r\n", true},
    {R"({"min_head_bytes":100})", "GET / HTTP/1.1\r\n\r\n", false},
    {R"({"method":"POST","min_body_bytes":2})", "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi", true},
    {R"({"on_connection":"later"})", "GET / HTTP/1.1\r\n\r\n", false},
    {R"({"after_pause_ms":1000})", "GET / HTTP/1.1\r\n\r\n", true},
    {R"({"client_address":"127.0.0.0/8"})", "GET / HTTP/1.1\r\n\r\n", true},
    {R"({"client_address":"10.0.0.0/8"})", "GET / HTTP/1.1\r\n\r\n", false},
    {R"({"every":2,"offset":1})", "GET / HTTP/1.1\r\n\r\n", false},
    {R"({"skip_requests":1})", "GET / HTTP/1.1\r\n\r\n", false},
    {R"({"first_requests":1})", "GET / HTTP/1.1\r\n\r\n", true},
};

TEST(Http, MatchesWhatItIsAskedTo) {
  for (const MatchCase& one : kMatches) {
    SCOPED_TRACE(std::string(one.match) + " " + one.request);
    json route = {{"match", json::parse(one.match)}, {"answer", {{"kind", "raw"}, {"bytes", "matched"}}}};
    json fallback = {{"answer", {{"kind", "close"}}}};
    Lab lab(http(json::array({route, fallback})));
    EXPECT_EQ(lab.talk(one.request), one.matches ? "matched" : "");
  }
}

TEST(Http, ResetsALaterRequestOfAConnection) {
  json first = {{"match", {{"on_connection", "first"}}}};
  json later = {{"answer", {{"kind", "reset"}}}};
  Lab lab(http(json::array({first, later})));
  const std::string heard = lab.talk("GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(heard.ends_with("RESET"));
  EXPECT_EQ(lab.servers().events("l"), 2u);
}

TEST(Http, RefusesALargeHead) {
  Lab lab(http(json::array(), {{"max_head_bytes", 64}}));
  const std::string request = "GET / HTTP/1.1\r\nCookie: " + std::string(100, 'x') + "\r\n\r\n";
  EXPECT_TRUE(lab.talk(request).starts_with("HTTP/1.1 431 ")) << lab.talk(request);
}

TEST(Http, AnswersTlsOnAPlainPortWith400) {
  Lab lab(http(json::array()));
  EXPECT_TRUE(lab.talk("\x16\x03\x01").starts_with("HTTP/1.1 400 "));
}

TEST(Tls, GreetsBadlyTheNamesItIsTold) {
  const json tls = {{"self_signed", {{"names", {"shop.example"}}}},
                    {"greeting", json::array({{{"sni", "reset.example"}, {"do", "reset"}},
                                              {{"sni", "*.alert.example"}, {"do", "alert"}},
                                              {{"no_sni", true}, {"do", "close"}},
                                              {{"sni", "flight.example"}, {"do", "reset"}, {"after", "flight"}}})}};
  Lab lab(http(json::array(), {{"tls", tls}}));
  EXPECT_EQ(lab.ask_tls("shop.example", kGet), "200");
  for (const char* sni : {"reset.example", "www.alert.example", "", "flight.example"})
    EXPECT_NE(lab.ask_tls(sni, kGet), "200") << sni;
}

struct EdgeCase {
  const char* answer;  // of the origin
  const char* expect;
};

const EdgeCase kEdges[] = {
    {R"({"status":502,"body":"own"})", "HTTP/1.1 502 Bad Gateway\r\n"},
    {R"({"kind":"close"})", "HTTP/1.1 520 "},
    {R"({"kind":"reset"})", "HTTP/1.1 520 "},
    {R"({"kind":"preset","which":"ssh_banner"})", "HTTP/1.1 520 "},
    {R"({"kind":"silent"})", "HTTP/1.1 524 "},
    {R"({"body":"abc","bad_chunk":1})", "HTTP/1.1 520 "},
};

TEST(Edge, SaysWhatHappenedToTheOrigin) {
  for (const EdgeCase& one : kEdges) {
    SCOPED_TRACE(one.answer);
    const json origin_route = {{"answer", json::parse(one.answer)}};
    const json edge = {{"kind", "edge"}, {"origin", "@origin"}, {"errors", "cloudflare"}, {"read_timeout_ms", 50}};
    const json edge_route = {{"answer", edge}};
    json config = http(json::array({edge_route}));
    json origin = http(json::array({origin_route}))["listeners"][0];
    origin["name"] = "origin";
    config["listeners"].push_back(origin);
    Lab lab(config);
    const std::string heard = lab.talk(kGet);
    EXPECT_TRUE(heard.starts_with(one.expect)) << heard;
  }
}

json proxy_to_origin(json proxy) {
  json config = http(json::array({{{"answer", std::move(proxy)}}}));
  json origin = http(json::array({{{"answer", {{"kind", "echo"}}}}}))["listeners"][0];
  origin["name"] = "origin";
  config["listeners"].push_back(origin);
  return config;
}

TEST(Proxy, RelaysForRealOrBreaks) {
  const json proxy = {{"kind", "proxy"}, {"resolve", {{"shop.example:*", "@origin"}, {"*", "127.0.0.1:1"}}}};
  Lab lab(proxy_to_origin(proxy));
  const std::string relayed =
      lab.talk("GET http://shop.example/a?b HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n");
  EXPECT_NE(relayed.find("GET /a?b HTTP/1.1\n"), relayed.npos) << relayed;
  const std::string refused = lab.talk("GET http://other.example/ HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(refused.starts_with("HTTP/1.1 502 ")) << refused;
  const std::string tunnel = lab.talk("CONNECT shop.example:443 HTTP/1.1\r\n\r\nGET /t HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(tunnel.starts_with("HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK")) << tunnel;
  EXPECT_NE(tunnel.find("GET /t HTTP/1.0\n"), tunnel.npos) << tunnel;
}

TEST(Proxy, BreaksATunnelThatItPromised) {
  const json proxy = {{"kind", "proxy"}, {"resolve", {{"*", "@origin"}}}, {"after_connect", "reset"}};
  Lab lab(proxy_to_origin(proxy));
  EXPECT_TRUE(lab.talk("CONNECT shop.example:443 HTTP/1.1\r\n\r\n").ends_with("RESET"));
}

TEST(Edge, ServesAStoredErrorAndIsGoneRoundByTheUrl) {
  json bad = {{"match", {{"first_requests", 1}}}, {"answer", {{"status", 502}}}};
  const json edge =
      json::parse(R"({"kind":"edge","origin":"@origin","cache":{"statuses":[502],"hit":[["X-Cache","HIT"]]}})");
  json config = http(json::array({{{"answer", edge}}}));
  json origin = http(json::array({bad}))["listeners"][0];
  origin["name"] = "origin";
  config["listeners"].push_back(origin);
  Lab lab(config);
  EXPECT_TRUE(lab.talk(kGet).starts_with("HTTP/1.1 502 "));
  const std::string stored = lab.talk(kGet);
  EXPECT_TRUE(stored.starts_with("HTTP/1.1 502 ")) << stored;
  EXPECT_NE(stored.find("X-Cache: HIT"), stored.npos) << stored;
  const std::string round = lab.talk("GET /x?q=2 HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(round.starts_with("HTTP/1.1 200 ")) << round;
}

struct BadConfig {
  const char* json;
  const char* error;
};

const BadConfig kBadConfigs[] = {
    {R"({})", "\"listeners\" is missing"},
    {R"({"listeners":[{"protocol":"ftp","address":"127.0.0.1"}]})",
     "protocol is http, dns or tcp: listeners[0].protocol"},
    {R"({"listeners":[{"protocol":"tcp","address":"here"}]})", "not an IP address: listeners[0].address"},
    {R"({"listeners":[{"protocol":"tcp","address":"::1","port":70000}]})",
     "not a whole number in range: listeners[0].port"},
    {R"({"listeners":[{"protocol":"tcp","address":"::1","prot":1}]})", "unknown key \"prot\": listeners[0]"},
    {R"({"listeners":[{"protocol":"http","address":"::1","routes":[{"answer":{"kind":"x"}}]}]})",
     "unknown kind \"x\": listeners[0].routes[0].answer.kind"},
    {R"({"listeners":[{"protocol":"dns","address":"::1","data":"x"}]})", "no DNS data \"x\": dns:::1:0"},
};

TEST(Config, SaysInOneLineWhatIsWrong) {
  for (const BadConfig& one : kBadConfigs) {
    const auto config = parse_config(json::parse(one.json));
    ASSERT_FALSE(config) << one.json;
    EXPECT_EQ(config.error().message(), one.error);
  }
}

}  // namespace
}  // namespace fix502::faulty
