#include <gtest/gtest.h>

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

struct Change {
  std::string_view before, adapted;
  Mending mending;
  std::string_view after;
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
