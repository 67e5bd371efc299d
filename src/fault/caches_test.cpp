#include "fault/caches.hpp"

#include <gtest/gtest.h>

namespace fix502 {
namespace {

constexpr std::string_view kOld = "203.0.113.99";
constexpr std::string_view kNew = "203.0.113.10";

ResolverCache cache(std::string program, std::string where, Cached cached, std::string_view address) {
  ResolverCache one;
  one.program = std::move(program);
  one.where = std::move(where);
  one.ours = !one.program.empty();
  one.looked = cached != Cached::unknown;
  one.name = "shop.example";
  one.cached = cached;
  if (!address.empty()) one.addresses = {std::string(address)};
  if (cached == Cached::yes) one.ttl = 2460;
  if (one.ours) one.flush = {{"forget", one.program}};
  return one;
}

/// The zone says the new address; programs get `in_use`; the resolver of resolv.conf says `answer`.
Evidence evidence_of(std::vector<ResolverCache> caches, std::string_view in_use = kOld,
                     std::string_view answer = kOld) {
  Evidence evidence;
  evidence.target.host = "shop.example";
  const auto add = [&](auto data) {
    Observation seen;
    seen.id = "o" + std::to_string(evidence.observations.size() + 1);
    seen.data = std::move(data);
    evidence.observations.push_back(std::move(seen));
  };
  SystemLookup lookup;
  lookup.name = "shop.example";
  lookup.addresses = {std::string(in_use)};
  add(std::move(lookup));
  for (const auto& [role, server, address] : {std::tuple(DnsRole::system, "127.0.0.53:53", answer),
                                              std::tuple(DnsRole::authoritative, "198.51.100.53:53", kNew)}) {
    DnsExchange dns;
    dns.role = role;
    dns.server = server;
    dns.name = "shop.example";
    dns.rcode = "NOERROR";
    dns.authoritative = role == DnsRole::authoritative;
    dns.answer = {{"shop.example", "A", 300, std::string(address)}};
    add(std::move(dns));
  }
  for (auto& one : caches) {
    one.position = static_cast<int>(&one - caches.data()) + 1;
    add(std::move(one));
  }
  return evidence;
}

struct WhereCase {
  std::string_view about;
  std::vector<ResolverCache> caches;
  Outlook outlook;
  std::string_view says;  ///< part of the finding
  std::vector<std::string> flushed;
};

TEST(WhereItIsStored, InEverySituation) {
  constexpr auto kYes = Cached::yes, kNo = Cached::no, kUnknown = Cached::unknown;
  const std::string stub = "127.0.0.53:53", router = "192.0.2.1:53", nscd = "/var/run/nscd/socket";
  const WhereCase cases[] = {
      {"in the only one",
       {cache("unbound", stub, kYes, kOld)},
       Outlook::fixes,
       "stored in unbound (127.0.0.53:53) on this machine, 41 min left",
       {"unbound"}},
      {"here, and the router behind has the new one",
       {cache("systemd-resolved", stub, kYes, kOld), cache("", router, kUnknown, kNew)},
       Outlook::fixes,
       "stored in systemd-resolved",
       {"systemd-resolved"}},
      {"here, and the router behind keeps it too",
       {cache("systemd-resolved", stub, kYes, kOld), cache("", router, kYes, kOld)},
       Outlook::no_effect,
       "lives in 192.0.2.1:53, a resolver that is not yours",
       {}},
      {"the router alone", {cache("", router, kYes, kOld)}, Outlook::no_effect, "use another DNS", {}},
      {"in two of ours: the far one first",
       {cache("nscd", nscd, kYes, kOld), cache("dnsmasq", stub, kYes, kOld)},
       Outlook::fixes,
       "stored in nscd",
       {"dnsmasq", "nscd"}},
      {"nowhere", {cache("unbound", stub, kNo, "")}, Outlook::no_effect, "in no cache of this machine", {}},
      {"not to be seen", {cache("unbound", stub, kUnknown, kOld)}, Outlook::may_help, "cannot be seen", {}},
      {"stored, seen by its TTL alone",
       {[&] {
         auto one = cache("unbound", stub, kYes, kOld);
         one.looked = false;
         return one;
       }()},
       Outlook::may_help,
       "its own or one behind it, 41 min left",
       {}},
      {"a stored denial", {cache("unbound", stub, kYes, "")}, Outlook::fixes, "stored in unbound", {"unbound"}},
      {"the present answer is stored", {cache("unbound", stub, kYes, kNew)}, Outlook::no_effect, "in no cache", {}},
  };
  for (const auto& [about, caches, outlook, says, flushed] : cases) {
    const Evidence evidence = evidence_of(caches);
    const Names names = read_names(evidence, "shop.example");
    const CacheWord word = where_it_is_stored(names);
    EXPECT_EQ(word.outlook, outlook) << about;
    EXPECT_NE(word.finding.find(says), std::string::npos) << about << ": " << word.finding;
    EXPECT_EQ(word.cites.size(), caches.size()) << about;
    if (outlook != Outlook::fixes) continue;
    std::vector<std::string> programs;
    for (const Observation* seen : bad_caches(names)) programs.push_back(seen->as<ResolverCache>()->program);
    EXPECT_EQ(programs, flushed) << about;
  }
}

TEST(Names, KnowWhatWasSeenStored) {
  const Evidence behind = evidence_of({cache("unbound", "127.0.0.53:53", Cached::yes, kOld)});
  const Names asked = read_names(behind, "shop.example");
  ASSERT_EQ(asked.system.size(), 1U);
  EXPECT_NE(asked.system[0].stored, nullptr);
  // nscd is asked before resolv.conf's servers, and by no DNS question.
  const Evidence before = evidence_of({cache("nscd", "/var/run/nscd/socket", Cached::yes, kOld)}, kOld, kNew);
  const Names names = read_names(before, "shop.example");
  ASSERT_EQ(names.system.size(), 2U);
  EXPECT_EQ(names.system[0].server, "nscd");
  EXPECT_EQ(names.system[0].addresses, std::vector{std::string(kOld)});
  EXPECT_EQ(names.true_addresses(), std::vector{std::string(kNew)});
  // What programs do not get is not what they use.
  const Evidence unused = evidence_of({cache("nscd", "/var/run/nscd/socket", Cached::yes, kOld)}, kNew, kNew);
  EXPECT_EQ(read_names(unused, "shop.example").system.size(), 1U);
}

}  // namespace
}  // namespace fix502
