#include <gtest/gtest.h>

#include <algorithm>

#include "gateway/gateways/haproxy/configuration.hpp"
#include "gateway/kind.hpp"
#include "gateway/map_files.hpp"

namespace fix502 {
namespace {

constexpr std::string_view kConfig = R"(global
    log /dev/log local0
    stats socket /run/haproxy.sock mode 660 level admin
    user haproxy
    tune.bufsize 16384

defaults
    mode http
    timeout connect 2s
    timeout client 30s
    timeout server 3000
    option httpchk GET /health

frontend web
    bind *:80
    bind 203.0.113.1:443 ssl crt /etc/ssl/shop.pem
    acl is_api path_beg -i /api/
    acl admin hdr(host) -i admin.example # a comment
    http-request deny if { path /forbidden }
    http-request set-path /v2%[path] if { path_beg /old }
    http-request redirect scheme https if { path /login } !{ ssl_fc }
    use_backend api if is_api !admin
    use_backend %[hdr(host),lower,map(/etc/haproxy/hosts.map,shop)] if { path_beg /mapped }
    use_backend admin if admin
    default_backend shop

backend api
    option forwardfor
    timeout server 10s
    server a1 127.0.0.1:8001 check inter 2s
    server a2 app.internal:8002 backup

backend admin
    server s1 unix@/run/admin.sock
    option http-server-close

backend shop
    server t1 [::1]:8443 ssl verify required ca-file /etc/ca.pem sni str(shop.internal) alpn h2,http/1.1
    server t2 127.0.0.1:8443 ssl disabled

listen old 127.0.0.1:8080
    server o1 127.0.0.1:9000 proto fcgi
    use-fcgi-app php

fcgi-app php
    docroot /srv/www
    index index.php
)";

std::unique_ptr<Configuration> configuration(std::string text, std::vector<NameValue> environment = {}) {
  test::MapFiles files(
      {{"/etc/haproxy/haproxy.cfg", std::move(text)}, {"/etc/haproxy/hosts.map", "special.example admin\n"}});
  ReadRequest request;
  request.config = "/etc/haproxy/haproxy.cfg";
  request.version = "2.6.12";
  request.environment = std::move(environment);
  auto read = find_gateway_kind("haproxy")->read(request, files);
  EXPECT_TRUE(read);
  return std::move(*read);
}

Incoming asking(std::string host, std::string target, std::uint16_t port = 80) {
  Incoming incoming;
  incoming.scheme = port == 443 ? "https" : "http";
  incoming.host = std::move(host);
  incoming.target = std::move(target);
  incoming.port = port;
  incoming.headers = {{"User-Agent", "ua"}, {"Accept", "*/*"}};
  return incoming;
}

struct Choice {
  std::string_view host, target;
  std::uint16_t port;
  std::string_view upstream;  // or, for an answer, how it begins
  RouteKind kind = RouteKind::proxied;
};
const Choice kChoices[] = {
    {"shop.example", "/", 80, "shop"},
    {"shop.example", "/API/x", 80, "api"},
    {"admin.example", "/api/x", 80, "admin"},
    {"admin.example", "/", 80, "admin"},
    {"special.example", "/mapped", 80, "admin"},
    {"other.example", "/mapped", 80, "shop"},
    {"shop.example", "/forbidden", 80, "http-request deny", RouteKind::answered},
    {"shop.example", "/login", 80, "http-request redirect", RouteKind::answered},
    {"shop.example", "/login", 443, "shop"},
    {"shop.example", "/", 81, "", RouteKind::no_route},
    {"x", "/", 8080, "old"},
};

TEST(Haproxy, ChoosesAsItsRulesSay) {
  const auto all = configuration(std::string(kConfig));
  EXPECT_TRUE(all->problems.empty());
  for (const auto& choice : kChoices) {
    Incoming incoming = asking(std::string(choice.host), std::string(choice.target), choice.port);
    if (choice.port == 443) incoming.address = "203.0.113.1";
    const Route route = all->route(incoming);
    EXPECT_EQ(route.kind, choice.kind) << choice.host << choice.target;
    const std::string& named = choice.kind == RouteKind::answered ? route.answer : route.upstream;
    EXPECT_TRUE(named.starts_with(choice.upstream)) << choice.host << choice.target << " goes to " << named;
  }
}

TEST(Haproxy, NamesServersLimitsAndTheRequest) {
  const auto all = configuration(std::string(kConfig));
  const Route api = all->route(asking("shop.example", "/api/x?y=1"));
  ASSERT_EQ(api.servers.size(), 2U);
  EXPECT_EQ(api.servers[0].endpoint(), "127.0.0.1:8001");
  EXPECT_EQ(api.servers[0].name, "api/a1");
  EXPECT_TRUE(api.servers[1].backup);
  EXPECT_TRUE(api.servers[1].resolved_once);
  EXPECT_TRUE(api.check.on);
  EXPECT_EQ(api.check.path, "/health");
  ASSERT_NE(api.limit(LimitKind::read_timeout), nullptr);
  EXPECT_EQ(api.limit(LimitKind::read_timeout)->amount, 10'000);
  EXPECT_EQ(api.limit(LimitKind::read_timeout)->from.source, Source::set);
  EXPECT_EQ(api.limit(LimitKind::connect_timeout)->amount, 2'000);
  EXPECT_EQ(api.limit(LimitKind::connect_timeout)->from.source, Source::inherited);
  EXPECT_EQ(api.limit(LimitKind::response_header)->amount, 16'384 - 1'024 - 134);
  const std::vector<NameValue> sent = {
      {"host", "shop.example"}, {"user-agent", "ua"}, {"accept", "*/*"}, {"x-forwarded-for", "127.0.0.1"}};
  EXPECT_EQ(api.request.headers, sent);
  EXPECT_EQ(api.request.target, "/api/x?y=1");
  EXPECT_TRUE(api.pool);

  const Route admin = all->route(asking("admin.example", "/old/x"));
  EXPECT_EQ(admin.servers[0].endpoint(), "unix:/run/admin.sock");
  EXPECT_EQ(admin.request.target, "/v2/old/x");
  EXPECT_FALSE(admin.pool);

  const Route shop = all->route(asking("shop.example", "/"));
  EXPECT_TRUE(shop.tls.on);
  EXPECT_TRUE(shop.tls.verify);
  EXPECT_EQ(shop.tls.sni, "shop.internal");
  EXPECT_EQ(shop.tls.trusted_file, "/etc/ca.pem");
  EXPECT_TRUE(shop.servers[1].disabled);
  EXPECT_EQ(shop.request.protocol, Protocol::http2);

  const Route old = all->route(asking("x", "/", 8080));
  EXPECT_EQ(old.request.protocol, Protocol::fastcgi);
  const auto script = std::ranges::find(old.request.params, "SCRIPT_FILENAME", &NameValue::name);
  ASSERT_NE(script, old.request.params.end());
  EXPECT_EQ(script->value, "/srv/www/index.php");
}

TEST(Haproxy, FindsARequestForEveryWay) {
  const auto all = configuration(std::string(kConfig));
  std::vector<std::string> upstreams;
  for (const auto& incoming : all->every_way()) upstreams.push_back(all->route(incoming).upstream);
  for (const std::string_view name : {"api", "admin", "shop", "old"})
    EXPECT_NE(std::ranges::find(upstreams, name), upstreams.end()) << name;
}

struct Change {
  std::string_view what;
  Mending mending;
  std::string_view host, target;
  std::string_view diff;  // the lines that change, without context
};
std::vector<Change> changes() {
  return {
      {"address",
       {.kind = MendingKind::set_address, .text = "127.0.0.1:8009"},
       "shop.example",
       "/api/",
       "-    server a1 127.0.0.1:8001 check inter 2s\n+    server a1 127.0.0.1:8009 check inter 2s\n"},
      {"own timeout",
       {.kind = MendingKind::set_limit, .limit = LimitKind::read_timeout, .amount = 15'000},
       "shop.example",
       "/api/",
       "-    timeout server 10s\n+    timeout server 15s\n"},
      {"inherited timeout",
       {.kind = MendingKind::set_limit, .limit = LimitKind::read_timeout, .amount = 15'000},
       "admin.example",
       "/",
       "+    timeout server 15s\n"},
      {"buffer",
       {.kind = MendingKind::set_limit, .limit = LimitKind::response_header, .amount = 24'576},
       "shop.example",
       "/",
       "-    tune.bufsize 16384\n+    tune.bufsize 28672\n"},
      {"plain",
       {.kind = MendingKind::use_plain},
       "shop.example",
       "/",
       "-    server t1 [::1]:8443 ssl verify required ca-file /etc/ca.pem sni str(shop.internal) alpn h2,http/1.1\n+   "
       " server t1 [::1]:8443\n"},
      {"TLS",
       {.kind = MendingKind::use_tls},
       "shop.example",
       "/api/",
       "-    server a1 127.0.0.1:8001 check inter 2s\n+    server a1 127.0.0.1:8001 check inter 2s ssl verify none\n"},
      {"name in TLS",
       {.kind = MendingKind::send_sni, .name = "b.example"},
       "shop.example",
       "/",
       "-    server t1 [::1]:8443 ssl verify required ca-file /etc/ca.pem sni str(shop.internal) alpn h2,http/1.1\n+   "
       " server t1 [::1]:8443 ssl verify required ca-file /etc/ca.pem sni str(b.example) alpn h2,http/1.1\n"},
      {"no pool",
       {.kind = MendingKind::keep_shorter, .amount = 800},
       "shop.example",
       "/api/",
       "+    option http-server-close\n"},
      {"check",
       {.kind = MendingKind::check_path, .text = "/ok"},
       "shop.example",
       "/api/",
       "+    option httpchk GET /ok\n"},
  };
}

std::string changed_lines(const std::string& diff) {
  std::string lines;
  for (std::size_t at = 0; at < diff.size();) {
    const auto end = diff.find('\n', at) + 1;
    const std::string line = diff.substr(at, end - at);
    if ((line.starts_with('+') || line.starts_with('-')) && !line.starts_with("+++") && !line.starts_with("---"))
      lines += line;
    at = end;
  }
  return lines;
}

TEST(Haproxy, ChangesTheLeastThatDoesIt) {
  const auto all = configuration(std::string(kConfig));
  for (const auto& change : changes()) {
    const Route route = all->route(asking(std::string(change.host), std::string(change.target)));
    const auto proposal = all->propose(route, change.mending);
    ASSERT_TRUE(proposal) << change.what;
    const auto after = apply_edits(all->files, proposal->edits);
    ASSERT_TRUE(after) << change.what;
    EXPECT_EQ(changed_lines(unified_diff(all->files, *after)), change.diff) << change.what;
    EXPECT_TRUE(configuration(after->begin()->second)->problems.empty()) << change.what;
  }
  EXPECT_FALSE(all->propose(all->route(asking("shop.example", "/")), {.kind = MendingKind::pass_upgrade}));
}

TEST(Haproxy, ReadsQuotesEscapesAndTheEnvironment) {
  std::vector<Problem> problems;
  const auto lines = haproxy::read_lines("f", "  a \"b \\\"c\\\" ${HOME}\" 'd ${HOME}' e\\ f #g\n\nh#i\n",
                                         {{"HOME", "/root"}}, problems);
  ASSERT_EQ(lines.size(), 2U);
  ASSERT_EQ(lines[0].words.size(), 4U);
  EXPECT_EQ(lines[0].word(1), "b \"c\" /root");
  EXPECT_EQ(lines[0].word(2), "d ${HOME}");
  EXPECT_EQ(lines[0].word(3), "e f");
  EXPECT_EQ(lines[1].word(0), "h");
  EXPECT_TRUE(problems.empty());
  (void)haproxy::read_lines("f", "a \"b\nc", {}, problems);
  ASSERT_EQ(problems.size(), 2U);  // the quote, and the file's end
  EXPECT_EQ(problems[0].place.line, 1);
  EXPECT_TRUE(problems[1].fatal);
}

TEST(Haproxy, SurvivesWhatIsNoConfiguration) {
  for (const std::string& text :
       {std::string("\0\0\0server", 9), std::string(100'000, 'a'),
        std::string("frontend\nbind\nbackend b\nserver\nserver a\nuse_backend if if if\nacl\n"),
        std::string("defaults x from x\nfrontend f from x\nbind :80\nuse_backend %[path if { path }\n")}) {
    const auto all = configuration(text);
    (void)all->route(asking("a", "/"));
    (void)all->every_way();
    EXPECT_FALSE(all->files.empty());
  }
}

}  // namespace
}  // namespace fix502
