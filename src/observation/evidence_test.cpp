#include "observation/evidence.hpp"

#include <gtest/gtest.h>

namespace fix502 {
namespace {

using namespace std::chrono_literals;

/// Every member of every kind away from its default.
Evidence full_run() {
  Evidence run;
  run.version = "0.1.0";
  run.started_at = "2026-11-22T10:00:00.123Z";
  run.target = {
      .url = "https://shop.example/cart", .scheme = "https", .host = "shop.example", .port = 443, .path = "/cart"};
  run.settings.expect_status.ranges = {{200, 299}, {418, 418}};
  run.settings.origin = Endpoint{"192.0.2.7", 8080};
  run.settings.compare_resolvers = {"tls://192.0.2.53"};
  run.settings.authoritative = false;
  run.settings.family = 6;
  run.duration = 1'840'500us;
  run.requests_sent = 14;
  run.not_tried = {"path: budget of requests used up"};
  run.interrupted = true;

  HttpExchange http;
  http.url = "https://shop.example/cart";
  http.client = "browser";
  http.address = "2001:db8::1";
  http.port = 443;
  http.family = Family::ipv6;
  http.tls_version = "TLSv1.3";
  http.chain = {{.subject = "CN=shop.example",
                 .issuer = "CN=Test",
                 .names = {"shop.example"},
                 .not_before = {},
                 .not_after = {}}};
  http.chain[0].not_after = WallTime(std::chrono::seconds(1'800'000'000));
  http.failure = Failure::truncated;
  http.reached = Phase::body;
  http.alert = 0;
  http.status = 502;
  http.reason = "Bad Gateway";
  http.headers = {{"server", "nginx"}, {"set-cookie", "a"}, {"set-cookie", "b"}};
  http.body_sample = "<html>\n<h1>502 \xC3\xBC</h1>";
  http.times = {.connect = 1'001us, .tls = 0us, .first_byte = 33us, .body = {}};
  run.observations.push_back({"o1", "baseline", {}, 12'345us, 31us, "curl -sv https://shop.example/cart", http});

  DnsExchange dns;
  dns.server = "192.0.2.53:53";
  dns.role = DnsRole::authoritative;
  dns.transport = Transport::tcp;
  dns.name = "shop.example";
  dns.rcode = "NOERROR";
  dns.answer = {{.name = "shop.example", .type = "A", .ttl = 300, .data = "203.0.113.10"}};
  run.observations.push_back({"o2", "resolver", {{"resolver", "192.0.2.53"}}, 1us, 2us, "", dns});
  run.observations.push_back({"o3",
                              "address",
                              {{"address", "203.0.113.10"}},
                              0us,
                              0us,
                              "",
                              TcpConnect{"203.0.113.10", 443, Family::ipv4, Failure::refused, "Connection refused"}});
  run.observations.push_back(
      {"o4", "b", {}, 0us, 0us, "", SystemLookup{"shop.example", {"203.0.113.10"}, Failure::none, ""}});
  run.observations.push_back(
      {"o5", "b", {}, 0us, 0us, "", ResolverConfig{{"192.0.2.53:53"}, {"lan"}, {"files"}, "/etc/resolv.conf"}});
  run.observations.push_back({"o6", "b", {}, 0us, 0us, "", HostsEntry{"shop.example", {"192.0.2.1"}, "/etc/hosts", 7}});
  run.observations.push_back(
      {"o7", "b", {}, 0us, 0us, "", Interfaces{{{"eth0", true, false, {"192.0.2.9"}}}, true, false}});
  run.observations.push_back(
      {"o8", "b", {}, 0us, 0us, "", ProxySettings{"http://proxy.example:3128", "GNOME", "", ""}});
  BrowserProfile browser;
  browser.browser = "Chromium";
  browser.profile = "~/.config/chromium/Default";
  browser.running = true;
  browser.cache = "simple";
  StoredAnswer stored;
  stored.url = "https://shop.example/cart";
  stored.reached_by = "link";
  stored.status = 502;
  stored.headers = {{"cache-control", "max-age=600"}};
  stored.stored = WallTime(std::chrono::seconds(1'795'352'200));
  stored.fresh_seconds = 540;
  stored.served = true;
  stored.why = "Cache-Control: max-age";
  browser.stored = {stored};
  browser.workers = {{"https://shop.example", "https://shop.example/", "https://shop.example/worker.js"}};
  browser.cookies = CookieSize{3, 9'000, 24};
  browser.unreadable = {"cache: the entry is cut off"};
  run.observations.push_back({"o9", "browser-cache", {}, 0us, 0us, "", browser});
  return run;
}

TEST(Run, ReadsBackWhatItWrote) {
  const Evidence run = full_run();
  const auto read = read_run(write_run(run));
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(*read, run);
  ASSERT_NE(read->find("o3"), nullptr);
  EXPECT_EQ(read->find("o3")->varied_in("address"), "203.0.113.10");
  EXPECT_EQ(read->find("o10"), nullptr);
}

TEST(Run, ShowsEachObservationsKindAndOutcome) {
  const Json json = Json::parse(write_run(full_run()));
  const std::pair<const char*, const char*> expected[] = {
      {"http", "502 Bad Gateway, but the body ends before its announced end"},
      {"dns", "203.0.113.10 (TTL 300)"},
      {"tcp", "connection refused"},
      {"lookup", "203.0.113.10"},
      {"resolver_config", "192.0.2.53:53"},
      {"hosts_file", "192.0.2.1 (line 7)"},
      {"interfaces", "eth0, IPv4 only"},
      {"proxy_settings", "http://proxy.example:3128 (GNOME)"},
      {"browser_profile", "Chromium: 502 stored, served from there, a service worker, 3 cookies of 9000 bytes"},
  };
  std::size_t i = 0;
  for (const auto& [kind, phrase] : expected) {
    EXPECT_EQ(json["observations"][i]["probe"], kind);
    EXPECT_EQ(json["observations"][i]["outcome"], phrase);
    ++i;
  }
}

TEST(Run, SurvivesEveryTruncation) {
  const std::string text = write_run(full_run());
  for (std::size_t length = 0; length + 2 < text.size(); ++length) {
    const auto read = read_run(std::string_view(text).substr(0, length));
    ASSERT_FALSE(read) << length;
    EXPECT_EQ(read.error().message().find('\n'), std::string::npos);
  }
}

struct DamageCase {
  const char* text;
  const char* what;
  const char* where;
};

constexpr DamageCase kDamages[] = {
    {"", "the recorded run is damaged: not JSON from here on", "byte 1"},
    {"hello", "the recorded run is damaged: not JSON from here on", "byte 1"},
    {"[]", "not a recorded run of fix502: no JSON object", ""},
    {"{}", "not a recorded run of fix502", "its \"schema\" is not \"fix502.run/1\""},
    {R"({"schema":"fix502.run/2"})", "not a recorded run of fix502", "its \"schema\" is not \"fix502.run/1\""},
    {R"({"schema":"fix502.run/1","observations":[]})", "the recorded run is damaged: it names no URL", "target.url"},
    {R"({"schema":"fix502.run/1","target":{"url":"http://a.example/"},"observations":{}})",
     "the recorded run is damaged: it has no list of observations", "observations"},
    {R"({"schema":"fix502.run/1","target":{"url":"http://a.example/"},"observations":[{"id":"o1","probe":"dice"}]})",
     "the recorded run is damaged: unknown kind of probe", "observations[0].probe"},
    {R"({"schema":"fix502.run/1","target":{"url":"http://a.example/"},"observations":[{"id":"o1","probe":"http","status":"x"}]})",
     "the recorded run is damaged: not a whole number", "observations[0].status"},
    {R"({"schema":"fix502.run/1","target":{"url":"http://a.example/"},"observations":[{"probe":"http"}]})",
     "the recorded run is damaged: an observation without an id", "observations[0]"},
    {R"({"schema":"fix502.run/1","target":{"url":"http://a.example/"},
        "observations":[{"id":"o1","probe":"tcp"},{"id":"o1","probe":"tcp"}]})",
     "the recorded run is damaged: two observations have the id o1", "observations[1]"},
    {R"({"schema":"fix502.run/1","target":{"url":"http://a.example/","port":70000},"observations":[]})",
     "the recorded run is damaged: number out of range", "target.port"},
};

TEST(Run, SaysWhatIsDamagedAndWhere) {
  for (const auto& row : kDamages) {
    const auto read = read_run(row.text);
    ASSERT_FALSE(read) << row.text;
    EXPECT_EQ(read.error().message(), (Error{row.what, row.where}).message()) << row.text;
  }
}

TEST(Run, IsBounded) {
  EXPECT_EQ(read_run(std::string(65UL * 1024 * 1024, ' ')).error().what, "the recorded run is larger than 64 MiB");
  EXPECT_EQ(read_run(std::string(1'000'000, '[')).error().what, "the recorded run is damaged: nested too deeply");
  std::string many =
      R"({"schema":"fix502.run/1","target":{"url":"http://a.example/","host":"a.example"},"observations":[)";
  for (int i = 0; i <= 100'000; ++i) many += "{},";
  many.back() = ']';
  EXPECT_EQ(read_run(many + "}").error().what, "the recorded run has more than 100000 observations");
}

TEST(Run, LetsNoRawTextOfAStrangerThrough) {
  const auto read = read_run(
      R"({"schema":"fix502.run/1","target":{"url":"http://a.example/","host":"a.example"},"later":{"added":1},"observations":[
          {"id":"o1","probe":"http","varied":{"a\u001b":"\u202e"},"reason":"a\u001b[2J\nb","body_sample":"1\n\u001b2"}]})");
  ASSERT_TRUE(read) << read.error().message();
  const auto* http = read->observations[0].as<HttpExchange>();
  EXPECT_EQ(http->reason, "a\xEF\xBF\xBD[2J b");
  EXPECT_EQ(http->body_sample,
            "1\n\xEF\xBF\xBD"
            "2");
  EXPECT_EQ(read->observations[0].varied, (Varied{{"a\xEF\xBF\xBD", "\xEF\xBF\xBD"}}));
}

struct OutcomeCase {
  decltype(Observation::data) seen;
  const char* expect;
};

HttpExchange http_failed(Failure failure, int alert = -1, std::optional<int> tunnel = {}) {
  HttpExchange http;
  http.failure = failure;
  http.alert = alert;
  http.tunnel_status = tunnel;
  return http;
}

HttpExchange http_answered(int status, std::string reason) {
  HttpExchange http;
  http.status = status;
  http.reason = std::move(reason);
  return http;
}

DnsExchange dns_answered(std::string rcode, std::vector<DnsRecord> answer, std::vector<DnsRecord> authority = {}) {
  DnsExchange dns;
  dns.rcode = std::move(rcode);
  dns.answer = std::move(answer);
  dns.authority = std::move(authority);
  return dns;
}

TEST(Outcome, IsOneShortPhrase) {
  const OutcomeCase kCases[] = {
      {http_answered(502, ""), "502 Bad Gateway"},
      {http_answered(502, "Origin Said So"), "502 Origin Said So"},
      {http_answered(799, ""), "799"},
      {http_failed(Failure::refused), "connection refused"},
      {http_failed(Failure::tls_alert, 112), "refused in the TLS greeting by an alert (112)"},
      {http_failed(Failure::proxy_refused_tunnel, -1, 403), "the proxy refused the tunnel (403)"},
      {dns_answered("NXDOMAIN", {}), "NXDOMAIN"},
      {dns_answered("NOERROR", {}), "no A record"},
      {dns_answered("NOERROR", {{"a.example", "CNAME", 5, "b.example"}}), "alias of b.example, no A record"},
      {dns_answered("NOERROR", {}, {{"a.example", "NS", 5, "ns.a.example"}}), "delegated to ns.a.example"},
      {dns_answered("NOERROR", {{"a", "A", 9, "192.0.2.1"}, {"a", "A", 5, "192.0.2.2"}}),
       "192.0.2.1, 192.0.2.2 (TTL 5)"},
      {SystemLookup{"a", {}, Failure::name_not_resolved, "EAI_NONAME"}, "the name was not resolved (EAI_NONAME)"},
      {SystemLookup{"a", {"1", "2", "3", "4", "5"}, Failure::none, ""}, "1, 2, 3 and 2 more"},
      {ResolverConfig{}, "no name server"},
      {HostsEntry{}, "no entry for this name"},
      {Interfaces{}, "no usable interface"},
      {ProxySettings{}, "no proxy"},
  };
  for (const auto& row : kCases) {
    Observation seen;
    seen.data = row.seen;
    EXPECT_EQ(outcome(seen), row.expect);
  }
}

TEST(HttpExchange, FindsAPartOfAnyFieldOfThatName) {
  HttpExchange http;
  http.headers = {{"via", "1.1 a"}, {"via", "1.1 Varnish"}};
  EXPECT_TRUE(http.has_header("via"));
  EXPECT_TRUE(http.has_header("via", "varnish"));
  EXPECT_FALSE(http.has_header("via", "squid"));
  EXPECT_FALSE(http.has_header("server"));
}

}  // namespace
}  // namespace fix502
