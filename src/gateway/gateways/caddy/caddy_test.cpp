#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "gateway/gateways/caddy/configuration.hpp"
#include "gateway/kind.hpp"
#include "gateway/map_files.hpp"

namespace fix502 {
namespace {

constexpr std::string_view kFile = "/etc/caddy/Caddyfile", kCommon = "/etc/caddy/common";

// Shaped as `caddy adapt` 2.6.2 makes it of the files below; of php_fastcgi only the handler.
constexpr std::string_view kShop =
    R"({"apps":{"http":{"servers":{"srv0":{"listen":[":80"],"routes":[{"match":[{"host":["shop.example"]}],)"
    R"("handle":[{"handler":"subroute","routes":[{"handle":[{"handler":"reverse_proxy","transport":)"
    R"({"protocol":"http","dial_timeout":5000000000},"upstreams":[{"dial":"127.0.0.1:8001"}]}]}]}],)"
    R"("terminal":true}]}}}}})";
constexpr std::string_view kPhp =
    R"({"apps":{"http":{"servers":{"srv0":{"listen":[":80"],"routes":[{"match":[{"host":["shop.example"]}],)"
    R"("handle":[{"handler":"subroute","routes":[{"handle":[{"handler":"reverse_proxy","transport":)"
    R"({"protocol":"fastcgi","split_path":[".php"]},"upstreams":[{"dial":"127.0.0.1:9000"}]}]}]}],)"
    R"("terminal":true}]}}}}})";

std::unique_ptr<Configuration> configuration(std::string text, std::string_view adapted, std::string common = {}) {
  test::MapFiles files({{std::string(kFile), std::move(text)}, {std::string(kCommon), std::move(common)}});
  ReadRequest request;
  request.config = kFile;
  request.version = "2.6.2";
  request.adapted = adapted;
  auto read = find_gateway_kind("caddy")->read(request, files);
  EXPECT_TRUE(read);
  return std::move(*read);
}

Incoming asking(std::string host) {
  Incoming incoming;
  incoming.host = std::move(host);
  incoming.headers = {{"User-Agent", "ua"}, {"Accept", "*/*"}};
  return incoming;
}

TEST(Caddy, NamesServersAndLimitsWithTheirPlaces) {
  const std::string text =
      "shop.example:80 {\n\treverse_proxy 127.0.0.1:8001 {\n\t\ttransport http {\n\t\t\tdial_timeout "
      "5s\n\t\t}\n\t}\n}\n";
  const auto all = configuration(text, kShop);
  EXPECT_TRUE(all->problems.empty());
  const Route route = all->route(asking("shop.example"));
  ASSERT_EQ(route.kind, RouteKind::proxied);
  EXPECT_EQ(route.place.line, 2);
  ASSERT_EQ(route.servers.size(), 1U);
  const auto& place = route.servers[0].place;
  EXPECT_EQ(text.substr(place.begin, place.end - place.begin), "127.0.0.1:8001");
  EXPECT_EQ(route.limit(LimitKind::connect_timeout)->amount, 5'000);
  EXPECT_EQ(route.limit(LimitKind::connect_timeout)->from.source, Source::set);
  EXPECT_EQ(route.limit(LimitKind::read_timeout)->amount, std::nullopt);
  EXPECT_EQ(all->route(asking("other.example")).kind, RouteKind::answered);
}

constexpr std::string_view kLimited =
    R"({"apps":{"http":{"servers":{"srv0":{"listen":[":80"],"max_header_bytes":16000,"routes":[{"match":[{"host":)"
    R"(["shop.example"]}],"handle":[{"handler":"subroute","routes":[{"handle":[{"handler":"vars","root":"/srv/www"},)"
    R"({"handler":"reverse_proxy","health_checks":{"passive":{"fail_duration":10000000000}},"load_balancing":)"
    R"({"retries":2},"transport":{"protocol":"http","dial_timeout":4000000000,"read_timeout":6000000000,)"
    R"("response_header_timeout":7000000000,"keep_alive":{"idle_timeout":10000000000}},"upstreams":)"
    R"([{"dial":"127.0.0.1:8001"}]}]}]}],"terminal":true}]}}}}})";
constexpr std::string_view kLimitedFile =
    "{\n\tservers {\n\t\tmax_header_size 16KB\n\t}\n}\nshop.example:80 {\n\troot * /srv/www\n"
    "\treverse_proxy 127.0.0.1:8001 {\n\t\tlb_retries 2\n\t\tfail_duration 10s\n\t\ttransport http {\n"
    "\t\t\tdial_timeout 4s\n\t\t\tread_timeout 6s\n\t\t\tresponse_header_timeout 7s\n"
    "\t\t\tkeepalive 10s\n\t\t}\n\t}\n}\n";

TEST(Caddy, NamesTheLineOfEveryLimitAndTheDefaultOfTheOthers) {
  const auto all = configuration(std::string(kLimitedFile), kLimited);
  const Route route = all->route(asking("shop.example"));
  const struct {
    LimitKind kind;
    std::optional<std::int64_t> amount;
    std::string_view directive, value;
    Source source;
    int line;
  } rows[] = {
      {LimitKind::connect_timeout, 4'000, "dial_timeout", "4s", Source::set, 12},
      {LimitKind::read_timeout, 6'000, "read_timeout", "6s", Source::set, 13},  // the shorter one
      {LimitKind::pool_idle, 10'000, "keepalive", "10s", Source::set, 15},
      {LimitKind::pool_size, 32, "keepalive_idle_conns_per_host", "32", Source::builtin, 0},
      {LimitKind::response_header, 10 << 20, "max_response_header", "10MiB", Source::builtin, 0},
      {LimitKind::send_timeout, std::nullopt, "write_timeout", "none", Source::builtin, 0},
      {LimitKind::retries, 2, "lb_retries", "2", Source::set, 9},
      {LimitKind::retry_pause, 10'000, "fail_duration", "10s", Source::set, 10},
      {LimitKind::max_fails, 1, "max_fails", "1", Source::builtin, 0},
      {LimitKind::request_header, 16'000, "max_header_size", "16KB", Source::inherited, 3},
  };
  for (const auto& row : rows) {
    const Limit* limit = route.limit(row.kind);
    ASSERT_NE(limit, nullptr) << row.directive;
    EXPECT_EQ(limit->amount, row.amount) << row.directive;
    EXPECT_EQ(limit->from.directive, row.directive);
    EXPECT_EQ(limit->from.value, row.value) << row.directive;
    EXPECT_EQ(limit->from.source, row.source) << row.directive;
    EXPECT_EQ(limit->from.place.line, row.line) << row.directive;
  }
}

std::string with_root(std::string_view transport_root) {
  return fmt::format(
      R"({{"apps":{{"http":{{"servers":{{"srv0":{{"listen":[":80"],"routes":[{{"handle":[{{"handler":"vars",)"
      R"("root":"/srv/www/"}},{{"handler":"reverse_proxy","transport":{{"protocol":"fastcgi",{}"split_path":[".php"]}},)"
      R"("upstreams":[{{"dial":"127.0.0.1:9000"}}]}}]}}]}}}}}}}}}})",
      transport_root);
}

std::string param(const Route& route, std::string_view name) {
  const auto found = std::ranges::find(route.request.params, name, &NameValue::name);
  return found == route.request.params.end() ? "none" : found->value;
}

TEST(Caddy, FindsTheRootOfScripts) {
  const std::string text = ":80 {\n\troot * /srv/www/\n\tphp_fastcgi 127.0.0.1:9000\n}\n";
  Incoming incoming = asking("shop.example");
  incoming.target = "/shop.php/cart?a=1";
  const auto site = configuration(text, with_root(""));
  const Route route = site->route(incoming);
  EXPECT_EQ(param(route, "SCRIPT_FILENAME"), "/srv/www/shop.php");
  EXPECT_EQ(param(route, "DOCUMENT_ROOT"), "/srv/www");
  EXPECT_EQ(param(route, "PATH_INFO"), "/cart");
  ASSERT_NE(route.setting("SCRIPT_FILENAME"), nullptr);
  EXPECT_EQ(route.setting("SCRIPT_FILENAME")->place.line, 2);
  const auto own = configuration(
      ":80 {\n\troot * /srv/www/\n\treverse_proxy 127.0.0.1:9000 {\n\t\ttransport fastcgi "
      "{\n\t\t\troot old\n\t\t\tsplit .php\n\t\t}\n\t}\n}\n",
      with_root(R"("root":"old",)"));
  const Route other = own->route(incoming);
  EXPECT_EQ(param(other, "SCRIPT_FILENAME"), "/old/shop.php");  // relative to where Caddy was started
  EXPECT_EQ(other.setting("SCRIPT_FILENAME")->place.line, 5);
  const auto proposal = own->propose(other, {.kind = MendingKind::script_file, .text = "/srv/www/shop.php"});
  ASSERT_TRUE(proposal);
  const auto after = apply_edits(own->files, proposal->edits);
  ASSERT_TRUE(after);
  EXPECT_TRUE(after->at(std::string(kFile)).contains("\t\t\troot /srv/www\n"));
}

std::string replaced(std::string_view text, std::string_view what, std::string_view with) {
  std::string out(text);
  return out.replace(out.find(what), what.size(), with);
}

constexpr std::string_view kJsonFile = "/etc/caddy/caddy.json";
constexpr std::string_view kJsonText = R"({
  "apps": {"http": {"servers": {"main": {
    "listen": [":80"],
    "routes": [
      {"handle": [{
        "handler": "reverse_proxy",
        "upstreams": [{"dial": "127.0.0.1:8000"}, {"dial": "127.0.0.1:8001"}],
        "transport": {"protocol": "http", "response_header_timeout": "2s"}
      }]}
    ]
  }}}}
}
)";

std::string edited(const Configuration& all, const Mending& mending) {
  const auto proposal = all.propose(all.route(asking("shop.example")), mending);
  if (!proposal) return "none";
  const auto after = apply_edits(all.files, proposal->edits);
  return after ? after->at(std::string(kJsonFile)) : after.error().message();
}

TEST(Caddy, FindsAndChangesLinesOfJson) {
  test::MapFiles files(std::map<std::string, std::string>{{std::string(kJsonFile), std::string(kJsonText)}});
  ReadRequest request;
  request.config = kJsonFile;
  const auto read = find_gateway_kind("caddy")->read(request, files);
  ASSERT_TRUE(read);
  const Configuration& all = **read;
  const Route route = all.route(asking("shop.example"));
  EXPECT_EQ(route.place.line, 5);
  ASSERT_EQ(route.servers.size(), 2U);
  EXPECT_EQ(route.servers[1].place.line, 7);
  EXPECT_EQ(kJsonText.substr(route.servers[1].place.begin, route.servers[1].place.end - route.servers[1].place.begin),
            "\"127.0.0.1:8001\"");
  EXPECT_EQ(route.limit(LimitKind::read_timeout)->from.place.line, 8);
  EXPECT_EQ(edited(all, {.kind = MendingKind::set_address, .server = 1, .text = "unix:/run/a.sock"}),
            replaced(kJsonText, "\"127.0.0.1:8001\"", "\"unix//run/a.sock\""));
  EXPECT_EQ(edited(all, {.kind = MendingKind::set_limit, .limit = LimitKind::read_timeout, .amount = 5'000}),
            replaced(kJsonText, "\"2s\"", "\"5000ms\""));
  EXPECT_EQ(edited(all, {.kind = MendingKind::set_limit, .limit = LimitKind::connect_timeout, .amount = 5'000}),
            replaced(kJsonText, "\"protocol\": \"http\"", "\"dial_timeout\": \"5000ms\", \"protocol\": \"http\""));
  EXPECT_EQ(edited(all, {.kind = MendingKind::keep_shorter, .amount = 5'000}), "none");
  // The same in another order is the same.
  request.running =
      R"({"apps":{"http":{"servers":{"main":{"routes":[{"handle":[{"upstreams":[{"dial":"127.0.0.1:8000"},)"
      R"({"dial":"127.0.0.1:8001"}],"transport":{"response_header_timeout":"2s","protocol":"http"},)"
      R"("handler":"reverse_proxy"}]}],"listen":[":80"]}}}}})";
  const auto running = find_gateway_kind("caddy")->read(request, files);
  EXPECT_TRUE((*running)->problems.empty());
  EXPECT_EQ((*running)->route(asking("shop.example")).place.line, 5);
}

TEST(Caddy, NamesWhatHasNoFileByTheAdminApi) {
  test::MapFiles files(std::map<std::string, std::string>{});
  ReadRequest request;
  request.config = "/Caddyfile";
  request.running = kShop;
  request.control = "localhost:2019";
  const auto read = find_gateway_kind("caddy")->read(request, files);
  ASSERT_TRUE(read);
  const Route route = (*read)->route(asking("shop.example"));
  EXPECT_EQ(route.place.file,
            "http://localhost:2019/config/apps/http/servers/srv0/routes/0/handle/0/routes/0/handle/0");
  EXPECT_FALSE((*read)->propose(route, {.kind = MendingKind::set_address, .text = "127.0.0.1:9"}));
}

/// What Caddy runs is not what its file says.
TEST(Caddy, BelievesWhatItRuns) {
  test::MapFiles files({{std::string(kFile), "shop.example:80 {\n\treverse_prox 127.0.0.1:8001\n}\n"}});
  ReadRequest request;
  request.config = kFile;
  request.adapted = "Error: adapting config using caddyfile: /etc/caddy/Caddyfile:2: unrecognized directive";
  request.running = kShop;
  const auto kind = find_gateway_kind("caddy");
  const auto broken = kind->read(request, files);
  ASSERT_TRUE(broken);
  ASSERT_EQ((*broken)->problems.size(), 1U);
  EXPECT_TRUE((*broken)->problems[0].fatal);
  EXPECT_EQ((*broken)->route(asking("shop.example")).servers.at(0).port, 8001);
  request.adapted = kPhp;
  const auto edited = kind->read(request, files);
  ASSERT_EQ((*edited)->problems.size(), 1U);
  EXPECT_FALSE((*edited)->problems[0].fatal);
  EXPECT_EQ((*edited)->route(asking("shop.example")).servers.at(0).port, 8001);
  request.config = "/nowhere/Caddyfile";
  const auto by_admin = kind->read(request, files);
  ASSERT_TRUE(by_admin);
  EXPECT_EQ((*by_admin)->route(asking("shop.example")).servers.at(0).port, 8001);
  EXPECT_TRUE(kind->operation(request, **by_admin, nullptr).check.empty());
  request.running.clear();
  EXPECT_FALSE(kind->read(request, files));
}

struct Change {
  std::string_view before, adapted;
  Mending mending;
  std::string after;
};

TEST(Caddy, ChangesOnlyWhatIsMeant) {
  const Mending dial{.kind = MendingKind::set_limit, .limit = LimitKind::connect_timeout, .amount = 9'000};
  const Mending answer{.kind = MendingKind::set_limit, .limit = LimitKind::read_timeout, .amount = 1'500};
  const Change changes[] = {
      {"shop.example:80 {\n\treverse_proxy 127.0.0.1:8001\n}\n", kShop, answer,
       "shop.example:80 {\n\treverse_proxy 127.0.0.1:8001 {\n\t\ttransport http {\n"
       "\t\t\tresponse_header_timeout 1500ms\n\t\t}\n\t}\n}\n"},
      {"shop.example:80 {\n\treverse_proxy 127.0.0.1:8001 {\n\t\ttransport http {\n\t\t\tdial_timeout "
       "5s\n\t\t}\n\t}\n}\n",
       kShop, dial,
       "shop.example:80 {\n\treverse_proxy 127.0.0.1:8001 {\n\t\ttransport http {\n\t\t\tdial_timeout "
       "9s\n\t\t}\n\t}\n}\n"},
      {"shop.example:80 {\n\tphp_fastcgi 127.0.0.1:9000\n}\n", kPhp, answer,
       "shop.example:80 {\n\tphp_fastcgi 127.0.0.1:9000 {\n\t\tread_timeout 1500ms\n\t}\n}\n"},
      {"shop.example:80 {\n\treverse_proxy 127.0.0.1:8001\n}\n",
       kShop,
       {.kind = MendingKind::set_address, .text = "unix:/run/app.sock"},
       "shop.example:80 {\n\treverse_proxy unix//run/app.sock\n}\n"},
      {kLimitedFile, kLimited, answer, replaced(kLimitedFile, "read_timeout 6s", "read_timeout 1500ms")},
      {kLimitedFile,
       kLimited,
       {.kind = MendingKind::set_limit, .limit = LimitKind::request_header, .amount = 32'768},
       replaced(kLimitedFile, "16KB", "32768")},
      {"# mine\nshop.example:80 {\n\treverse_proxy 127.0.0.1:8001\n}\n",
       kShop,
       {.kind = MendingKind::set_limit, .limit = LimitKind::request_header, .amount = 32'768},
       "{\n\tservers {\n\t\tmax_header_size 32768\n\t}\n}\n\n# mine\nshop.example:80 {\n\treverse_proxy "
       "127.0.0.1:8001\n}\n"},
      {"{\n\tadmin off\n}\nshop.example:80 {\n\treverse_proxy 127.0.0.1:8001\n}\n",
       kShop,
       {.kind = MendingKind::set_limit, .limit = LimitKind::request_header, .amount = 32'768},
       "{\n\tadmin off\n\tservers {\n\t\tmax_header_size 32768\n\t}\n}\nshop.example:80 {\n\treverse_proxy "
       "127.0.0.1:8001\n}\n"},
      {"shop.example:80 {\n\treverse_proxy 127.0.0.1:8001\n}\n",
       kShop,
       {.kind = MendingKind::speak, .protocol = Protocol::fastcgi},
       "shop.example:80 {\n\tphp_fastcgi 127.0.0.1:8001\n}\n"},
      {"shop.example:80 {\n\treverse_proxy h2c://127.0.0.1:8001\n}\n",
       kShop,
       {.kind = MendingKind::speak, .protocol = Protocol::http1_1},
       "shop.example:80 {\n\treverse_proxy http://127.0.0.1:8001\n}\n"},
      {"shop.example:80 {\n\treverse_proxy https://127.0.0.1:8001 {\n\t\ttransport http {\n\t\t\tdial_timeout "
       "5s\n\t\t\ttls_insecure_skip_verify\n\t\t}\n\t}\n}\n",
       kShop,
       {.kind = MendingKind::use_plain},
       "shop.example:80 {\n\treverse_proxy 127.0.0.1:8001 {\n\t\ttransport http {\n\t\t\tdial_timeout "
       "5s\n\t\t}\n\t}\n}\n"},
  };
  for (const auto& change : changes) {
    const auto all = configuration(std::string(change.before), change.adapted);
    const auto proposal = all->propose(all->route(asking("shop.example")), change.mending);
    ASSERT_TRUE(proposal) << change.before;
    const auto after = apply_edits(all->files, proposal->edits);
    ASSERT_TRUE(after);
    EXPECT_EQ(after->at(std::string(kFile)), change.after);
  }
}

TEST(Caddy, ChangesTheFileWhereAnImportedLineStands) {
  const std::string common = "# shared\ntransport http {\n\tdial_timeout 5s\n}\n";
  const auto all =
      configuration("shop.example:80 {\n\treverse_proxy 127.0.0.1:8001 {\n\t\timport common\n\t}\n}\n", kShop, common);
  const auto proposal =
      all->propose(all->route(asking("shop.example")),
                   {.kind = MendingKind::set_limit, .limit = LimitKind::connect_timeout, .amount = 9'000});
  ASSERT_TRUE(proposal);
  const auto after = apply_edits(all->files, proposal->edits);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->at(std::string(kCommon)), "# shared\ntransport http {\n\tdial_timeout 9s\n}\n");
}

TEST(Caddy, KeepsWhatTheAdapterRefused) {
  const auto all = configuration(
      "a {\n\treverse_prox b\n}\n",
      "Error: adapting config using caddyfile: /etc/caddy/Caddyfile:2: unrecognized directive: reverse_prox\n");
  ASSERT_EQ(all->problems.size(), 1U);
  EXPECT_TRUE(all->problems[0].fatal);
  EXPECT_EQ(all->problems[0].place.line, 2);
  EXPECT_EQ(all->route(asking("a")).kind, RouteKind::no_route);
}

TEST(Caddy, EndsWithSnippetsThatImportThemselves) {
  const auto all = configuration("(a) {\n\timport a\n\timport a\n\timport a\n}\nb {\n\timport a\n}\n", "Error: no");
  EXPECT_EQ(all->problems.size(), 1U);
}

}  // namespace
}  // namespace fix502
