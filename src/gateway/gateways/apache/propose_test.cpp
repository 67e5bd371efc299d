#include <gtest/gtest.h>

#include "gateway/kind.hpp"
#include "gateway/map_files.hpp"

namespace fix502 {
namespace {

constexpr std::string_view kFile = "/etc/apache2/apache2.conf";
constexpr std::string_view kHead =
    "Listen 80\nUser www-data\nMaxRequestWorkers 150\n<VirtualHost *:80>\n\tServerName shop.example\n";

std::unique_ptr<Configuration> read_text(const std::string& text) {
  test::MapFiles files(std::map<std::string, std::string>{{std::string(kFile), text}});
  ReadRequest request;
  request.config = std::string(kFile);
  request.prefix = "/etc/apache2";
  request.version = "2.4.71";
  auto configuration = find_gateway_kind("apache")->read(request, files);
  EXPECT_TRUE(configuration);
  return std::move(*configuration);
}

Incoming ask_path(std::string target) {
  Incoming incoming;
  incoming.host = "shop.example";
  incoming.target = std::move(target);
  return incoming;
}

struct EditCase {
  std::string_view host;  ///< the virtual host's lines
  std::string_view target;
  Mending mending;
  std::string_view changed;  ///< the same lines afterwards; empty: nothing is proposed
};

Mending limit_of(LimitKind kind, std::int64_t amount) {
  return {.kind = MendingKind::set_limit, .limit = kind, .amount = amount};
}
Mending text_of(MendingKind kind, std::string text, std::string name = {}) {
  return {.kind = kind, .text = std::move(text), .name = std::move(name)};
}

const EditCase kEdits[] = {
    {"\tProxyPass /a http://127.0.0.1:8000/v2 timeout=5\n\tProxyPassReverse /a http://127.0.0.1:8000/v2\n", "/a/x",
     text_of(MendingKind::set_address, "127.0.0.1:8001"),
     "\tProxyPass /a http://127.0.0.1:8001/v2 timeout=5\n\tProxyPassReverse /a http://127.0.0.1:8001/v2\n"},
    {"\tProxyPass / \"http://127.0.0.1:8000/\"\n", "/", text_of(MendingKind::set_address, "unix:/run/app.sock"),
     "\tProxyPass / \"unix:/run/app.sock|http://localhost/\"\n"},
    {"\tProxyPass / unix:/run/a.sock|http://app/\n", "/", text_of(MendingKind::set_address, "unix:/run/b.sock"),
     "\tProxyPass / unix:/run/b.sock|http://app/\n"},
    {"\tProxyPass / unix:/run/a.sock|http://app/\n", "/", text_of(MendingKind::set_address, "[::1]:80"),
     "\tProxyPass / http://[::1]:80/\n"},
    {"\tProxyPass / http://h:1/\n", "/", limit_of(LimitKind::read_timeout, 90'000),
     "\tProxyPass / http://h:1/ timeout=90\n"},
    {"\tProxyPass / http://h:1/ timeout=5 retry=0\n", "/", limit_of(LimitKind::read_timeout, 2'000),
     "\tProxyPass / http://h:1/ timeout=2 retry=0\n"},
    {"\tProxyTimeout 5\n\tProxyPass / http://h:1/\n", "/", limit_of(LimitKind::read_timeout, 90'000),
     "\tProxyTimeout 90\n\tProxyPass / http://h:1/\n"},
    // The worker belongs to the first of them: its parameters count, the second one's do not (AH01146).
    {"\tProxyPass /a http://h:1/\n\tProxyPass /b http://h:1/b timeout=5\n", "/b",
     limit_of(LimitKind::read_timeout, 9'000),
     "\tProxyPass /a http://h:1/ timeout=9\n\tProxyPass /b http://h:1/b timeout=5\n"},
    {"\tProxyPass / \\\n\t    http://h:1/ \\\n\t    retry=0\n", "/", limit_of(LimitKind::response_field, 16'384),
     "\tProxyPass / \\\n\t    http://h:1/ \\\n\t    retry=0 responsefieldsize=16384\n"},
    {"\t<Location /l>\n\t\tProxyPass http://h:1/\n\t</Location>\n", "/l", limit_of(LimitKind::connect_timeout, 2'000),
     "\t<Location /l>\n\t\tProxyPass http://h:1/ connectiontimeout=2\n\t</Location>\n"},
    {"\tRewriteEngine On\n\tRewriteRule ^/(.*) http://h:1/$1 [P]\n", "/", limit_of(LimitKind::read_timeout, 9'000),
     "\tRewriteEngine On\n\tRewriteRule ^/(.*) http://h:1/$1 [P]\n\tProxyTimeout 9\n"},
    {"\t<FilesMatch \\.php$>\n\t\tSetHandler \"proxy:unix:/p.sock|fcgi://localhost\"\n\t</FilesMatch>\n", "/i.php",
     limit_of(LimitKind::read_timeout, 9'000),
     "\tProxyTimeout 9\n\t<FilesMatch \\.php$>\n\t\tSetHandler "
     "\"proxy:unix:/p.sock|fcgi://localhost\"\n\t</FilesMatch>\n"},
    {"\tProxyPassMatch ^/(.*\\.php)$ fcgi://h:9000/srv/old/$1\n", "/i.php",
     text_of(MendingKind::script_file, "/srv/new/i.php"), "\tProxyPassMatch ^/(.*\\.php)$ fcgi://h:9000/srv/new/$1\n"},
    {"\tProxyPass / fcgi://h:1/srv/\n", "/", limit_of(LimitKind::response_field, 16'384), ""},
    {"\tProxyPass / http://h:1/\n", "/", limit_of(LimitKind::response_header, 16'384), ""},
    {"\tProxyPass / http://h:1/ ttl=60\n",
     "/",
     {.kind = MendingKind::keep_shorter, .amount = 4'800},
     "\tProxyPass / http://h:1/ ttl=4\n"},
    {"\tProxyPass / http://h:1/\n", "/", {.kind = MendingKind::keep_shorter, .amount = 800}, ""},
    {"\tProxyPass / http://h:1/\n", "/", {.kind = MendingKind::no_pool}, "\tProxyPass / http://h:1/ disablereuse=On\n"},
    {"\tProxyPass / http://h:1/ enablereuse=on\n",
     "/",
     {.kind = MendingKind::no_pool},
     "\tProxyPass / http://h:1/ enablereuse=Off\n"},
    {"\tProxyPass / http://h:1/ disablereuse=On\n", "/", {.kind = MendingKind::no_pool}, ""},
    {"\tProxyPass / http://h:1/ disablereuse=On\n",
     "/",
     {.kind = MendingKind::use_pool, .amount = 9},
     "\tProxyPass / http://h:1/ disablereuse=Off\n"},
    {"\tSetEnv proxy-nokeepalive 1\n\tProxyPass / http://h:1/\n",
     "/",
     {.kind = MendingKind::use_pool},
     "\tProxyPass / http://h:1/\n"},
    {"\tProxyPass / http://10.0.0.1/\n", "/", text_of(MendingKind::use_tls, "/ca.pem", "shop.example"),
     "\tProxyPass / https://10.0.0.1:80/\n\tSSLProxyEngine on\n\tSSLProxyCACertificateFile "
     "/ca.pem\n\tProxyPreserveHost On\n"},
    {"\tProxyPass / https://10.0.0.1/\n",
     "/",
     {.kind = MendingKind::use_plain},
     "\tProxyPass / http://10.0.0.1:443/\n"},
    {"\t<Location /l>\n\t\tProxyPass http://h:1/\n\t</Location>\n", "/l", text_of(MendingKind::use_tls, ""),
     "\tSSLProxyEngine on\n\t<Location /l>\n\t\tProxyPass https://h:1/\n\t</Location>\n"},
    {"\tSSLProxyProtocol TLSv1.3\n\tProxyPass / https://h/\n", "/", text_of(MendingKind::tls_versions, "TLSv1.2"),
     "\tSSLProxyProtocol all -SSLv3\n\tProxyPass / https://h/\n"},
    {"\tProxyPass / https://h/\n", "/", text_of(MendingKind::tls_versions, "TLSv1.2"), ""},
    {"\tProxyPass / https://10.0.0.1/\n", "/", text_of(MendingKind::send_sni, "", "shop.example"),
     "\tProxyPass / https://10.0.0.1/\n\tProxyPreserveHost On\n"},
    {"\tProxyPass / https://10.0.0.1/\n", "/", text_of(MendingKind::verify_name, "", "up.example"),
     "\tProxyPass / https://10.0.0.1/\n\tSSLProxyCheckPeerName off\n"},
    {"\tProxyPass / http://h:1/\n", "/", text_of(MendingKind::verify_name, "", "up.example"), ""},
    {"\tProxyPass /p/ http://h:9000/\n",
     "/p/i.php",
     {.kind = MendingKind::speak, .text = "/srv/www/i.php", .protocol = Protocol::fastcgi},
     "\tProxyPass /p/ fcgi://h:9000/srv/www/\n"},
    {"\tProxyPass /p/ fcgi://h:9000/srv/www/\n",
     "/p/i.php",
     {.kind = MendingKind::speak, .protocol = Protocol::http1_1},
     "\tProxyPass /p/ http://h:9000/\n"},
    {"\tProxyPass /p/ fcgi://h:9000/old/\n", "/p/i.php", text_of(MendingKind::script_file, "/new/i.php"),
     "\tProxyPass /p/ fcgi://h:9000/new/\n"},
    {"\tProxyPass /p http://h:1/\n",
     "/p",
     {.kind = MendingKind::unchunked},
     "\tProxyPass /p http://h:1/\n\t<Location \"/p\">\n\t\tSetEnv force-proxy-request-1.0 1\n\t</Location>\n"},
    {"\tProxyPass / http://h:1/\n", "/", text_of(MendingKind::tolerate_header, "no_colon"),
     "\tProxyBadHeader Ignore\n\tProxyPass / http://h:1/\n"},
    {"\tProxyPass / http://h:1/\n", "/", text_of(MendingKind::tolerate_header, "space_before_colon"), ""},
    {"\tProxyPass /w http://h:1/\n",
     "/w",
     {.kind = MendingKind::pass_upgrade},
     "\tProxyPass /w http://h:1/ upgrade=websocket\n"},
    {"\tProxyPass /w ws://h:1/\n", "/w", {.kind = MendingKind::pass_upgrade}, ""},
    {"\tProxyPass / http://h:1/\n",
     "/",
     {.kind = MendingKind::resolve_again},
     "\tProxyPass / http://h:1/ addressttl=10\n"},
    {"\tProxyPass / http://h:1/\n", "/", {.kind = MendingKind::run_as}, ""},
    {"\tProxyPass / http://h:1/\n", "/", limit_of(LimitKind::request_field, 16'384),
     "\tLimitRequestFieldSize 16384\n\tProxyPass / http://h:1/\n"},
    {"\t<Proxy balancer://b>\n\t\tBalancerMember http://h:1\n\t\tBalancerMember http://h:2 "
     "timeout=3\n\t</Proxy>\n\tProxyPass / balancer://b/\n",
     "/", limit_of(LimitKind::read_timeout, 9'000),
     "\t<Proxy balancer://b>\n\t\tBalancerMember http://h:1 timeout=9\n\t\tBalancerMember http://h:2 "
     "timeout=9\n\t</Proxy>\n\tProxyPass / "
     "balancer://b/\n"},
};

TEST(ApacheProposals, ChangeWhatIsMeantAndNothingElse) {
  for (const auto& [host, target, mending, changed] : kEdits) {
    const std::string text = std::string(kHead) + std::string(host) + "</VirtualHost>\n";
    const auto configuration = read_text(text);
    const Route route = configuration->route(ask_path(std::string(target)));
    ASSERT_EQ(route.kind, RouteKind::proxied) << host;
    const auto proposal = configuration->propose(route, mending);
    SCOPED_TRACE(std::string(host) + std::string(to_word(mending.kind)));
    ASSERT_EQ(proposal.has_value(), !changed.empty());
    if (!proposal) continue;
    const auto after = apply_edits(configuration->files, proposal->edits);
    ASSERT_TRUE(after) << after.error().what;
    EXPECT_EQ(after->at(std::string(kFile)), std::string(kHead) + std::string(changed) + "</VirtualHost>\n");
    const auto again = read_text(after->at(std::string(kFile)));
    for (const Problem& problem : again->problems) EXPECT_FALSE(problem.fatal) << problem.what;
    const Route mended = again->route(ask_path(std::string(target)));
    EXPECT_EQ(mended.kind, RouteKind::proxied);
    if (mending.kind == MendingKind::set_limit) {
      EXPECT_EQ(mended.limit(mending.limit)->amount, mending.amount);
    }
    if (mending.kind == MendingKind::set_address) {
      EXPECT_EQ(mended.servers[0].endpoint(), mending.text);
    }
  }
}

TEST(ApacheProposals, MoreWorkersThanProcessesNeedARestart) {
  const std::string text = std::string(kHead) + "ProxyPass / http://h:1/\n</VirtualHost>\n";
  const auto configuration = read_text(text);
  const Route route = configuration->route(ask_path("/"));
  const auto within = configuration->propose(route, limit_of(LimitKind::connections, 300));
  ASSERT_TRUE(within);
  EXPECT_FALSE(within->restart);
  EXPECT_TRUE(
      apply_edits(configuration->files, within->edits)->at(std::string(kFile)).contains("MaxRequestWorkers 300\n<V"));
  const auto beyond = configuration->propose(route, limit_of(LimitKind::connections, 1001));
  ASSERT_TRUE(beyond);
  EXPECT_TRUE(beyond->restart);
  EXPECT_TRUE(apply_edits(configuration->files, beyond->edits)
                  ->at(std::string(kFile))
                  .contains("MaxRequestWorkers 1025\nServerLimit 41\n<V"));
  EXPECT_TRUE(configuration->propose(route, text_of(MendingKind::run_as, "app"))->restart);
  EXPECT_TRUE(configuration->propose(route, {.kind = MendingKind::reload_only})->edits.empty());
}

TEST(ApacheProposals, LinesOfAMacroAreLeftAlone) {
  const std::string text =
      "Listen 80\n<Macro S $p>\n<VirtualHost *:80>\nServerName shop.example\nProxyPass / "
      "http://h:$p/\n</VirtualHost>\n</Macro>\nUse S 81\n";
  const auto configuration = read_text(text);
  const Route route = configuration->route(ask_path("/"));
  EXPECT_EQ(route.servers.at(0).endpoint(), "h:81");
  EXPECT_FALSE(configuration->propose(route, text_of(MendingKind::set_address, "h:82")));
}

TEST(ApacheProposals, AFileThatIsReadTwiceIsChangedOnce) {
  const std::string host =
      "<VirtualHost *:80>\nServerName shop.example\nSetEnv proxy-nokeepalive 1\nSetEnv proxy-nokeepalive 1\nProxyPass "
      "/ http://h:1/\n"
      "</VirtualHost>\n";
  test::MapFiles files(
      {{std::string(kFile), "Listen 80\nInclude a.conf\nInclude a.conf\n"}, {"/etc/apache2/a.conf", host}});
  ReadRequest request;
  request.config = std::string(kFile);
  request.prefix = "/etc/apache2";
  const auto configuration = find_gateway_kind("apache")->read(request, files);
  ASSERT_TRUE(configuration);
  const Route route = (*configuration)->route(ask_path("/"));
  const auto proposal = (*configuration)->propose(route, {.kind = MendingKind::use_pool});
  ASSERT_TRUE(proposal);
  EXPECT_EQ(apply_edits((*configuration)->files, proposal->edits)->at("/etc/apache2/a.conf"),
            "<VirtualHost *:80>\nServerName shop.example\nProxyPass / http://h:1/\n</VirtualHost>\n");
}

TEST(ApacheProposals, LineEndingsStay) {
  const std::string text =
      "Listen 80\r\n<VirtualHost *:80>\r\n  ServerName shop.example\r\n  ProxyPass / http://h:1/\r\n</VirtualHost>\r\n";
  const auto configuration = read_text(text);
  const auto proposal =
      configuration->propose(configuration->route(ask_path("/")), text_of(MendingKind::tolerate_header, "no_colon"));
  ASSERT_TRUE(proposal);
  EXPECT_EQ(apply_edits(configuration->files, proposal->edits)->at(std::string(kFile)),
            "Listen 80\r\n<VirtualHost *:80>\r\n  ServerName shop.example\r\n  ProxyBadHeader Ignore\r\n  ProxyPass / "
            "http://h:1/\r\n</VirtualHost>\r\n");
}

}  // namespace
}  // namespace fix502
