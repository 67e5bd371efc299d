#include "net/dns_walk.hpp"

#include <gtest/gtest.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>

#include "net/dns_names.hpp"
#include "net/dns_referral.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

namespace asio = boost::asio;
using Texts = std::vector<std::string>;

constexpr const char* kRoot = "192.0.2.1";
constexpr const char* kSilent = "192.0.2.98";
constexpr const char* kUnreachable = "192.0.2.99";

/// A small internet: what each server says to each question. Servers that are not in it are silent.
class World {
 public:
  /// "A shop.example" at `server`; the server answers REFUSED to what it was not told.
  DnsExchange& says(const std::string& server, const std::string& question) {
    DnsExchange& exchange = answers_[server][question];
    exchange.rcode = "NOERROR";
    return exchange;
  }
  /// Refers everything within `zone` to the name servers; `glue` goes along.
  void refers(const std::string& server, const std::string& zone, const Texts& names,
              const std::vector<DnsRecord>& glue = {}) {
    DnsExchange& exchange = referrals_[server][zone];
    exchange.rcode = "NOERROR";
    for (const auto& name : names) exchange.authority.push_back({zone, "NS", 60, name});
    exchange.additional = glue;
    answers_[server];
  }
  /// An authoritative address.
  void owns(const std::string& server, const std::string& name, const std::string& address) {
    DnsExchange& exchange = says(server, (is_ipv4(address) ? "A " : "AAAA ") + name);
    exchange.authoritative = true;
    exchange.answer.push_back({name, is_ipv4(address) ? "A" : "AAAA", 60, address});
  }
  void resolves(const std::string& server, const std::string& name, const std::string& type, const Texts& data) {
    DnsExchange& exchange = says(server, type + " " + name);
    for (const auto& each : data) exchange.answer.push_back({name, type, 60, each});
  }

  AskDns ask() {
    return [this](DnsQuery query) { return answer(std::move(query)); };
  }

  std::vector<DnsExchange> asked;  ///< every exchange that came to its end

 private:
  Task<DnsExchange> answer(DnsQuery query) {
    DnsExchange exchange = find(query);
    exchange.server = query.server;
    exchange.server_name = query.server_name;
    exchange.role = query.role;
    exchange.zone = query.zone;
    exchange.name = query.name;
    exchange.type = query.type;
    asio::steady_timer timer(co_await asio::this_coro::executor);
    if (exchange.rcode.empty() && exchange.failure == Failure::none) {
      timer.expires_after(query.timeout);
      const auto [cancelled] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
      exchange.failure = cancelled ? Failure::out_of_time : Failure::response_timeout;
    }
    asked.push_back(exchange);
    co_return exchange;
  }

  DnsExchange find(const DnsQuery& query) {
    const auto server = answers_.find(query.server);
    if (server == answers_.end()) return query.server == kUnreachable ? unreachable() : DnsExchange{};
    const auto known = server->second.find(query.type + " " + query.name);
    if (known != server->second.end()) return known->second;
    std::string deepest;
    for (const auto& [zone, exchange] : referrals_[query.server])
      if (is_within(query.name, zone) && zone.size() > deepest.size()) deepest = zone;
    if (!deepest.empty()) return referrals_[query.server][deepest];
    DnsExchange refused;
    refused.rcode = "REFUSED";
    return refused;
  }

  static DnsExchange unreachable() {
    DnsExchange exchange;
    exchange.failure = Failure::unreachable;
    return exchange;
  }

  std::map<std::string, std::map<std::string, DnsExchange>> answers_;
  std::map<std::string, std::map<std::string, DnsExchange>> referrals_;
};

std::vector<ZoneView> walk(World& world, const std::string& name, WalkOptions options) {
  asio::io_context io;
  std::vector<ZoneView> result;
  asio::co_spawn(io, walk_zones(world.ask(), name, std::move(options)),
                 [&](std::exception_ptr error, std::vector<ZoneView> views) {
                   EXPECT_FALSE(error);
                   result = std::move(views);
                 });
  io.run();
  return result;
}

/// Root, "example", and the zone shop.example with two servers.
World delegated() {
  World world;
  world.refers(kRoot, "example", {"ns.nic.example"}, {{"ns.nic.example", "A", 60, "192.0.2.2"}});
  world.refers("192.0.2.2", "shop.example", {"ns1.shop.example", "ns2.shop.example"},
               {{"ns1.shop.example", "A", 60, "192.0.2.53"}, {"ns2.shop.example", "A", 60, "192.0.2.54"}});
  for (const auto* server : {"192.0.2.53", "192.0.2.54"}) {
    world.owns(server, "shop.example", "203.0.113.10");
    world.owns(server, "shop.example", "2001:db8::10");
  }
  return world;
}

WalkOptions from(const std::string& root, std::vector<WalkResolver> resolvers = {}) {
  WalkOptions options;
  options.roots = {{"root.example", root}};
  options.resolvers = std::move(resolvers);
  // A question that is not answered would hold the test up: nothing may wait for one.
  options.question_timeout = Milliseconds(600'000);
  options.silent_grace = Milliseconds(5);
  options.moving_grace = Milliseconds(20);
  return options;
}

TEST(WalkZones, GoesDownFromTheRoot) {
  World world = delegated();
  const auto views = walk(world, "shop.example", from(kRoot));
  ASSERT_EQ(views.size(), 1U);
  EXPECT_EQ(views[0].zone, "shop.example");
  EXPECT_TRUE(views[0].from_root);
  const std::vector<ZoneServer> servers = {{"ns1.shop.example", "192.0.2.53"}, {"ns2.shop.example", "192.0.2.54"}};
  EXPECT_EQ(views[0].servers, servers);
  ASSERT_EQ(views[0].answers.size(), 4U);
  for (const auto& answer : views[0].answers) {
    EXPECT_EQ(answer.role, DnsRole::authoritative);
    EXPECT_EQ(answer.zone, "shop.example");
    EXPECT_EQ(answer.addresses(), Texts{answer.type == "A" ? "203.0.113.10" : "2001:db8::10"});
  }
  EXPECT_EQ(world.asked.front().role, DnsRole::delegation);
  EXPECT_EQ(world.asked.front().zone, ".");
}

TEST(WalkZones, AsksResolversForServersWithoutGlue) {
  World world = delegated();
  world.refers("192.0.2.2", "shop.example", {"ns.host.example"});
  world.resolves("resolver", "ns.host.example", "A", {"192.0.2.53"});
  const auto views = walk(world, "shop.example", from(kRoot, {{"resolver", DnsRole::comparison, {}}}));
  ASSERT_EQ(views.size(), 1U);
  EXPECT_TRUE(views[0].from_root);
  EXPECT_EQ(views[0].servers, (std::vector<ZoneServer>{{"ns.host.example", "192.0.2.53"}}));
}

TEST(WalkZones, WalksForServersWithoutGlueWhereNoResolverHelps) {
  World world = delegated();
  world.refers("192.0.2.2", "shop.example", {"ns.host.example"});
  world.refers("192.0.2.2", "host.example", {"ns.in.host.example"}, {{"ns.in.host.example", "A", 60, "192.0.2.60"}});
  world.owns("192.0.2.60", "ns.host.example", "192.0.2.53");
  const auto views = walk(world, "shop.example", from(kRoot));
  ASSERT_EQ(views.size(), 1U);
  EXPECT_EQ(views[0].servers, (std::vector<ZoneServer>{{"ns.host.example", "192.0.2.53"}}));
}

TEST(WalkZones, EndsWhereServersLackGlueInACircle) {
  World world = delegated();
  world.refers("192.0.2.2", "shop.example", {"ns.host.example"});
  world.refers("192.0.2.2", "host.example", {"ns.shop.example"});
  EXPECT_TRUE(walk(world, "shop.example", from(kRoot)).empty());
  EXPECT_LE(world.asked.size(), 60U);
}

TEST(WalkZones, GoesThroughResolversWhereTheRootIsOutOfReach) {
  for (const auto* root : {kUnreachable, kSilent}) {
    World world = delegated();
    world.resolves("resolver", "shop.example", "NS", {"ns1.shop.example"});
    world.resolves("resolver", "ns1.shop.example", "A", {"192.0.2.53"});
    world.owns("192.0.2.53", "www.shop.example", "203.0.113.10");
    const auto views = walk(world, "www.shop.example", from(root, {{"resolver", DnsRole::system, {}}}));
    ASSERT_EQ(views.size(), 1U) << root;
    EXPECT_EQ(views[0].zone, "shop.example") << root;
    EXPECT_FALSE(views[0].from_root) << root;
    EXPECT_EQ(views[0].servers.size(), 1U) << root;
  }
}

TEST(WalkZones, DoesNotWaitForASecondResolver) {
  World world = delegated();
  world.resolves("resolver", "shop.example", "NS", {"ns1.shop.example"});
  world.resolves("resolver", "ns1.shop.example", "A", {"192.0.2.53"});
  const std::vector<WalkResolver> resolvers = {{"mute", DnsRole::comparison, {}}, {"resolver", DnsRole::system, {}}};
  EXPECT_EQ(walk(world, "shop.example", from(kUnreachable, resolvers)).size(), 1U);
}

TEST(WalkZones, FindsNothingWhereNothingAnswers) {
  World world;
  WalkOptions options = from(kUnreachable, {{kUnreachable, DnsRole::system, {}}});
  EXPECT_TRUE(walk(world, "shop.example", options).empty());
}

TEST(WalkZones, DoesNotBelieveAnAnswerInTheRootsPlace) {
  World world;
  world.resolves(kRoot, "shop.example", "A", {"198.18.0.1"});  // an intercepting resolver: no AA
  EXPECT_TRUE(walk(world, "shop.example", from(kRoot)).empty());
  world.owns(kRoot, "shop.example", "198.18.0.1");
  EXPECT_TRUE(walk(world, "shop.example", from(kRoot)).empty());
}

TEST(WalkZones, KeepsAZoneWhoseServersRefuse) {
  World world = delegated();
  for (const auto* server : {"192.0.2.53", "192.0.2.54"})
    for (const auto* question : {"A shop.example", "AAAA shop.example"}) {
      world.says(server, question) = DnsExchange{};
      world.says(server, question).rcode = "SERVFAIL";
    }
  const auto views = walk(world, "shop.example", from(kRoot));
  ASSERT_EQ(views.size(), 1U);
  EXPECT_EQ(views[0].zone, "shop.example");
  for (const auto& answer : views[0].answers) EXPECT_EQ(answer.rcode, "SERVFAIL");
}

TEST(WalkZones, TakesTheParentsWordThatANameIsNot) {
  World world = delegated();
  DnsExchange& gone = world.says("192.0.2.2", "A gone.example");
  gone.rcode = "NXDOMAIN";
  gone.authoritative = true;
  gone.authority = {{"example", "SOA", 60, "ns.nic.example. h.example. 1 2 3 4 5"}};
  const auto views = walk(world, "gone.example", from(kRoot));
  ASSERT_EQ(views.size(), 1U);
  EXPECT_EQ(views[0].zone, "example");
  EXPECT_EQ(views[0].answers.front().rcode, "NXDOMAIN");
}

TEST(WalkZones, NamesTheZoneWhereParentAndChildShareAServer) {
  World world;
  world.refers(kRoot, "example", {"ns.nic.example"}, {{"ns.nic.example", "A", 60, "192.0.2.2"}});
  world.owns("192.0.2.2", "shop.example", "203.0.113.10");
  world.says("192.0.2.2", "A shop.example").authority = {{"shop.example", "NS", 60, "ns.nic.example"}};
  world.says("192.0.2.2", "A shop.example").additional = {{"ns.nic.example", "A", 60, "192.0.2.2"}};
  const auto views = walk(world, "shop.example", from(kRoot));
  ASSERT_EQ(views.size(), 1U);
  EXPECT_EQ(views[0].zone, "shop.example");
}

void alias(World& world, const std::string& server, const std::string& name, const std::string& to) {
  for (const auto* type : {"A ", "AAAA "}) {
    DnsExchange& exchange = world.says(server, type + name);
    exchange.authoritative = true;
    exchange.answer = {{name, "CNAME", 60, to}};
  }
}

TEST(WalkZones, FollowsAnAliasIntoAnotherZone) {
  World world = delegated();
  for (const auto* server : {"192.0.2.53", "192.0.2.54"}) alias(world, server, "www.shop.example", "a.cdn.example");
  world.refers("192.0.2.2", "cdn.example", {"ns.cdn.example"}, {{"ns.cdn.example", "A", 60, "192.0.2.60"}});
  world.owns("192.0.2.60", "a.cdn.example", "203.0.113.99");
  const auto views = walk(world, "www.shop.example", from(kRoot));
  ASSERT_EQ(views.size(), 2U);
  EXPECT_EQ(views[0].zone, "shop.example");
  EXPECT_EQ(views[1].zone, "cdn.example");
  EXPECT_EQ(views[1].name, "a.cdn.example");
  EXPECT_EQ(views[1].answers.front().addresses(), Texts{"203.0.113.99"});
  // What was learnt on the first way is not asked again.
  const auto at_root = [](const DnsExchange& exchange) { return exchange.zone == "."; };
  EXPECT_EQ(std::ranges::count_if(world.asked, at_root), 1);
}

TEST(WalkZones, EndsInALoopOfAliases) {
  World world = delegated();
  world.refers("192.0.2.2", "cdn.example", {"ns.cdn.example"}, {{"ns.cdn.example", "A", 60, "192.0.2.60"}});
  for (const auto* server : {"192.0.2.53", "192.0.2.54"}) alias(world, server, "www.shop.example", "a.cdn.example");
  alias(world, "192.0.2.60", "a.cdn.example", "www.shop.example");
  EXPECT_EQ(walk(world, "www.shop.example", from(kRoot)).size(), 2U);
}

TEST(WalkZones, KeepsToItsBudget) {
  World world = delegated();
  WalkOptions options = from(kRoot);
  options.max_questions = 12;
  EXPECT_EQ(walk(world, "shop.example", options).size(), 1U);
  EXPECT_LE(world.asked.size(), 12U);
  World poor = delegated();
  options.max_questions = 0;
  EXPECT_TRUE(walk(poor, "shop.example", options).empty());
  EXPECT_TRUE(poor.asked.empty());
}

TEST(WalkZones, AsksOnlyOverUsableFamilies) {
  World world = delegated();
  world.refers("192.0.2.2", "shop.example", {"ns1.shop.example"},
               {{"ns1.shop.example", "AAAA", 60, "2001:db8::53"}, {"ns1.shop.example", "A", 60, "192.0.2.53"}});
  const auto views = walk(world, "shop.example", from(kRoot));
  ASSERT_EQ(views.size(), 1U);
  EXPECT_EQ(views[0].servers, (std::vector<ZoneServer>{{"ns1.shop.example", "192.0.2.53"}}));
}

TEST(Referral, TakesGlueOnlyFromWhomItIsToGive) {
  DnsExchange exchange;
  exchange.name = "www.shop.example";
  exchange.rcode = "NOERROR";
  exchange.authority = {{"shop.example", "NS", 60, "ns1.shop.example"},
                        {"shop.example", "NS", 60, "ns.other.test"},
                        {"other.example", "NS", 60, "ns.evil.example"},
                        {".", "NS", 60, "ns.up.example"}};
  exchange.additional = {{"ns1.shop.example", "A", 60, "192.0.2.53"},
                         {"ns.other.test", "A", 60, "192.0.2.66"},
                         {"ns.evil.example", "A", 60, "192.0.2.67"}};
  const auto referral = referral_in(exchange, "example");
  EXPECT_EQ(referral.zone, "shop.example");
  EXPECT_EQ(referral.servers, (std::vector<ZoneServer>{{"ns1.shop.example", "192.0.2.53"}}));
  EXPECT_EQ(referral.unresolved, Texts{"ns.other.test"});
  EXPECT_EQ(referral_in(exchange, "shop.example").zone, "") << "no step down";
}

TEST(Names, KnowWhatStandsBelowWhat) {
  EXPECT_TRUE(is_within("a.example", "example"));
  EXPECT_TRUE(is_within("example", "example"));
  EXPECT_TRUE(is_within("example", "."));
  EXPECT_FALSE(is_within("myexample", "example"));
  EXPECT_FALSE(is_within("example", "a.example"));
  EXPECT_EQ(cuts_of("a.b.c", 2), (Texts{"a.b.c", "b.c"}));
  EXPECT_EQ(cuts_of("c", 1), Texts{"c"});
  EXPECT_EQ(cuts_of(".", 1), Texts{});
}

}  // namespace
}  // namespace fix502
