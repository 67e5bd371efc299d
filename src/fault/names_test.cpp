#include "fault/names.hpp"

#include <gtest/gtest.h>

#include "fault/fault.hpp"

namespace fix502 {
namespace {

constexpr auto kZone = DnsRole::authoritative;
constexpr auto kParent = DnsRole::delegation;
constexpr auto kMine = DnsRole::system;
constexpr auto kOther = DnsRole::comparison;

using Records = std::vector<DnsRecord>;
using Addresses = std::vector<std::string>;

/// One question and its answer. Its server: "ns1", "192.0.2.53", "tls://..."
struct Said {
  DnsRole role = kMine;
  std::string server = {};
  Records answer = {};
  std::string rcode = "NOERROR";
  std::string name = "shop.example";
  std::string type = "A";
  Failure failure = Failure::none;
  bool authoritative = false;
  bool checking_disabled = false;
  bool later = false;
};

DnsRecord a(std::string address, std::uint32_t ttl = 300, std::string name = "shop.example") {
  return {std::move(name), "A", ttl, std::move(address)};
}

DnsRecord cname(std::string target, std::string name = "shop.example") {
  return {std::move(name), "CNAME", 300, std::move(target)};
}

Names names_of(const std::vector<Said>& said, Evidence& evidence) {
  for (const auto& one : said) {
    DnsExchange dns;
    dns.role = one.role;
    dns.server = one.server;
    dns.name = one.name;
    dns.type = one.type;
    dns.failure = one.failure;
    dns.rcode = one.failure == Failure::none ? one.rcode : "";
    dns.answer = one.answer;
    dns.authoritative = one.authoritative;
    dns.checking_disabled = one.checking_disabled;
    Observation seen;
    seen.id = "o" + std::to_string(evidence.observations.size() + 1);
    if (one.later) seen.varied["time"] = "a second later";
    seen.data = std::move(dns);
    evidence.observations.push_back(std::move(seen));
  }
  return read_names(evidence, "shop.example");
}

struct ZoneCase {
  std::string_view about;
  std::vector<Said> said;
  NameAnswer answer;
  Addresses addresses = {};
  int servers = 2;
  int failing = 0;
  bool disagree = false;
  std::string missing_link = {};
  std::uint32_t ttl = 300;
};

const ZoneCase kZoneCases[] = {
    {.about = "two servers agree",
     .said = {{kZone, "ns1", {a("203.0.113.10")}}, {kZone, "ns2", {a("203.0.113.10")}}},
     .answer = NameAnswer::addresses,
     .addresses = {"203.0.113.10"}},
    {.about = "one of two fails",
     .said = {{kZone, "ns1", {}, "SERVFAIL"}, {kZone, "ns2", {a("203.0.113.10")}}},
     .answer = NameAnswer::addresses,
     .addresses = {"203.0.113.10"},
     .failing = 1},
    {.about = "both refuse",
     .said = {{kZone, "ns1", {}, "REFUSED"}, {kZone, "ns2", {}, "REFUSED"}},
     .answer = NameAnswer::refused,
     .failing = 2,
     .ttl = 0},
    {.about = "both are silent",
     .said = {{.role = kZone, .server = "ns1", .failure = Failure::response_timeout},
              {.role = kZone, .server = "ns2", .failure = Failure::response_timeout}},
     .answer = NameAnswer::silent,
     .failing = 2,
     .ttl = 0},
    {.about = "one is lame: it has nothing, and no authority to say so",
     .said = {{kZone, "ns1"}, {kZone, "ns2", {a("203.0.113.10")}}},
     .answer = NameAnswer::addresses,
     .addresses = {"203.0.113.10"},
     .failing = 1},
    {.about = "different addresses",
     .said = {{kZone, "ns1", {a("203.0.113.10")}}, {kZone, "ns2", {a("203.0.113.99")}}},
     .answer = NameAnswer::addresses,
     .addresses = {"203.0.113.10", "203.0.113.99"},
     .disagree = true},
    {.about = "near miss: each gives some of a larger set",
     .said = {{kZone, "ns1", {a("203.0.113.10"), a("203.0.113.11")}},
              {kZone, "ns2", {a("203.0.113.11"), a("203.0.113.12")}}},
     .answer = NameAnswer::addresses,
     .addresses = {"203.0.113.10", "203.0.113.11", "203.0.113.12"}},
    {.about = "one knows the name and the other does not",
     .said = {{kZone, "ns1", {a("203.0.113.10")}}, {kZone, "ns2", {}, "NXDOMAIN"}},
     .answer = NameAnswer::addresses,
     .addresses = {"203.0.113.10"},
     .disagree = true},
    {.about = "the longest life counts: a cache may still have the older record",
     .said = {{kZone, "ns1", {a("203.0.113.10", 60)}}, {kZone, "ns2", {a("203.0.113.10", 3600)}}},
     .answer = NameAnswer::addresses,
     .addresses = {"203.0.113.10"},
     .ttl = 3600},
    {.about = "an alias into a zone that has the address",
     .said = {{kZone, "ns1", {cname("shop.cdn.test")}},
              {.role = kZone,
               .server = "ns.cdn",
               .answer = {a("198.51.100.7", 20, "shop.cdn.test")},
               .name = "shop.cdn.test"}},
     .answer = NameAnswer::addresses,
     .addresses = {"198.51.100.7"},
     .servers = 1,
     .ttl = 20},
    {.about = "an alias to a name that does not exist, in the same zone",
     .said = {{kZone, "ns1", {cname("gone.shop.example")}, "NXDOMAIN"}},
     .answer = NameAnswer::nxdomain,
     .servers = 1,
     .missing_link = "gone.shop.example",
     .ttl = 0},
    {.about = "an alias to a name that another zone does not have",
     .said = {{kZone, "ns1", {cname("gone.cdn.test")}},
              {.role = kZone, .server = "ns.cdn", .rcode = "NXDOMAIN", .name = "gone.cdn.test"}},
     .answer = NameAnswer::nxdomain,
     .servers = 1,
     .missing_link = "gone.cdn.test",
     .ttl = 0},
    {.about = "an alias into a domain that its registry does not have",
     .said = {{kZone, "ns1", {cname("shop.expired.test")}},
              {.role = kParent, .server = "nic", .rcode = "NXDOMAIN", .name = "expired.test", .authoritative = true}},
     .answer = NameAnswer::nxdomain,
     .servers = 1,
     .missing_link = "shop.expired.test",
     .ttl = 0},
    {.about = "an alias to a name without address",
     .said = {{kZone, "ns1", {cname("empty.cdn.test")}},
              {.role = kZone, .server = "ns.cdn", .name = "empty.cdn.test", .authoritative = true}},
     .answer = NameAnswer::no_data,
     .servers = 1,
     .ttl = 0},
    {.about = "aliases in a circle come to an end",
     .said = {{kZone, "ns1", {cname("www.shop.example")}},
              {.role = kZone,
               .server = "ns1",
               .answer = {cname("shop.example", "www.shop.example")},
               .name = "www.shop.example"}},
     .answer = NameAnswer::no_data,
     .servers = 1,
     .ttl = 0},
    {.about = "the registry does not have the domain",
     .said = {{.role = kParent, .server = "nic", .rcode = "NXDOMAIN", .authoritative = true}},
     .answer = NameAnswer::nxdomain,
     .servers = 1,
     .ttl = 0},
    {.about = "near miss: a denial without authority is nobody's word",
     .said = {{.role = kParent, .server = "nic", .rcode = "NXDOMAIN"}},
     .answer = NameAnswer::none,
     .servers = 0,
     .ttl = 0},
    {.about = "only IPv6",
     .said = {{.role = kZone, .server = "ns1", .authoritative = true},
              {.role = kZone,
               .server = "ns1",
               .answer = {{"shop.example", "AAAA", 300, "2001:db8::10"}},
               .type = "AAAA",
               .authoritative = true}},
     .answer = NameAnswer::addresses,
     .addresses = {"2001:db8::10"},
     .servers = 1},
    {.about = "given up because another was quicker",
     .said = {{.role = kZone, .server = "ns1", .failure = Failure::out_of_time}},
     .answer = NameAnswer::none,
     .servers = 0,
     .ttl = 0},
};

TEST(ReadNames, WeighsTheZonesOwnServers) {
  for (const auto& [about, said, answer, addresses, servers, failing, disagree, missing_link, ttl] : kZoneCases) {
    SCOPED_TRACE(about);
    Evidence evidence;
    const ZoneWord zone = names_of(said, evidence).zone;
    EXPECT_EQ(zone.answer, answer);
    EXPECT_EQ(zone.addresses, addresses);
    EXPECT_EQ(zone.servers, servers);
    EXPECT_EQ(zone.asked, servers > 0);
    EXPECT_EQ(zone.failing, failing);
    EXPECT_EQ(zone.disagree, disagree);
    EXPECT_EQ(zone.missing_link, missing_link);
    EXPECT_EQ(zone.ttl, ttl);
  }
}

struct ResolverCase {
  std::string_view about;
  std::vector<Said> said;  ///< by "r"
  NameAnswer answer;
  std::uint32_t ttl = 0;
  std::optional<std::uint32_t> later_ttl = {};
  bool alive = true;
  bool works_without_check = false;
  bool any_forged_mark = false;
};

const ResolverCase kResolverCases[] = {
    {.about = "an address", .said = {{kMine, "r", {a("203.0.113.10")}}}, .answer = NameAnswer::addresses, .ttl = 300},
    {.about = "a stored record runs out",
     .said = {{kMine, "r", {a("203.0.113.99", 1500)}},
              {.server = "r", .answer = {a("203.0.113.99", 1499)}, .later = true}},
     .answer = NameAnswer::addresses,
     .ttl = 1500,
     .later_ttl = 1499},
    {.about = "an invented one stands still",
     .said = {{kMine, "r", {a("203.0.113.99", 60)}}, {.server = "r", .answer = {a("203.0.113.99", 60)}, .later = true}},
     .answer = NameAnswer::addresses,
     .ttl = 60,
     .later_ttl = 60},
    {.about = "the chain's shortest life is the answer's",
     .said = {{kMine, "r", {cname("shop.cdn.test"), a("198.51.100.7", 20, "shop.cdn.test")}}},
     .answer = NameAnswer::addresses,
     .ttl = 20},
    {.about = "bogus: fails, and answers where it need not check",
     .said = {{kMine, "r", {}, "SERVFAIL"}, {.server = "r", .answer = {a("203.0.113.10")}, .checking_disabled = true}},
     .answer = NameAnswer::servfail,
     .works_without_check = true},
    {.about = "near miss: fails with and without check",
     .said = {{kMine, "r", {}, "SERVFAIL"}, {.server = "r", .rcode = "SERVFAIL", .checking_disabled = true}},
     .answer = NameAnswer::servfail},
    {.about = "IPv4 alone is enough",
     .said = {{kMine, "r", {a("203.0.113.10")}}, {.server = "r", .rcode = "SERVFAIL", .type = "AAAA"}},
     .answer = NameAnswer::addresses,
     .ttl = 300},
    {.about = "neither family", .said = {{kMine, "r"}, {.server = "r", .type = "AAAA"}}, .answer = NameAnswer::no_data},
    {.about = "no such name", .said = {{kMine, "r", {}, "NXDOMAIN"}}, .answer = NameAnswer::nxdomain},
    {.about = "will not", .said = {{kMine, "r", {}, "REFUSED"}}, .answer = NameAnswer::refused},
    {.about = "silent",
     .said = {{.server = "r", .failure = Failure::response_timeout}},
     .answer = NameAnswer::silent,
     .alive = false},
    {.about = "silent about this name, but not about the root",
     .said = {{.server = "r", .failure = Failure::response_timeout}, {.server = "r", .name = ".", .type = "NS"}},
     .answer = NameAnswer::silent},
    {.about = "nothing listens there",
     .said = {{.server = "r", .failure = Failure::refused}},
     .answer = NameAnswer::unreachable,
     .alive = false},
    {.about = "answers noise",
     .said = {{.server = "r", .failure = Failure::malformed}},
     .answer = NameAnswer::servfail,
     .alive = false},
    {.about = "an address that only blocking resolvers give",
     .said = {{kMine, "r", {a("0.0.0.0")}}},
     .answer = NameAnswer::addresses,
     .ttl = 300,
     .any_forged_mark = true},
    {.about = "near miss: a private address may be a split horizon",
     .said = {{kMine, "r", {a("10.0.0.7")}}},
     .answer = NameAnswer::addresses,
     .ttl = 300},
};

TEST(ReadNames, WeighsAResolver) {
  for (const auto& [about, said, answer, ttl, later_ttl, alive, works_without_check, any_forged_mark] :
       kResolverCases) {
    SCOPED_TRACE(about);
    Evidence evidence;
    const Names names = names_of(said, evidence);
    ASSERT_EQ(names.system.size(), 1U);
    const ResolverView& view = names.system.front();
    EXPECT_EQ(view.answer, answer);
    EXPECT_EQ(view.ttl, ttl);
    EXPECT_EQ(view.later_ttl, later_ttl);
    EXPECT_EQ(view.alive, alive);
    EXPECT_EQ(view.works_without_check, works_without_check);
    EXPECT_EQ(view.any_forged_mark, any_forged_mark);
  }
}

struct TruthCase {
  std::string_view about;
  std::vector<Said> said;
  NameAnswer truth;
  Addresses addresses = {};
  Cites cites = {};
};

const TruthCase kTruthCases[] = {
    {.about = "the zone's word goes before everybody's",
     .said = {{kOther, "198.51.100.1", {a("203.0.113.99")}},
              {kOther, "tls://198.51.100.2", {a("203.0.113.99")}},
              {kZone, "ns1", {a("203.0.113.10")}}},
     .truth = NameAnswer::addresses,
     .addresses = {"203.0.113.10"},
     .cites = {"o3"}},
    {.about = "a zone that fails leaves it to the others",
     .said = {{kZone, "ns1", {}, "SERVFAIL"}, {kOther, "198.51.100.1", {a("203.0.113.10")}}},
     .truth = NameAnswer::addresses,
     .addresses = {"203.0.113.10"},
     .cites = {"o1"}},
    {.about = "what nobody in between can forge goes before what anybody can",
     .said = {{kOther, "198.51.100.1", {a("203.0.113.99")}},
              {kOther, "198.51.100.3", {a("203.0.113.99")}},
              {kOther, "tls://198.51.100.2", {a("203.0.113.10")}}},
     .truth = NameAnswer::addresses,
     .addresses = {"203.0.113.10"},
     .cites = {"o3"}},
    {.about = "also where the forged word is that there is no such name",
     .said = {{kOther, "198.51.100.1", {}, "NXDOMAIN"},
              {kOther, "198.51.100.3", {}, "NXDOMAIN"},
              {kOther, "https://198.51.100.2/dns-query", {a("203.0.113.10")}}},
     .truth = NameAnswer::addresses,
     .addresses = {"203.0.113.10"},
     .cites = {"o3"}},
    {.about = "an encrypted one that fails silences nobody",
     .said = {{kOther, "198.51.100.1", {a("203.0.113.10")}},
              {.role = kOther, .server = "tls://198.51.100.2", .failure = Failure::connect_timeout}},
     .truth = NameAnswer::addresses,
     .addresses = {"203.0.113.10"},
     .cites = {"o1"}},
    {.about = "two against one",
     .said = {{kOther, "198.51.100.1", {}, "NXDOMAIN"},
              {kOther, "198.51.100.2", {a("203.0.113.10")}},
              {kOther, "198.51.100.3", {a("203.0.113.10")}}},
     .truth = NameAnswer::addresses,
     .addresses = {"203.0.113.10"},
     .cites = {"o1", "o2", "o3"}},
    {.about = "one against one decides nothing",
     .said = {{kOther, "198.51.100.1", {}, "NXDOMAIN"}, {kOther, "198.51.100.2", {a("203.0.113.10")}}},
     .truth = NameAnswer::none,
     .cites = {"o1", "o2"}},
    {.about = "nobody else to ask: this machine's own resolver is believed, but vouches for nothing",
     .said = {{kMine, "192.0.2.1", {a("203.0.113.10")}}},
     .truth = NameAnswer::none,
     .addresses = {"203.0.113.10"}},
    {.about = "everybody failed",
     .said = {{kMine, "192.0.2.1", {}, "SERVFAIL"}, {kOther, "198.51.100.1", {}, "SERVFAIL"}},
     .truth = NameAnswer::none},
};

TEST(ReadNames, KnowsWhomToBelieve) {
  for (const auto& [about, said, truth, addresses, cites] : kTruthCases) {
    SCOPED_TRACE(about);
    Evidence evidence;
    const Names names = names_of(said, evidence);
    EXPECT_EQ(names.truth(), truth);
    EXPECT_EQ(names.true_addresses(), addresses);
    EXPECT_EQ(names.truth_cites(), cites);
  }
}

TEST(ReadNames, TakesThisMachinesOwnResolutionForWhatItIs) {
  Evidence evidence;
  EXPECT_FALSE(read_names(evidence, "shop.example").resolves());
  for (const auto& [name, addresses] : std::vector<std::pair<std::string, Addresses>>{
           {"shop.example", {"203.0.113.99"}}, {"check.example", {"203.0.113.200"}}}) {
    Observation seen;
    seen.data = SystemLookup{.name = name, .addresses = addresses, .failure = Failure::none, .error = {}};
    evidence.observations.push_back(std::move(seen));
  }
  const Names names = read_names(evidence, "shop.example");
  EXPECT_TRUE(names.resolves());
  EXPECT_EQ(names.system_addresses(), Addresses{"203.0.113.99"});
  EXPECT_FALSE(read_names(evidence, "other.example").resolves());
}

}  // namespace
}  // namespace fix502
