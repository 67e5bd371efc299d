#include "resolver/program.hpp"

#include <gtest/gtest.h>

#include <set>

namespace fix502 {
namespace {

TEST(CachePrograms, AreKnownByWhatTheyAreCalled) {
  std::set<std::string_view> ids;
  for (const CacheProgram* program : cache_programs()) {
    EXPECT_TRUE(ids.insert(program->id).second) << program->id;
    EXPECT_TRUE(program->look && program->asks && program->plan) << program->id;
    EXPECT_EQ(program_called(program->id), program);
  }
  EXPECT_EQ(ids.size(), 6U);
  EXPECT_EQ(program_called("systemd-resolve")->id, "systemd-resolved") << "the kernel cuts names to 15 letters";
  EXPECT_EQ(program_called("pihole-FTL")->id, "dnsmasq");
  EXPECT_EQ(program_called("nginx"), nullptr);
  EXPECT_EQ(program_called(""), nullptr);
}

TEST(CachePrograms, AreKnownByWhatTheyCallThemselves) {
  EXPECT_EQ(program_with_version("dnsmasq-2.90")->id, "dnsmasq");
  EXPECT_EQ(program_with_version("unbound 1.17.1")->id, "unbound");
  EXPECT_EQ(program_with_version("PowerDNS Recursor 4.8.8 (built ...)")->id, "pdns_recursor");
  EXPECT_EQ(program_with_version("9.18.49-1~deb12u3-Debian")->id, "named");
  EXPECT_EQ(program_with_version("none of your business"), nullptr);
  EXPECT_EQ(program_with_version(""), nullptr);
}

struct LineCase {
  std::string_view line;
  std::size_t ttl_column;
  std::string address;  ///< empty: not about the name
  std::uint32_t ttl;
};

TEST(StoredLines, OfTheNameAreRead) {
  const LineCase cases[] = {
      {"shop.example.\t298\tIN\tA\t203.0.113.99", 1, "203.0.113.99", 298},
      {"Shop.Example. 12 IN AAAA 2001:db8::1", 1, "2001:db8::1", 12},
      {"cdn.example. 5 IN A 203.0.113.7", 1, "203.0.113.7", 5},
      {"shop.example. 300 297 IN A 203.0.113.99 ; (Insecure) auth=1 zone=.", 2, "203.0.113.99", 297},
      {"other.example. 298 IN A 203.0.113.99", 1, "", 0},
      {"shop.example. 298 IN NS ns1.shop.example.", 1, "", 0},
      {"shop.example. x IN A 203.0.113.99", 1, "", 0},
      {"shop.example. 298 IN A not-an-address", 1, "", 0},
      {"shop.example.", 1, "", 0},
      {"", 1, "", 0},
  };
  for (const auto& [line, column, address, ttl] : cases) {
    ResolverCache cache;
    cache.name = "shop.example";
    cache.aliases = {"cdn.example"};
    EXPECT_EQ(add_stored_line(cache, names_of(cache), line, column), !address.empty()) << line;
    EXPECT_EQ(cache.cached, address.empty() ? Cached::unknown : Cached::yes) << line;
    if (address.empty()) continue;
    EXPECT_EQ(cache.addresses, std::vector{address});
    EXPECT_EQ(cache.ttl, ttl);
  }
}

TEST(StoredLines, OfOneNameAreOneRecord) {
  ResolverCache cache;
  add_stored(cache, "203.0.113.1", 300);
  add_stored(cache, "203.0.113.2", 40);
  add_stored(cache, "203.0.113.1", 90);
  EXPECT_EQ(cache.addresses, (std::vector<std::string>{"203.0.113.1", "203.0.113.2"}));
  EXPECT_EQ(cache.ttl, 40U);
}

TEST(Forwards, TheLongestZoneCounts) {
  const std::vector<Forward> forwards = {
      {".", {"192.0.2.1", "2001:db8::53"}}, {"example", {"192.0.2.2@5353#name"}}, {"shop.example.", {"192.0.2.3#54"}}};
  EXPECT_EQ(nearest_forward(forwards, "other.test"), (std::vector<std::string>{"192.0.2.1:53", "[2001:db8::53]:53"}));
  EXPECT_EQ(nearest_forward(forwards, "www.EXAMPLE"), std::vector<std::string>{"192.0.2.2:5353"});
  EXPECT_EQ(nearest_forward(forwards, "shop.example"), std::vector<std::string>{"192.0.2.3:54"});
  EXPECT_EQ(nearest_forward(forwards, "myexample"), (std::vector<std::string>{"192.0.2.1:53", "[2001:db8::53]:53"}));
  EXPECT_TRUE(nearest_forward({}, "shop.example").empty());
  EXPECT_TRUE(nearest_forward({{".", {"resolver.example", "", "+i", "999.1.1.1"}}}, "shop.example").empty());
}

TEST(Processes, OptionsInEveryForm) {
  Process process;
  process.arguments = {"daemon", "-c", "/a", "--config-dir=/b", "--socket-dir", "/s", "-f/x"};
  EXPECT_EQ(process.option("-c"), "/a");
  EXPECT_EQ(process.option("--config-dir"), "/b");
  EXPECT_EQ(process.option("--socket-dir"), "/s");
  EXPECT_EQ(process.option("-f"), "/x");
  EXPECT_EQ(process.option("--config"), std::nullopt);
  EXPECT_EQ(process.option("-t"), std::nullopt);
  process.arguments = {"daemon", "-c"};
  EXPECT_EQ(process.option("-c"), std::nullopt);
  process.arguments.clear();
  EXPECT_EQ(process.option("-c"), std::nullopt);
}

}  // namespace
}  // namespace fix502
