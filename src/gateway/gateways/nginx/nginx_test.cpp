#include <fmt/format.h>
#include <gtest/gtest.h>

#include "gateway/kind.hpp"
#include "gateway/map_files.hpp"

namespace fix502 {
namespace {

std::unique_ptr<Configuration> read(const std::string& text, const std::string& version = "1.22.1") {
  test::MapFiles files({{"/etc/nginx/nginx.conf", text}});
  ReadRequest request;
  request.config = "/etc/nginx/nginx.conf", request.prefix = "/usr/share/nginx/", request.version = version;
  request.more = {"--http-log-path=/var/log/nginx/access.log", "--error-log-path=stderr"};
  auto nginx = find_gateway_kind("nginx")->read(request, files);
  return nginx ? std::move(*nginx) : nullptr;
}

Route route_of(const Configuration& nginx, const std::string& target, const std::string& host = "a.test") {
  Incoming incoming;
  incoming.host = host, incoming.target = target;
  return nginx.route(incoming);
}

constexpr std::string_view kConf = R"(
events {}
worker_rlimit_nofile 2048;
error_log /var/log/nginx/main.log;
http {
  log_format own '$remote_addr ' '$status';
  proxy_read_timeout 7;
  upstream back { server 127.0.0.1:1 fail_timeout=3s; server app.internal weight=3 backup; server unix:/a.sock down;
                  keepalive 4; keepalive_timeout 900ms; }
  proxy_cache_path /cache keys_zone=z:1m;
  server {
    server_name a.test;
    access_log /var/log/nginx/a.log own;
    error_log /var/log/nginx/a.err warn;
    location / { proxy_pass http://back; proxy_next_upstream error non_idempotent; }
    location /ka/ { proxy_http_version 1.1; proxy_set_header Connection ""; proxy_pass http://back; }
    location /ws/ { proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection upgrade; proxy_pass http://10.0.0.1:81; }
    location /socket.io/ { proxy_pass http://10.0.0.1:81; }
    location /cached/ { proxy_cache z; proxy_cache_valid any 1m; proxy_pass http://10.0.0.1:81; }
    location /good/ { proxy_cache z; proxy_cache_valid 200 1m; proxy_pass http://10.0.0.1:81; }
    location /name/ { proxy_pass http://app.internal:8000/; }
    location /var/ { resolver 127.0.0.53; set $n other.internal; proxy_pass http://$n:8000; }
    location /trap/ { resolver 127.0.0.53; set $n app.internal; proxy_pass http://$n:8000; }
    location /bare/ { set $n other.internal; proxy_pass http://$n:8000; }
    location /lua/ { set_by_lua_block $n { return "}" } proxy_pass http://$n:8000; }
    location /tls/ { proxy_ssl_server_name on; proxy_pass https://app.internal; }
    location /tlsip/ { proxy_ssl_verify on; proxy_ssl_trusted_certificate ca.pem; proxy_ssl_server_name on;
                       proxy_pass https://10.0.0.1; }
  }
}
)";

TEST(Nginx, LimitsWithTheirSources) {
  const auto nginx = read(std::string(kConf));
  ASSERT_TRUE(nginx->problems.empty()) << nginx->problems.front().what;
  const auto route = route_of(*nginx, "/");
  const struct {
    LimitKind kind;
    std::optional<std::int64_t> amount;
    Source source;
    std::string_view directive;
  } kCases[] = {
      {LimitKind::read_timeout, 7000, Source::inherited, "proxy_read_timeout"},
      {LimitKind::connect_timeout, 60'000, Source::builtin, "proxy_connect_timeout"},
      {LimitKind::response_header, 4096, Source::builtin, "proxy_buffer_size"},
      {LimitKind::retry_pause, 3000, Source::set, "fail_timeout"},
      {LimitKind::max_fails, 1, Source::builtin, "max_fails"},
      {LimitKind::retries, std::nullopt, Source::builtin, "proxy_next_upstream_tries"},
      {LimitKind::request_field, 8192, Source::builtin, "large_client_header_buffers"},
      {LimitKind::request_body, 1 << 20, Source::builtin, "client_max_body_size"},
      {LimitKind::pool_size, 4, Source::set, "keepalive"},
      {LimitKind::pool_idle, 900, Source::set, "keepalive_timeout"},
      {LimitKind::connections, 512, Source::builtin, "worker_connections"},
      {LimitKind::files, 2048, Source::set, "worker_rlimit_nofile"},
  };
  for (const auto& row : kCases) {
    SCOPED_TRACE(to_word(row.kind));
    const auto* limit = route.limit(row.kind);
    ASSERT_NE(limit, nullptr);
    EXPECT_EQ(limit->amount, row.amount);
    EXPECT_EQ(limit->from.source, row.source);
    EXPECT_EQ(limit->from.directive, row.directive);
    EXPECT_EQ(limit->from.place.known(), row.source != Source::builtin);
  }
}

TEST(Nginx, ServersOfAGroup) {
  const auto nginx = read(std::string(kConf));
  const auto servers = route_of(*nginx, "/").servers;
  ASSERT_EQ(servers.size(), 3U);
  EXPECT_EQ(servers[0].endpoint(), "127.0.0.1:1");
  EXPECT_EQ(servers[1].endpoint(), "app.internal:80");
  EXPECT_TRUE(servers[1].backup && servers[1].resolved_once);
  EXPECT_EQ(servers[1].weight, 3);
  EXPECT_EQ(servers[2].endpoint(), "unix:/a.sock");
  EXPECT_TRUE(servers[2].disabled);
}

TEST(Nginx, NamesAreLookedUpOnceOrAgain) {
  const auto nginx = read(std::string(kConf));
  EXPECT_TRUE(route_of(*nginx, "/name/").servers.at(0).resolved_once);
  const auto again = route_of(*nginx, "/var/").servers.at(0);
  EXPECT_FALSE(again.resolved_once || again.resolved_by_host_file);
  EXPECT_EQ(again.resolver, "127.0.0.53:53");
  // A literal of the same host and port stands elsewhere in the file.
  const auto trap = route_of(*nginx, "/trap/");
  EXPECT_TRUE(trap.servers.at(0).resolved_once);
  EXPECT_FALSE(trap.notes.empty());
  EXPECT_EQ(route_of(*nginx, "/bare/").notes.at(0), "no resolver is defined to resolve other.internal");
  const auto lua = route_of(*nginx, "/lua/");
  EXPECT_TRUE(lua.servers.empty());
  EXPECT_EQ(lua.notes.at(0), "$n is set at run time by set_by_lua_block");
}

TEST(Nginx, Traits) {
  const auto nginx = read(std::string(kConf));
  EXPECT_TRUE(route_of(*nginx, "/ws/").passes_upgrade && route_of(*nginx, "/ws/").asks_upgrade);
  EXPECT_TRUE(!route_of(*nginx, "/socket.io/").passes_upgrade && route_of(*nginx, "/socket.io/").asks_upgrade);
  EXPECT_FALSE(route_of(*nginx, "/name/").asks_upgrade);
  const auto cached = route_of(*nginx, "/cached/");
  EXPECT_TRUE(cached.cached && cached.stores_errors);
  EXPECT_EQ(cached.cache_folder, "/cache");
  EXPECT_FALSE(route_of(*nginx, "/good/").stores_errors);
  const auto unused = route_of(*nginx, "/");
  EXPECT_TRUE(unused.pool_wanted && !unused.pool && unused.retries_unsafe);
  const auto used = route_of(*nginx, "/ka/");
  EXPECT_TRUE(used.pool && used.pool_retried && !used.retries_unsafe);
  EXPECT_EQ(used.pool_from.directive, "keepalive");
}

TEST(Nginx, PoolsOfNewerVersions) {
  // Since 1.29.7 an upstream block keeps connections by itself, and HTTP/1.1 is spoken; a literal address has no pool.
  const std::string text =
      "http { upstream b { server a:1; } server { location / { proxy_pass http://b; } location /l { proxy_pass "
      "http://c:1; } } }";
  EXPECT_FALSE(route_of(*read(text, "1.29.6"), "/").pool);
  const auto group = route_of(*read(text, "1.29.7"), "/");
  EXPECT_TRUE(group.pool);
  EXPECT_EQ(group.request.protocol, Protocol::http1_1);
  EXPECT_EQ(group.limit(LimitKind::pool_size)->amount, 32);
  EXPECT_FALSE(route_of(*read(text, "1.29.7"), "/l").pool);
}

TEST(Nginx, TlsToTheUpstream) {
  const auto nginx = read(std::string(kConf));
  const auto named = route_of(*nginx, "/tls/").tls;
  EXPECT_TRUE(named.on && !named.verify);
  EXPECT_EQ(named.sni, "app.internal");
  EXPECT_EQ(named.max_version, "TLSv1.2");  // 1.22 does not switch TLS 1.3 on
  const auto address = route_of(*nginx, "/tlsip/").tls;
  EXPECT_TRUE(address.verify && address.verify_name);
  EXPECT_EQ(address.sni, "");  // an address is never sent as a name
  EXPECT_EQ(address.trusted_file, "/etc/nginx/ca.pem");
}

TEST(Nginx, LogsNearestFirst) {
  const auto nginx = read(std::string(kConf));
  const auto logs = nginx->logs(route_of(*nginx, "/"));
  ASSERT_EQ(logs.size(), 3U);
  EXPECT_EQ(logs[0].path, "/var/log/nginx/a.err");
  EXPECT_EQ(logs[0].level, "warn");
  EXPECT_EQ(logs[1].path, "/var/log/nginx/a.log");
  EXPECT_EQ(logs[1].format, "$remote_addr $status");
  EXPECT_EQ(logs[2].path, "/var/log/nginx/main.log");
  const auto bare = read("http { server { location / { proxy_pass http://a:1; } } }");
  const auto built_in = bare->logs(route_of(*bare, "/"));
  ASSERT_EQ(built_in.size(), 2U);
  EXPECT_EQ(built_in[0].where, "stderr");
  EXPECT_EQ(built_in[1].path, "/var/log/nginx/access.log");
}

TEST(Nginx, EveryWayLeadsSomewhereElse) {
  const auto nginx = read(std::string(kConf));
  const auto ways = nginx->every_way();
  EXPECT_EQ(ways.size(), 13U);
  for (const auto& way : ways) EXPECT_EQ(nginx->route(way).kind, RouteKind::proxied) << way.target;
  const auto named = read(R"(http { server { listen 8080; server_name *.x.test; location / { try_files $uri @app; }
    location @app { proxy_pass http://a:1; } location ~ ^/v(\d+)/.*\.php$ { fastcgi_pass unix:/p; } } })");
  ASSERT_EQ(named->every_way().size(), 2U);
  EXPECT_EQ(named->every_way()[0].host, "www.x.test");
}

TEST(Nginx, RequestsThatNobodyTakes) {
  const auto nginx = read(std::string(kConf));
  Incoming incoming;
  incoming.host = "a.test", incoming.port = 81;
  EXPECT_EQ(nginx->route(incoming).kind, RouteKind::no_route);
  incoming.port = 80, incoming.scheme = "https";
  EXPECT_EQ(nginx->route(incoming).kind, RouteKind::no_route);
}

Result<Said> debian(const std::vector<std::string>& words, const std::string&, const std::vector<NameValue>&) {
  EXPECT_EQ(words, (std::vector<std::string>{"/usr/sbin/nginx", "-V"}));
  return Said{0, "",
              "nginx version: nginx/1.22.1\nconfigure arguments: --with-cc-opt='-g -O2' --prefix=/usr/share/nginx "
              "--conf-path=/etc/nginx/nginx.conf --http-log-path=/var/log/nginx/access.log --error-log-path=stderr\n"};
}

TEST(Nginx, FromAProcessToItsFilesAndBack) {
  const auto& kind = *find_gateway_kind("nginx");
  const struct {
    std::string title, config, prefix;
    std::vector<std::string> check;
  } kCases[] = {
      {"nginx: master process /usr/sbin/nginx -g daemon on; master_process on;",
       "/etc/nginx/nginx.conf",
       "/usr/share/nginx/",
       {"/usr/sbin/nginx", "-t", "-p", "/usr/share/nginx/", "-c", "/etc/nginx/nginx.conf", "-g",
        "daemon on; master_process on;"}},
      {"nginx: master process nginx -p run -c conf/a.conf",
       "/srv/run/conf/a.conf",
       "/srv/run/",
       {"/usr/sbin/nginx", "-t", "-p", "/srv/run/", "-c", "/srv/run/conf/a.conf"}},
      {"nginx: master process nginx -g daemon off; -c/x/b.conf -e /x/e.log",
       "/x/b.conf",
       "/usr/share/nginx/",
       {"/usr/sbin/nginx", "-t", "-p", "/usr/share/nginx/", "-c", "/x/b.conf", "-g", "daemon off;", "-e", "/x/e.log"}},
  };
  for (const auto& row : kCases) {
    SCOPED_TRACE(row.title);
    RunningProgram process;
    process.pid = 7, process.program = "/usr/sbin/nginx", process.name = "nginx";
    process.arguments = {row.title}, process.folder = "/srv";
    EXPECT_TRUE(kind.is_master(process));
    const auto request = kind.request_of(process, debian);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->config, row.config);
    EXPECT_EQ(request->prefix, row.prefix);
    EXPECT_EQ(request->version, "1.22.1");
    const auto operation = kind.operation(*request, *read("http {}"), &process);
    EXPECT_EQ(operation.check, row.check);
    EXPECT_EQ(operation.signal, 1);
    EXPECT_EQ(operation.master, 7);
    EXPECT_EQ(operation.folder, "/srv");
  }
  RunningProgram worker;
  worker.name = "nginx";
  for (const auto* title : {"nginx: worker process", "nginx: cache manager process", "/usr/sbin/apache2"}) {
    worker.arguments = {title};
    EXPECT_FALSE(kind.is_master(worker)) << title;
  }
  worker.arguments = {"nginx", "-t"};
  EXPECT_FALSE(kind.is_master(worker));
}

}  // namespace
}  // namespace fix502
