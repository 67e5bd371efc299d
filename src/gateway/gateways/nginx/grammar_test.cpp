#include <gtest/gtest.h>

#include "gateway/gateways/nginx/lexer.hpp"
#include "gateway/gateways/nginx/values.hpp"
#include "gateway/kind.hpp"
#include "gateway/map_files.hpp"

namespace fix502 {
namespace {

using Texts = std::map<std::string, std::string>;

std::unique_ptr<Configuration> read(Texts texts, std::string version = "1.22.1") {
  test::MapFiles files(std::move(texts));
  ReadRequest request;
  request.config = "/etc/nginx/nginx.conf", request.prefix = "/usr/share/nginx/", request.version = std::move(version);
  auto nginx = find_gateway_kind("nginx")->read(request, files);
  return nginx ? std::move(*nginx) : nullptr;
}

TEST(NginxGrammar, Words) {
  const struct {
    std::string_view text;
    std::vector<std::string> words;
    std::string error;
  } kCases[] = {
      {"set $v a#b;", {"set", "$v", "a#b"}, {}},
      {"# set\n a b ; c;", {"a", "b"}, {}},
      {R"(a "b ; { } # ' c" 'd"e';)", {"a", "b ; { } # ' c", "d\"e"}, {}},
      {R"(a a"b;)", {"a", "a\"b"}, {}},
      {R"(a a\ b \d \" "\t";)", {"a", "a\\ b", "\\d", "\"", "\t"}, {}},
      {R"(a ${b}c;)", {"a", "${b}c"}, {}},
      {R"(a "x"y;)", {"a", "x", "y"}, "unexpected \"y\""},
      {R"(if ($a = "b") {)", {"if", "($a", "=", "b", ")"}, {}},
      {"a b", {}, R"(unexpected end of file, expecting ";" or "}")"},
      {"a \"b;", {}, R"(unexpected end of file, expecting ";" or "}")"},
      {"a b }", {"a", "b"}, "unexpected \"}\""},
      {"; a;", {"a"}, "unexpected \";\""},
  };
  for (const auto& row : kCases) {
    SCOPED_TRACE(row.text);
    nginx::Lexer lexer(row.text);
    std::vector<nginx::Word> words;
    static_cast<void>(lexer.next(words));
    std::vector<std::string> texts;
    for (const auto& word : words) texts.push_back(word.text);
    EXPECT_EQ(texts, row.words);
    EXPECT_EQ(lexer.take_error(), row.error);
  }
}

TEST(NginxGrammar, SizesAndTimes) {
  EXPECT_EQ(nginx::parse_size("8k"), 8192);
  EXPECT_EQ(nginx::parse_size("1M"), 1 << 20);
  EXPECT_EQ(nginx::parse_size("8kk"), std::nullopt);
  EXPECT_EQ(nginx::parse_size(""), std::nullopt);
  EXPECT_EQ(nginx::parse_time("60"), 60'000);
  EXPECT_EQ(nginx::parse_time("1m 30s"), 90'000);
  EXPECT_EQ(nginx::parse_time("1m30s"), 90'000);
  EXPECT_EQ(nginx::parse_time("1500ms"), 1500);
  EXPECT_EQ(nginx::parse_time("5x"), std::nullopt);
  EXPECT_EQ(nginx::parse_time("30s 1m"), std::nullopt);
  EXPECT_EQ(nginx::time_text(90'000, "1m"), "90s");
  EXPECT_EQ(nginx::time_text(120'000, "1m"), "2m");
  EXPECT_EQ(nginx::time_text(5000, "60"), "5");
  EXPECT_EQ(nginx::time_text(800, "60s"), "800ms");
  EXPECT_EQ(nginx::size_text(16384, "4k"), "16k");
}

TEST(NginxGrammar, ProblemsAsNginxWordsThem) {
  const struct {
    std::string_view text, what;
    bool fatal = true;
    std::string_view version = "1.22.1";
  } kCases[] = {
      {"http { proxy_pas x; }", "unknown directive \"proxy_pas\""},
      {"http { listen 80; }", "\"listen\" directive is not allowed here"},
      {"http { server { proxy_read_timeout 1s 2s; } }",
       "invalid number of arguments in \"proxy_read_timeout\" directive"},
      {"http { server { location / { proxy_read_timeout 1s; proxy_read_timeout 2s; } } }",
       "\"proxy_read_timeout\" directive is duplicate"},
      {"http { server { location /a {} location /a {} } }", "duplicate location \"/a\""},
      {"http { server { ", "unexpected end of file, expecting \"}\""},
      {"http { } }", "unexpected \"}\""},
      {"http { include gone.conf; }", "open() \"/etc/nginx/gone.conf\" failed (2: No such file or directory)"},
      {"http { include nginx.conf; }", "\"/etc/nginx/nginx.conf\" includes itself"},
      {"http { server { listen 443 ssl; } }", "no \"ssl_certificate\" is defined for the \"listen ... ssl\" directive"},
      {"http { server { server_name a; } server { server_name a; } }",
       "conflicting server name \"a\" on 0.0.0.0:80, ignored", false},
      {"http { server { http2 on; } }", "unknown directive \"http2\""},
      {"http { server { location / { proxy_set_header X $nope; } } }", "unknown \"nope\" variable"},
      {"http { server { location ~ /a { proxy_pass http://a/x; } } }",
       "\"proxy_pass\" cannot have URI part in location given by regular expression, or inside named location, or "
       "inside "
       "\"if\" statement, or inside \"limit_except\" block"},
      {"http { server { location / { proxy_buffer_size 15k; } } }",
       "\"proxy_busy_buffers_size\" must be less than the size of all \"proxy_buffers\" minus one buffer"},
      {"http { server { location / { fastcgi_pass 127.0.0.1; } } }", "no port in upstream \"127.0.0.1\""},
      {"http { server { location /a { location /b { } } } }", "location \"/b\" is outside location \"/a\""},
      {"http { upstream u { server a resolv; } }", "invalid parameter \"resolv\""},
      {"stream { server { listen 1; proxy_pass x:1; } } http { }", "stream is not looked at: it does not carry HTTP",
       false},
      {"http { server { location ~ ( { } } }", "pcre2_compile() failed: missing closing parenthesis in \"(\""},
  };
  for (const auto& row : kCases) {
    SCOPED_TRACE(row.text);
    const auto nginx =
        read({{"/etc/nginx/nginx.conf", "events {} " + std::string(row.text)}}, std::string(row.version));
    ASSERT_NE(nginx, nullptr);
    ASSERT_FALSE(nginx->problems.empty());
    EXPECT_EQ(nginx->problems.front().what, row.what);
    EXPECT_EQ(nginx->problems.front().fatal, row.fatal);
  }
}

TEST(NginxGrammar, GoodOnesHaveNoProblems) {
  for (const std::string text :
       {"http { include conf.d/*.conf; server { location / { return 200 \"a;b\"; } } }",
        "http { map $uri $a { default 1; \"~^/x{2}\" 2; include more; } server { listen 80 default_server; } }",
        "http { server { content_by_lua_block { local s = \"}\" -- }\n local t = [[ } ]] } } }",
        "http { upstream u { server a:1 weight=2 max_fails=3 fail_timeout=5s backup down max_conns=3; keepalive 3; } "
        "}"}) {
    SCOPED_TRACE(text);
    const auto nginx = read({{"/etc/nginx/nginx.conf", "events {} " + text}, {"/etc/nginx/more", "k v;"}});
    EXPECT_TRUE(nginx->problems.empty()) << nginx->problems.front().what;
  }
  EXPECT_TRUE(read({{"/etc/nginx/nginx.conf", "events {} http { server { http2 on; } }"}}, "1.26.0")->problems.empty());
}

TEST(NginxGrammar, HostileInputIsBounded) {
  std::string deep;
  for (int i = 0; i < 20'000; ++i) deep += "server {";
  const auto nested = read({{"/etc/nginx/nginx.conf", "events {} http {" + deep}});
  EXPECT_FALSE(nested->problems.empty());
  const auto huge =
      read({{"/etc/nginx/nginx.conf", "events {} http { server_tokens " + std::string(1'000'000, 'x') + "; }"}});
  ASSERT_FALSE(huge->problems.empty());
  EXPECT_TRUE(huge->problems.front().what.starts_with("too long parameter"));
  const auto odd = read(
      {{"/etc/nginx/nginx.conf", std::string("http { server { location /\0 { proxy_pass http://\x01; } } }", 54)}});
  EXPECT_EQ(odd->every_way().size(), 1U);
  // Two files that include each other twice: as many readings as there are levels.
  Texts bomb = {{"/etc/nginx/nginx.conf", "http { include 0; }"}};
  for (int i = 0; i < 40; ++i)
    bomb["/etc/nginx/" + std::to_string(i)] =
        "include " + std::to_string(i + 1) + "; include " + std::to_string(i + 1) + ";";
  EXPECT_FALSE(read(bomb)->problems.empty());
}

}  // namespace
}  // namespace fix502
