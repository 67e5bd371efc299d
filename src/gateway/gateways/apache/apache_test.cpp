#include <gtest/gtest.h>

#include <algorithm>

#include "gateway/gateways/apache/asked.hpp"
#include "gateway/kind.hpp"
#include "gateway/map_files.hpp"

namespace fix502 {
namespace {

using test::MapFiles;

constexpr std::string_view kModules =
    "LoadModule mpm_event_module m/mod_mpm_event.so\nLoadModule proxy_module m/mod_proxy.so\n"
    "LoadModule proxy_http_module m/mod_proxy_http.so\nLoadModule proxy_fcgi_module m/mod_proxy_fcgi.so\n"
    "LoadModule proxy_balancer_module m/mod_proxy_balancer.so\nLoadModule rewrite_module m/mod_rewrite.so\n"
    "LoadModule headers_module m/mod_headers.so\nLoadModule env_module m/mod_env.so\n"
    "LoadModule setenvif_module m/mod_setenvif.so\nLoadModule ssl_module m/mod_ssl.so\n"
    "LoadModule macro_module m/mod_macro.so\nLoadModule alias_module m/mod_alias.so\n"
    "LoadModule cache_module m/mod_cache.so\nLoadModule cache_disk_module m/mod_cache_disk.so\n"
    "LoadModule proxy_hcheck_module m/mod_proxy_hcheck.so\nLoadModule proxy_uwsgi_module m/mod_proxy_uwsgi.so\n";

ReadRequest request_for_test() {
  ReadRequest request;
  request.config = "/etc/apache2/apache2.conf";
  request.prefix = "/etc/apache2";
  request.version = "2.4.71";
  request.environment = {{"APACHE_RUN_USER", "www-data"}, {"APACHE_LOG_DIR", "/var/log/apache2"}};
  return request;
}

std::unique_ptr<Configuration> read(std::map<std::string, std::string> texts) {
  MapFiles files(std::move(texts));
  auto read = find_gateway_kind("apache")->read(request_for_test(), files);
  EXPECT_TRUE(read);
  return std::move(*read);
}

/// The main file: the usual modules, a listener, and `text` in a virtual host of shop.example.
std::unique_ptr<Configuration> read_host(std::string_view text, std::string_view main = {}) {
  return read({{"/etc/apache2/apache2.conf", std::string(kModules) + "Listen 80\n" + std::string(main) +
                                                 "<VirtualHost *:80>\n    ServerName shop.example\n" +
                                                 std::string(text) + "</VirtualHost>\n"}});
}

Incoming ask_for(std::string target, std::string host = "shop.example") {
  Incoming incoming;
  incoming.host = std::move(host);
  incoming.target = std::move(target);
  incoming.headers = {{"User-Agent", "ua"}};
  return incoming;
}

std::string endpoint(const Route& route) {
  if (route.kind != RouteKind::proxied) return route.answer;
  return route.servers.empty() ? std::string("none") : route.servers[0].endpoint();
}

bool has_problem(const Configuration& configuration, std::string_view what, bool fatal) {
  return std::ranges::any_of(configuration.problems, [&](const Problem& problem) {
    return problem.fatal == fatal && problem.what.contains(what);
  });
}

TEST(Apache, ReadsIncludesVariablesAndMacrosOfManyFiles) {
  const auto configuration =
      read({{"/etc/apache2/apache2.conf",
             std::string(kModules) + "Listen 80\nServerName m\nUser ${APACHE_RUN_USER}\nDefine BACK 127.0.0.1:81\n"
                                     "Include conf.d/*.conf\nIncludeOptional none/*.conf\nUse Site b.example 83\n"},
            {"/etc/apache2/conf.d/2.conf",
             "<Macro Site $host $port>\n<VirtualHost *:80>\nServerName $host\nProxyPass / "
             "http://127.0.0.1:$port/\n</VirtualHost>\n</Macro>\n"},
            {"/etc/apache2/conf.d/1.conf",
             "<VirtualHost *:80>\nServerName a.example\nProxyPass / http://${BACK}/\nCustomLog ${APACHE_LOG_DIR}/a.log "
             "combined\n</VirtualHost>\n"}});
  EXPECT_TRUE(configuration->problems.empty()) << configuration->problems[0].what;
  EXPECT_EQ(configuration->user, "www-data");
  const Route a = configuration->route(ask_for("/", "a.example"));
  EXPECT_EQ(endpoint(a), "127.0.0.1:81");
  EXPECT_EQ(a.place.file, "/etc/apache2/conf.d/1.conf");
  EXPECT_EQ(a.place.line, 3);
  EXPECT_EQ(endpoint(configuration->route(ask_for("/", "b.example"))), "127.0.0.1:83");
  // The first host of the address takes what nobody else does.
  EXPECT_EQ(configuration->route(ask_for("/", "unknown.example")).server, "a.example");
  EXPECT_EQ(configuration->logs(a)[1].path, "/var/log/apache2/a.log");
}

struct BadConfig {
  std::string_view text, what;
  bool fatal = true;
};
// The texts of `apache2 -t` for the same files.
const BadConfig kBad[] = {
    {"ProxyPas / http://h/\n", "Invalid command 'ProxyPas', perhaps misspelled"},
    {"<Location /x>\nProxyPass http://h/\n", "Expected </Location> but saw </VirtualHost>"},
    {"ProxyPass /x\n", "needs a path when not defined in a location"},
    {"ProxyPass /x http://h/ tiemout=5\n", "unknown Worker parameter"},
    {"ProxyPass /x http://h/ # fast\n", "Parameter must be in the form 'key=value'"},
    {"ProxyPass /x http://h/ ttl=0\n", "TTL must be at least one second"},
    {"ProxyPass /x /y\n", "URL must be absolute"},
    {"Include none.conf\n", "Could not open configuration file /etc/apache2/none.conf: No such file or directory"},
    {"Include none/*.conf\n", "No matches for the wildcard '*.conf'"},
    {"Listen 81\n", "Listen cannot occur within <VirtualHost> section"},
    {"Use Nothing\n", "macro 'nothing' undefined", true},
    {"DAV On\n", "Invalid command 'DAV'"},
    {"<Location /x>\nSSLProxyEngine on\n</Location>\n", "SSLProxyEngine not allowed in <Location> context"},
    {"<Directory /x>\nProxyPass /y http://h/\n</Directory>\n", "ProxyPass not allowed in <Directory> context"},
    {"ProxyPassMatch ^/(x http://h/\n", "Regular expression could not be compiled"},
    {"ProxyPass /x http://h/ timeout=500ms\n", "timeout=500ms is read as 500 seconds", false},
    {"RewriteRule ( x\n", "RewriteRule: cannot compile regular expression '('"},
    {"RewriteRule a b [ZZ]\n", "RewriteRule: unknown flag 'ZZ'"},
    {"SSLProxyProtocol TLSv9\n", "SSLProxyProtocol: Illegal protocol 'TLSv9'"},
    {"ProxyPreserveHost perhaps\n", "ProxyPreserveHost must be On or Off"},
    {"ProxyTimeout 0\n", "Proxy Timeout must be at least 1 second."},
    {"<LocationMatch \"(\">\n</LocationMatch>\n", "Regex could not be compiled"},
    {"ProxySet http://h/ timeout=5\n", "ProxySet can not find"},
    {"ProxyPass /a/ http://h:1/\nProxyPass /b/ http://h:1/b/ timeout=9\n", "AH01146: Ignoring parameter 'timeout=9'",
     false},
};

TEST(Apache, SaysWhatHttpdWouldNotLoad) {
  for (const auto& [text, what, fatal] : kBad) {
    const auto configuration = read_host(text);
    std::string found = what == "macro 'nothing' undefined" ? "macro 'Nothing' undefined" : std::string(what);
    EXPECT_TRUE(has_problem(*configuration, found, fatal))
        << what << " / " << (configuration->problems.empty() ? "nothing" : configuration->problems[0].what);
    // What is right beside it is used all the same.
    EXPECT_EQ(configuration->route(ask_for("/")).server, "shop.example");
  }
}

TEST(Apache, FindsNothingWrongInNearMisses) {
  for (const std::string_view text :
       {"ProxyPass /a/ http://h:1/a/ timeout=5 retry=0 connectiontimeout=500ms\nProxyPass /b/ http://h:1/b/ "
        "timeout=9\n",
        "IncludeOptional none.conf\nIncludeOptional none/*.conf\n",
        "<IfModule mod_dav.c>\nDAV On\n</IfModule>\n<IfModule !mod_dav.c>\nProxyPass / http://h/\n</IfModule>\n",
        "# a comment \\\n that goes on\n<IfDefine X>\nNonsense\n<Foo>\n</Foo>\n</IfDefine>\n",
        "ProxyPassMatch ^/(x) http://h:80$1\n"}) {
    const auto configuration = read_host(text);
    EXPECT_TRUE(configuration->problems.empty()) << text << configuration->problems[0].what;
  }
}

TEST(Apache, AnIncludeOfItselfEnds) {
  const auto configuration = read_host("Include apache2.conf\n");
  EXPECT_TRUE(has_problem(*configuration, "Exceeded maximum include depth", true));
}

TEST(Apache, NobodyListensOnAnotherPort) {
  Incoming incoming = ask_for("/");
  incoming.port = 81;
  EXPECT_EQ(read_host("ProxyPass / http://h/\n")->route(incoming).kind, RouteKind::no_route);
}

struct LimitCase {
  std::string_view host, main, kind;
  std::optional<std::int64_t> amount;
  std::string_view directive;
  Source source;
};
const LimitCase kLimits[] = {
    {"ProxyPass / http://h:1/\n", "", "read_timeout", 60'000, "Timeout", Source::builtin},
    {"ProxyPass / http://h:1/\n", "Timeout 30\n", "read_timeout", 30'000, "Timeout", Source::inherited},
    {"ProxyPass / http://h:1/\nProxyTimeout 20\n", "Timeout 30\n", "read_timeout", 20'000, "ProxyTimeout", Source::set},
    {"ProxyPass / http://h:1/ timeout=5\n", "ProxyTimeout 20\n", "read_timeout", 5'000, "timeout", Source::set},
    // Units are not known there: httpd reads 500 seconds.
    {"ProxyPass / http://h:1/ timeout=500ms\n", "", "connect_timeout", 500'000, "timeout", Source::set},
    {"ProxyPass / http://h:1/ connectiontimeout=500ms\n", "", "connect_timeout", 500, "connectiontimeout", Source::set},
    {"ProxyPass / http://h:1/ timeout=5 connectiontimeout=1\n", "", "connect_timeout", 1'000, "connectiontimeout",
     Source::set},
    // Parameters of a ProxyPass that shares its worker are not read.
    {"ProxyPass /x http://h:1/\nProxyPass / http://h:1/ timeout=5\n", "", "read_timeout", 60'000, "Timeout",
     Source::builtin},
    {"ProxyPass / http://h:1/\n", "", "response_field", 8192, "responsefieldsize", Source::builtin},
    {"ProxyPass / http://h:1/ responsefieldsize=16384\n", "", "response_field", 16384, "responsefieldsize",
     Source::set},
    {"ProxyPass / http://h:1/\n", "", "request_field", 8190, "LimitRequestFieldSize", Source::builtin},
    {"ProxyPass / http://h:1/\nLimitRequestFieldSize 100\n", "", "request_field", 100, "LimitRequestFieldSize",
     Source::set},
    {"ProxyPass / http://h:1/\n", "LimitRequestLine 99\n", "request_line", 99, "LimitRequestLine", Source::inherited},
    {"ProxyPass / http://h:1/\nLimitRequestBody 0\n", "", "request_body", std::nullopt, "LimitRequestBody",
     Source::set},
    {"ProxyPass / http://h:1/ ttl=7\n", "", "pool_idle", 7'000, "ttl", Source::set},
    {"ProxyPass / http://h:1/\n", "", "pool_idle", std::nullopt, "ttl", Source::builtin},
    {"ProxyPass / http://h:1/ disablereuse=On\n", "", "pool_size", 0, "disablereuse", Source::set},
    {"ProxyPass / fcgi://h:1/\n", "", "pool_size", 0, "enablereuse", Source::builtin},
    {"ProxyPass / http://h:1/ max=9 smax=3\n", "", "pool_size", 3, "smax", Source::set},
    {"ProxyPass / http://h:1/\n", "ThreadsPerChild 10\nServerLimit 3\n", "connections", 30, "MaxRequestWorkers",
     Source::builtin},
    {"ProxyPass / http://h:1/\n", "MaxRequestWorkers 75\n", "connections", 75, "MaxRequestWorkers", Source::inherited},
    {"<Proxy balancer://b>\nBalancerMember http://h:1 retry=5\nBalancerMember http://h:2\n</Proxy>\nProxyPass / "
     "balancer://b/\n",
     "", "retry_pause", 5'000, "retry", Source::set},
    {"<Proxy balancer://b>\nBalancerMember http://h:1\nBalancerMember http://h:2\n</Proxy>\nProxyPass / "
     "balancer://b/\n",
     "", "retries", 1, "maxattempts", Source::builtin},
};

TEST(Apache, KnowsEveryLimitAndWhereItComesFrom) {
  for (const auto& [host, main, kind, amount, directive, source] : kLimits) {
    const Route route = read_host(host, main)->route(ask_for("/p"));
    const auto found = route.limits.find(std::string(kind));
    ASSERT_NE(found, route.limits.end()) << host;
    EXPECT_EQ(found->second.amount, amount) << host << main << kind;
    EXPECT_EQ(found->second.from.directive, directive) << host << main << kind;
    EXPECT_EQ(found->second.from.source, source) << host << main << kind;
    EXPECT_EQ(found->second.from.place.known(), source != Source::builtin);
  }
}

TEST(Apache, HeaderLimitsAreThoseOfTheFirstHostOfAnAddress) {
  const auto configuration = read_host(
      "LimitRequestFieldSize 100\n</VirtualHost>\n<VirtualHost *:80>\nServerName two.example\nLimitRequestFieldSize "
      "9\nProxyPass / http://h/\n");
  EXPECT_EQ(configuration->route(ask_for("/", "two.example")).limit(LimitKind::request_field)->amount, 100);
}

TEST(Apache, BalancersHaveTheirMembers) {
  const Route route =
      read_host(
          "<Proxy balancer://b>\nBalancerMember http://10.0.0.1:80 loadfactor=3 hcmethod=GET hcuri=/ok\n"
          "BalancerMember http://10.0.0.2 status=+H\nBalancerMember http://10.0.0.3 status=D\n</Proxy>\n"
          "ProxyPass / balancer://b/app/\n")
          ->route(ask_for("/x?y"));
  ASSERT_EQ(route.servers.size(), 3U);
  EXPECT_EQ(route.upstream, "balancer://b");
  EXPECT_EQ(route.request.target, "/app/x?y");
  EXPECT_EQ(route.servers[0].weight, 3);
  EXPECT_TRUE(route.servers[1].backup);
  EXPECT_TRUE(route.servers[2].disabled);
  EXPECT_TRUE(route.check.on);
  EXPECT_EQ(route.check.path, "/ok");
}

TEST(Apache, TlsToTheUpstream) {
  const auto configuration = read_host(
      "SSLProxyEngine on\nSSLProxyProtocol -all +TLSv1.2\nSSLProxyCACertificateFile /ca.pem\nSSLProxyVerify require\n"
      "ProxyPass /name/ https://up.internal/\nProxyPass /ip/ https://10.0.0.1/\n<Location /host/>\nProxyPass "
      "https://10.0.0.2/\n"
      "ProxyPreserveHost On\n</Location>\n");
  const Route name = configuration->route(ask_for("/name/x"));
  EXPECT_TRUE(name.tls.on && name.tls.verify && name.tls.verify_name && name.tls.verify_dates);
  EXPECT_EQ(name.tls.sni, "up.internal");
  EXPECT_EQ(name.tls.max_version, "TLSv1.2");
  EXPECT_TRUE(name.servers[0].resolved_once);
  EXPECT_EQ(configuration->route(ask_for("/ip/x")).tls.sni, "");
  EXPECT_EQ(configuration->route(ask_for("/host/x")).tls.sni, "shop.example");
  EXPECT_TRUE(configuration->route(ask_for("/host/x")).tls.place.known());
}

TEST(Apache, LogsWithTheirFormats) {
  const auto configuration =
      read_host("ErrorLog ${APACHE_LOG_DIR}/shop.err\nCustomLog \"|/bin/cat\" mine\nLogLevel info ssl:debug\n",
                "ErrorLog syslog\nLogFormat \"%h %D\" mine\nCustomLog main.log combined\n");
  const auto logs = configuration->logs(configuration->route(ask_for("/")));
  ASSERT_EQ(logs.size(), 3U);
  EXPECT_EQ(logs[0].path, "/var/log/apache2/shop.err");
  EXPECT_EQ(logs[0].level, "info ssl:debug");
  EXPECT_EQ(logs[1].where, "syslog");
  EXPECT_EQ(logs[2].where, "|/bin/cat");
  EXPECT_EQ(logs[2].format, "%h %D");
}

TEST(Apache, EveryPlaceThatSendsOnIsFoundOnce) {
  const auto configuration = read_host(
      "ProxyPass /a/ http://h:1/\nProxyPassMatch ^/b/(.*)$ http://h:2/$1\n<Location /c>\nProxyPass http://h:3/\n"
      "</Location>\nRewriteEngine On\nRewriteRule ^/d/(.*) http://h:4/$1 [P]\nProxyPass /no !\n");
  EXPECT_EQ(configuration->every_way().size(), 4U);
  EXPECT_EQ(configuration->listeners().size(), 1U);
}

TEST(Apache, HostileTextsAreReadToTheirEnd) {
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "<Location /x>\n";
  std::string ifs;
  for (int i = 0; i < 3000; ++i) ifs += "<If \"((((((((((((((((((((((((((((((((((((((((((1\">\n";
  const std::string token(1'000'000, 'a');
  const std::vector<std::string> texts = {deep,
                                          ifs,
                                          token,
                                          "ProxyPass / http://" + token + "/\n",
                                          "ProxyPass \"/ http://h/\n",
                                          std::string("\0\0<\0>\n", 6),
                                          "<",
                                          "</",
                                          "<>",
                                          "</>",
                                          "Define A ${A}${A}\nProxyPass /${A} http://${A}/\n",
                                          "ProxyPassMatch (a+)+$ http://h/\n",
                                          "\\",
                                          "<VirtualHost",
                                          "Listen [::1\nListen :\n",
                                          "<Macro>\n<Macro A a>\nUse A a\n</Macro>\nUse A ${A}\n",
                                          "BalancerMember\nProxySet\nProxyPass\n"};
  for (const std::string& text : texts) {
    const auto configuration = read({{"/etc/apache2/apache2.conf", "Listen 80\n" + text}});
    static_cast<void>(configuration->route(ask_for("/" + std::string(3000, 'a') + "!")));
    static_cast<void>(configuration->every_way());
  }
}

TEST(Apache, PathsAreDecodedAsHttpdDoes) {
  using apache::decode_path;
  EXPECT_EQ(decode_path("/a/../b//c/./d%20e", true, "").path, "/b/c/d e");
  EXPECT_EQ(decode_path("/a//b", false, "").path, "/a//b");
  EXPECT_EQ(decode_path("/a%2Fb", true, "nodecode").path, "/a%2Fb");
  EXPECT_FALSE(decode_path("/a%2Fb", true, "off").refused.empty());
  EXPECT_FALSE(decode_path("/../x", true, "").refused.empty());
  EXPECT_FALSE(decode_path("/%zz", true, "").refused.empty());
  EXPECT_EQ(decode_path("/a/.", true, "").path, "/a/");
}

RunningProgram process(std::vector<std::string> arguments) {
  RunningProgram program;
  program.pid = 7;
  program.program = "/usr/sbin/apache2";
  program.name = "apache2";
  program.arguments = std::move(arguments);
  program.folder = "/root";
  program.environment = {{"APACHE_RUN_USER", "w"}};
  return program;
}

Result<Said> apache_says(const std::vector<std::string>& words, const std::string&, const std::vector<NameValue>&) {
  if (words.back() == "-l") return Said{.status = 0, .out = "Compiled in modules:\n  core.c\n  mod_so.c\n", .err = {}};
  return Said{.status = 0,
              .out =
                  "Server version: Apache/2.4.71 (Debian)\nServer built: x\n -D HTTPD_ROOT=\"/etc/apache2\"\n"
                  " -D SERVER_CONFIG_FILE=\"apache2.conf\"\n",
              .err = {}};
}

TEST(Apache, AsksTheProgramForItsPlaces) {
  const GatewayKind& kind = *find_gateway_kind("apache");
  const auto usual = kind.request_of(process({"/usr/sbin/apache2", "-k", "start"}), apache_says);
  ASSERT_TRUE(usual);
  EXPECT_EQ(usual->config, "/etc/apache2/apache2.conf");
  EXPECT_EQ(usual->prefix, "/etc/apache2");
  EXPECT_EQ(usual->version, "2.4.71");
  const auto own = kind.request_of(
      process({"apache2", "-d", "srv", "-f", "h.conf", "-DX", "-D", "Y", "-c", "Listen 9"}), apache_says);
  ASSERT_TRUE(own);
  EXPECT_EQ(own->prefix, "/root/srv");
  EXPECT_EQ(own->config, "/root/srv/h.conf");
  EXPECT_EQ(own->defines, (std::vector<std::string>{"X", "Y"}));
  EXPECT_TRUE(kind.is_master(process({"apache2"})));
  RunningProgram other = process({"nginx"});
  other.program = "/usr/sbin/nginx";
  EXPECT_FALSE(kind.is_master(other));
}

TEST(Apache, ReloadsByCommandAndNeverBySignal) {
  const GatewayKind& kind = *find_gateway_kind("apache");
  const RunningProgram master = process({"apache2", "-d", "/srv", "-f", "h.conf", "-D", "X", "-k", "start"});
  const auto request = kind.request_of(master, apache_says);
  MapFiles files(std::map<std::string, std::string>{{"/srv/h.conf", "Listen 80\n"}});
  const auto configuration = kind.read(*request, files);
  ASSERT_TRUE(configuration);
  const Operation operation = kind.operation(*request, **configuration, &master);
  EXPECT_EQ(operation.check,
            (std::vector<std::string>{"/usr/sbin/apache2", "-d", "/srv", "-f", "/srv/h.conf", "-D", "X", "-t"}));
  EXPECT_EQ(operation.reload.back(), "graceful");
  EXPECT_EQ(operation.signal, 0);
  EXPECT_EQ(operation.master, 7);
  EXPECT_EQ(operation.environment, master.environment);
  EXPECT_FALSE(operation.bad_words.empty());
}

}  // namespace
}  // namespace fix502
