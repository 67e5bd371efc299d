#include "serve/probe_modules.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>

namespace fix502 {
namespace {

/// Of a file that is as it should be.
ProbeModules modules_in(const std::string& text) {
  auto modules = read_probe_modules(text, "blackbox.yml");
  EXPECT_TRUE(modules) << (modules ? "" : modules.error().message());
  return modules ? std::move(*modules) : ProbeModules{};
}

std::string complaint_about(const std::string& text) {
  const auto modules = read_probe_modules(text, "blackbox.yml");
  return modules ? "" : modules.error().message();
}

TEST(ProbeModules, AreReadWithAllThatIsSupported) {
  const auto modules = modules_in(R"(
modules:
  shop:
    prober: http
    timeout: 1m30s
    http:
      valid_status_codes: [200, 404]
      valid_http_versions: ["HTTP/1.1", "HTTP/2.0"]
      preferred_ip_protocol: ip4
      ip_protocol_fallback: false
      method: PUT
      headers: {Host: shop.example, Accept-Language: de, X-Empty: }
      body: '{"a": 1}'
      no_follow_redirects: true
      fail_if_ssl: false
      fail_if_not_ssl: yes
      fail_if_body_matches_regexp: ["(?i)could not connect"]
      fail_if_body_not_matches_regexp:
        - "^<!doctype"
      fail_if_header_matches: [{header: Set-Cookie, regexp: ".*Domain=.*", allow_missing: true}]
      fail_if_header_not_matches: [{header: Vary, regexp: x}]
      compression: gzip
      basic_auth: {username: me, password: secret}
      tls_config: {insecure_skip_verify: true, server_name: www.example}
      enable_http2: false
      proxy_url: ""
      skip_resolve_phase_with_proxy: false
  smtp: {prober: tcp, tcp: {preferred_ip_protocol: ip6, tls: false, query_response: []}}
)");
  const ProbeModule* shop = modules.find("shop");
  ASSERT_NE(shop, nullptr);
  EXPECT_TRUE(shop->http);
  EXPECT_EQ(shop->timeout, Milliseconds(90'000));
  EXPECT_EQ(shop->statuses, (std::vector{200, 404}));
  EXPECT_EQ(shop->versions.size(), 2U);
  EXPECT_EQ(shop->protocol, ProbeModule::Protocol::ip4);
  EXPECT_FALSE(shop->fallback);
  EXPECT_EQ(shop->method, "PUT");
  EXPECT_EQ(shop->host, "shop.example");
  EXPECT_EQ(shop->headers.size(), 2U);
  EXPECT_EQ(shop->body, R"({"a": 1})");
  EXPECT_FALSE(shop->follow_redirects);
  EXPECT_FALSE(shop->fail_if_ssl);
  EXPECT_TRUE(shop->fail_if_not_ssl);
  EXPECT_EQ(shop->body_must_not.size() + shop->body_must.size(), 2U);
  EXPECT_EQ(shop->header_must_not.front().name, "set-cookie");
  EXPECT_TRUE(shop->header_must_not.front().allow_missing);
  EXPECT_EQ(shop->header_must.front().name, "vary");
  EXPECT_EQ(shop->compression, ProbeModule::Compression::gzip);
  EXPECT_EQ(shop->authorization.value().value(), "Basic bWU6c2VjcmV0");
  EXPECT_FALSE(shop->verify_certificate);
  EXPECT_EQ(shop->server_name, "www.example");
  EXPECT_FALSE(shop->http2);
  ASSERT_NE(modules.find("smtp"), nullptr);
  EXPECT_FALSE(modules.find("smtp")->http);
  // With a file only its modules are there, and no name means http_2xx as ever.
  EXPECT_EQ(modules.find(""), nullptr);
  EXPECT_EQ(modules.find("tcp_connect"), nullptr);
}

TEST(ProbeModules, OfDefaultsAreThoseOfBlackboxExporter) {
  const auto modules = modules_in("modules:\n  http_2xx:\n    prober: http\n    http:\n");
  const ProbeModule* plain = modules.find("");
  ASSERT_NE(plain, nullptr);
  EXPECT_TRUE(plain->follow_redirects && plain->http2 && plain->verify_certificate && plain->fallback);
  EXPECT_EQ(plain->protocol, ProbeModule::Protocol::any);
  EXPECT_EQ(plain->method, "GET");
  EXPECT_EQ(plain->timeout, Milliseconds(0));
  EXPECT_EQ(plain->authorization.value().value(), "");
  // Without the other family as a substitute, IPv6 is the one.
  const auto strict = modules_in("modules: {a: {prober: tcp, tcp: {ip_protocol_fallback: false}}}");
  EXPECT_EQ(strict.find("a")->protocol, ProbeModule::Protocol::ip6);
}

TEST(ProbeModules, OfAnotherKindAreLeftOutWithAWord) {
  const auto modules = modules_in(R"(modules:
  http_2xx: {prober: http}
  icmp:
    prober: icmp
    icmp: {ttl: 5}
  ssh_banner:
    prober: tcp
    tcp:
      query_response:
        - expect: "^SSH-2.0-"
  tls: {prober: tcp, tcp: {tls: true, tls_config: {ca_file: x}}}
)");
  EXPECT_EQ(modules.find("icmp"), nullptr);
  EXPECT_EQ(modules.why_left_out("icmp"), "prober icmp is not supported");
  EXPECT_EQ(modules.why_left_out("ssh_banner"), "tcp.query_response is not supported");
  EXPECT_EQ(modules.why_left_out("tls"), "tcp.tls is not supported");
  EXPECT_EQ(modules.why_left_out("http_2xx"), "");
  EXPECT_EQ(modules.why_left_out("nothing"), "");
  EXPECT_EQ(modules.warnings(),
            (std::vector<std::string>{
                "blackbox.yml:4: module \"icmp\": is left out: prober icmp is not supported",
                "blackbox.yml:7: module \"ssh_banner\": is left out: tcp.query_response is not supported",
                "blackbox.yml:11: module \"tls\": is left out: tcp.tls is not supported"}));
}

struct WrongFile {
  std::string_view http;       // what stands in the section, at line 4
  std::string_view complaint;  // after file and module
};
constexpr WrongFile kWrongFiles[] = {
    {"no_such: 1", "4: http.no_such is an unknown key"},
    {"proxy_url: http://proxy:3128", "4: http.proxy_url is not supported here"},
    {"oauth2: {client_id: x}", "4: http.oauth2 is not supported here"},
    {"tls_config: {ca_file: /ca.pem}", "4: http.tls_config.ca_file is not supported here"},
    {"tls_config: {nonsense: 1}", "4: http.tls_config.nonsense is an unknown key"},
    {"body_size_limit: 10MB", "4: http.body_size_limit is not supported here"},
    {"method: [GET]", "4: http.method takes a word, not a list"},
    {"method: \"GET /\"", "4: http.method is no method"},
    {"valid_status_codes: 200", "4: http.valid_status_codes takes a list, not a word"},
    {"valid_status_codes: [200, 2xx]", "4: http.valid_status_codes takes statuses, 100 to 999"},
    {"preferred_ip_protocol: ipv4", "4: http.preferred_ip_protocol takes ip4 or ip6"},
    {"fail_if_ssl: perhaps", "4: http.fail_if_ssl takes true or false"},
    {"fail_if_body_matches_regexp: ['(']",
     "4: http.fail_if_body_matches_regexp is no regular expression: missing ): ("},
    {"fail_if_body_matches_regexp: ['(?=x)']",
     "4: http.fail_if_body_matches_regexp is no regular expression: invalid perl operator: (?="},
    {"fail_if_header_matches: [{header: Vary}]", "4: http.fail_if_header_matches needs header and regexp"},
    {"headers: {X-A: \"a\\r\\nX-B: b\"}", "4: http.headers.X-A has a line's end or another control character"},
    {"headers: {\"X A\": b}", "4: http.headers.X A is no name of a field"},
    {"headers: {Host: a/b}", "4: http.headers.Host is no host"},
    {"headers: {A: 1, A: 2}", "4: http.headers has the key A twice"},
    {"compression: br", "4: http.compression br is not supported here"},
    {"basic_auth: {username: a, password: b, password_file: c}", "4: http.basic_auth has a secret and a file with one"},
    {"basic_auth: {username: a, password_file: /no/such}",
     "4: http.basic_auth is of no use: the file cannot be read: /no/such"},
    {"{basic_auth: {username: a}, bearer_token: b}",
     "4: http.bearer_token is one of basic_auth, authorization and bearer_token too many"},
    {"authorization: {type: Basic}", "4: http.authorization.type takes no basic: that is basic_auth"},
    {"{method: HEAD, body: x}", "4: has a body for HEAD, which is not supported here"},
};

TEST(ProbeModules, NameFileLineAndKeyOfWhatIsWrong) {
  for (const auto& [http, complaint] : kWrongFiles) {
    const auto text = fmt::format("modules:\n  shop:\n    prober: http\n    http: {}\n",
                                  http.starts_with('{') ? std::string(http) : fmt::format("{{{}}}", http));
    std::string expected = fmt::format("blackbox.yml:{}", complaint);
    expected.insert(expected.find(": ") + 2, "module \"shop\": ");
    // What the whole module is about has the line that it begins with.
    if (http.starts_with("{method")) expected.replace(expected.find(":4:"), 3, ":3:");
    EXPECT_EQ(complaint_about(text), expected) << http;
  }
}

TEST(ProbeModules, NameWhatIsWrongWithTheWhole) {
  EXPECT_EQ(complaint_about("modules: {a: {prober: ftp}}"),
            "blackbox.yml:1: module \"a\": prober takes http or tcp, not ftp");
  EXPECT_EQ(complaint_about("modules:\n  a: {timeout: 5s}"), "blackbox.yml:2: module \"a\": has no prober");
  EXPECT_EQ(complaint_about("modules: {a: {prober: http, timeout: 5}}"),
            "blackbox.yml:1: module \"a\": timeout is no duration such as 5s or 1m30s: 5");
  EXPECT_EQ(complaint_about("modules: {a: {prober: http, htpt: {}}}"),
            "blackbox.yml:1: module \"a\": htpt is an unknown key");
  EXPECT_EQ(complaint_about("modules: {a: {prober: tcp, tcp: {source_ip_address: 127.0.0.1}}}"),
            "blackbox.yml:1: module \"a\": tcp.source_ip_address is not supported here");
  EXPECT_EQ(complaint_about("extra: 1\nmodules: {a: {prober: http}}"), "blackbox.yml:1: unknown key extra");
  EXPECT_EQ(complaint_about(""), "blackbox.yml:1: has no modules that can be used");
  EXPECT_EQ(complaint_about("modules: {a: {prober: icmp}}"), "blackbox.yml:1: has no modules that can be used");
  EXPECT_EQ(complaint_about("- 1\n- 2"), "blackbox.yml:1: takes a map, not a list");
  EXPECT_TRUE(complaint_about("modules:\n  a: [\n").starts_with("blackbox.yml:3: is no YAML: "));
}

TEST(ProbeModules, ShareWhatAliasesAndMergesSay) {
  const auto modules = modules_in(R"(modules:
  one:
    prober: http
    timeout: &time 3s
    http: &usual
      method: POST
      headers: &fields {X-A: a}
  two:
    prober: http
    timeout: *time
    http:
      <<: *usual
      method: PUT
      headers:
        <<: [*fields, {X-A: later, X-B: b}]
)");
  const ProbeModule* two = modules.find("two");
  ASSERT_NE(two, nullptr);
  EXPECT_EQ(two->timeout, Milliseconds(3'000));
  EXPECT_EQ(two->method, "PUT");
  EXPECT_EQ(two->headers, (std::vector<std::pair<std::string, std::string>>{{"X-A", "a"}, {"X-B", "b"}}));
}

/// Ten lists of ten aliases each, within each other: 10^9 words in a few hundred bytes.
std::string laughs() {
  std::string text = "modules:\n  lol:\n    prober: http\n    http:\n      valid_http_versions: &l0 [lol, lol]\n  x:\n";
  std::string more;
  for (int level = 1; level < 10; ++level) {
    more += fmt::format("    k{0}: &l{0} [", level);
    for (int i = 0; i < 10; ++i) more += fmt::format("{}*l{}", i == 0 ? "" : ", ", level - 1);
    more += "]\n";
  }
  return text + more;
}

TEST(ProbeModules, AreNotBlownUpByAliases) {
  EXPECT_NE(complaint_about(laughs()), "");
  // What the file's own form lets grow: modules of the same thousand headers of the same long value.
  std::string text = "modules:\n  m0:\n    prober: http\n    http: &h\n      headers:\n        A0: &v " +
                     std::string(20'000, 'x') + "\n";
  for (int i = 1; i < 900; ++i) text += fmt::format("        A{}: *v\n", i);
  for (int i = 1; i < 900; ++i) text += fmt::format("  m{}: {{prober: http, http: *h}}\n", i);
  EXPECT_TRUE(complaint_about(text).contains("aliases make it too large"));
  // Merged into each other, and into itself.
  std::string chain = "modules:\n  m: {prober: http, http: &a0 {method: GET}}\n";
  for (int i = 1; i < 30; ++i)
    chain += fmt::format("  m{0}: {{prober: http, http: &a{0} {{<<: [*a{1}, *a{1}]}}}}\n", i, i - 1);
  EXPECT_TRUE(complaint_about(chain).contains("too deeply"));
  EXPECT_TRUE(complaint_about("modules: {m: {prober: http, http: &a {<<: *a}}}").contains("too deeply"));
}

TEST(ProbeModules, AreReadInTimeFromWhateverFile) {
  const auto began = std::chrono::steady_clock::now();
  for (const std::string_view piece :
       {"[", "{", "- ", "? ", "a: ", "!", "&a ", "*a ", "\"", "{a: ", "[a, ", "|\n", "a:\n ", "\t", "\x01", "%"}) {
    std::string text;
    while (text.size() + piece.size() <= kMostModulesFile) text += piece;
    EXPECT_NE(complaint_about(text), "") << piece;
  }
  std::string many = "modules: {";
  for (int i = 0; many.size() < kMostModulesFile; ++i) many += fmt::format("a{}: {{prober: http}}, ", i);
  EXPECT_EQ(complaint_about(many + "}"), "blackbox.yml:1: has more than 1000 keys");
  // Minutes would be a mistake; a sanitizer is slow.
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(60));
}

TEST(ProbeModules, ReadASecretsFileAnew) {
  const auto path = std::filesystem::temp_directory_path() / fmt::format("fix502-secret-{}", getpid());
  std::ofstream(path) << "first\n";
  const auto modules =
      modules_in(fmt::format("modules: {{a: {{prober: http, http: {{bearer_token_file: '{}'}}}}}}", path.string()));
  EXPECT_EQ(modules.find("a")->authorization.value().value(), "Bearer first");
  std::ofstream(path) << "second\n";
  EXPECT_EQ(modules.find("a")->authorization.value().value(), "Bearer second");
  std::filesystem::remove(path);
  EXPECT_FALSE(modules.find("a")->authorization.value());
}

struct GoTime {
  std::string_view text;
  long milliseconds;  // -1: none
};
constexpr GoTime kGoTimes[] = {{"5s", 5'000}, {"1m30s", 90'000}, {"1.5s", 1'500},   {"250ms", 250}, {".5s", 500},
                               {"0", 0},      {"1us", 1},        {"1h", 3'600'000}, {"2h", -1},     {"5", -1},
                               {"", -1},      {"-1s", -1},       {"5 s", -1},       {"5sec", -1},   {"s", -1}};

TEST(GoDuration, IsReadAsGoReadsIt) {
  for (const auto& [text, milliseconds] : kGoTimes) {
    const auto read = parse_go_duration(text);
    EXPECT_EQ(read ? read->count() : -1, milliseconds) << text;
  }
}

}  // namespace
}  // namespace fix502
