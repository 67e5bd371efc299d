#include "fault/names.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace fix502 {
namespace {

NameAnswer read_answer(const DnsExchange& dns) {
  switch (dns.failure) {
    case Failure::none:
      break;
    case Failure::refused:
    case Failure::unreachable:
    case Failure::local_denied:
      return NameAnswer::unreachable;
    case Failure::malformed:
      return NameAnswer::servfail;
    default:
      return NameAnswer::silent;
  }
  if (dns.rcode == "NXDOMAIN") return NameAnswer::nxdomain;
  if (dns.rcode == "SERVFAIL") return NameAnswer::servfail;
  if (dns.rcode != "NOERROR") return NameAnswer::refused;
  return dns.addresses().empty() ? NameAnswer::no_data : NameAnswer::addresses;
}

/// A and AAAA made one word: what helps a visitor most counts, then what the more usual A says.
NameAnswer join(NameAnswer a, NameAnswer aaaa) {
  for (const NameAnswer strong : {NameAnswer::addresses, NameAnswer::nxdomain})
    if (a == strong || aaaa == strong) return strong;
  if (a == NameAnswer::none || (a == NameAnswer::no_data && aaaa != NameAnswer::none)) return aaaa;
  return a;
}

void add_new(std::vector<std::string>& to, const std::vector<std::string>& from) {
  for (const auto& item : from)
    if (std::ranges::find(to, item) == to.end()) to.push_back(item);
}

bool is_address_question(const DnsExchange& dns) {
  return dns.type == "A" || dns.type == "AAAA";
}

std::uint32_t smallest_ttl(const DnsExchange& dns) {
  std::uint32_t ttl = 0;
  for (const auto& record : dns.answer)
    if (ttl == 0 || record.ttl < ttl) ttl = record.ttl;
  return ttl;
}

/// Addresses that no site on the internet has: what blocking resolvers give (RFC 6890, RFC 1918 left out: split
/// horizons are real).
bool is_block_address(const std::string& address) {
  return address == "0.0.0.0" || address == "::" || address.starts_with("127.") || address == "::1";
}

struct Both {
  NameAnswer a = NameAnswer::none;
  NameAnswer aaaa = NameAnswer::none;
};

class ResolverReader {
 public:
  explicit ResolverReader(std::vector<ResolverView>& views) : views_(views) {}

  void read(const Observation& seen, const DnsExchange& dns, const std::string& host) {
    ResolverView& view = view_of(dns);
    view.alive = view.alive || dns.failure == Failure::none;
    if (dns.name != host || !is_address_question(dns)) return;
    view.seen.push_back(&seen);
    if (dns.checking_disabled) {
      view.works_without_check = view.works_without_check || read_answer(dns) == NameAnswer::addresses;
    } else if (!seen.varied_in("time").empty()) {
      if (!dns.addresses().empty()) view.later_ttl = smallest_ttl(dns);
    } else {
      first_word(view, dns);
    }
  }

  void finish() {
    for (auto& view : views_) view.answer = join(words_[view.server].a, words_[view.server].aaaa);
  }

 private:
  ResolverView& view_of(const DnsExchange& dns) {
    const auto found = std::ranges::find(views_, dns.server, &ResolverView::server);
    if (found != views_.end()) return *found;
    ResolverView view;
    view.server = dns.server;
    view.role = dns.role;
    return views_.emplace_back(std::move(view));
  }

  void first_word(ResolverView& view, const DnsExchange& dns) {
    (dns.type == "A" ? words_[view.server].a : words_[view.server].aaaa) = read_answer(dns);
    const auto addresses = dns.addresses();
    add_new(view.addresses, addresses);
    view.any_forged_mark = view.any_forged_mark || std::ranges::any_of(addresses, is_block_address);
    if (dns.chain().size() > view.chain.size()) view.chain = dns.chain();
    if (!addresses.empty() && (view.ttl == 0 || smallest_ttl(dns) < view.ttl)) view.ttl = smallest_ttl(dns);
    if (view.extended_error.empty()) view.extended_error = dns.extended_error;
  }

  std::vector<ResolverView>& views_;
  std::map<std::string, Both> words_;
};

/// Reads the authoritative answers for a name, following CNAMEs from zone to zone.
class ZoneReader {
 public:
  explicit ZoneReader(const Evidence& evidence) {
    for (const auto& seen : evidence.observations) {
      const auto* dns = seen.as<DnsExchange>();
      if (dns == nullptr || dns->failure == Failure::out_of_time) continue;
      if (dns->role == DnsRole::authoritative && is_address_question(*dns)) answers_[dns->name].push_back(&seen);
      if (dns->role == DnsRole::delegation && dns->rcode == "NXDOMAIN" && dns->authoritative) denials_.push_back(&seen);
    }
  }

  ZoneWord read(const std::string& host) {
    ZoneWord zone;
    std::string name = host;
    for (int links = 0; links < 9; ++links) {
      const std::string next = read_name(name, host, zone);
      if (next.empty() || next == name) break;
      name = next;
    }
    return zone;
  }

 private:
  struct ServerWord {
    Both both;
    std::vector<std::string> addresses;
    std::uint32_t ttl = 0;
    std::string alias;  ///< where the answer's CNAME chain leaves the zone
    bool lame = false;
  };

  static void hear(ServerWord& word, const DnsExchange& dns) {
    const NameAnswer answer = read_answer(dns);
    (dns.type == "A" ? word.both.a : word.both.aaaa) = answer;
    add_new(word.addresses, dns.addresses());
    if (answer == NameAnswer::addresses) word.ttl = std::max(word.ttl, smallest_ttl(dns));
    if (answer == NameAnswer::no_data || answer == NameAnswer::nxdomain)
      if (const auto chain = dns.chain(); chain.size() > 1) word.alias = chain.back();
    if (answer == NameAnswer::no_data && !dns.authoritative && dns.answer.empty()) word.lame = true;
  }

  /// Returns the name that the chain goes on with, empty at its end.
  std::string read_name(const std::string& name, const std::string& host, ZoneWord& zone) {
    std::map<std::string, ServerWord> words;
    for (const Observation* seen : answers_[name]) {
      const auto* dns = seen->as<DnsExchange>();
      hear(words[dns->server], *dns);
      zone.seen.push_back(seen);
    }
    if (words.empty()) {
      read_denial(name, host, zone);
      return {};
    }
    zone.asked = true;
    zone.servers = static_cast<int>(words.size());
    zone.failing = 0;
    return weigh(words, name, host, zone);
  }

  void read_denial(const std::string& name, const std::string& host, ZoneWord& zone) {
    for (const Observation* seen : denials_) {
      const auto* dns = seen->as<DnsExchange>();
      if (dns->name != name && !name.ends_with("." + dns->name)) continue;
      zone.asked = true;
      zone.servers = std::max(zone.servers, 1);
      zone.answer = NameAnswer::nxdomain;
      if (name != host) zone.missing_link = name;
      zone.seen.push_back(seen);
    }
  }

  std::string weigh(const std::map<std::string, ServerWord>& words, const std::string& name, const std::string& host,
                    ZoneWord& zone) {
    std::set<NameAnswer> definite;
    std::string alias;
    std::vector<const ServerWord*> with_addresses;
    NameAnswer worst = NameAnswer::none;
    for (const auto& [server, word] : words) {
      const NameAnswer answer = join(word.both.a, word.both.aaaa);
      if (!is_definite(answer) || word.lame) {
        ++zone.failing;
        worst = answer;
        continue;
      }
      if (!word.alias.empty()) alias = word.alias;
      definite.insert(answer);
      if (answer == NameAnswer::addresses) with_addresses.push_back(&word);
      add_new(zone.addresses, word.addresses);
      zone.ttl = std::max(zone.ttl, word.ttl);
    }
    zone.disagree = disagree(definite, with_addresses);
    if (definite.contains(NameAnswer::addresses))
      zone.answer = NameAnswer::addresses;
    else if (definite.contains(NameAnswer::nxdomain))
      zone.answer = NameAnswer::nxdomain;
    else
      zone.answer = definite.empty() ? worst : NameAnswer::no_data;
    const bool goes_on = !alias.empty() && zone.answer != NameAnswer::addresses;
    if (zone.answer == NameAnswer::nxdomain && goes_on) zone.missing_link = alias;
    if (zone.answer == NameAnswer::nxdomain && name != host && zone.missing_link.empty()) zone.missing_link = name;
    // A chain that leaves the zone is decided by the next zone; where that was not asked, this one has no last word.
    if (goes_on && zone.answer != NameAnswer::nxdomain && !answers_.contains(alias) && !has_denial(alias))
      zone.answer = NameAnswer::none;
    return goes_on && (answers_.contains(alias) || has_denial(alias)) ? alias : std::string{};
  }

  [[nodiscard]] bool has_denial(const std::string& name) const {
    return std::ranges::any_of(denials_, [&](const Observation* seen) {
      const auto& denied = seen->as<DnsExchange>()->name;
      return denied == name || name.ends_with("." + denied);
    });
  }

  static bool disagree(const std::set<NameAnswer>& definite, const std::vector<const ServerWord*>& with_addresses) {
    if (definite.size() > 1) return true;
    for (const auto* a : with_addresses)
      for (const auto* b : with_addresses) {
        const bool shared = std::ranges::any_of(a->addresses, [&](const std::string& address) {
          return std::ranges::find(b->addresses, address) != b->addresses.end();
        });
        if (!shared) return true;
      }
    return false;
  }

  std::map<std::string, std::vector<const Observation*>> answers_;
  std::vector<const Observation*> denials_;
};

}  // namespace

bool is_definite(NameAnswer answer) {
  return answer == NameAnswer::addresses || answer == NameAnswer::no_data || answer == NameAnswer::nxdomain;
}

namespace {

/// What was seen stored belongs to the resolver that was asked; or it is one that programs ask before those of
/// resolv.conf (nscd), and then that is where they got their answer.
void read_caches(const Evidence& evidence, Names& names) {
  for (const auto& seen : evidence.observations) {
    const auto* cache = seen.as<ResolverCache>();
    if (cache == nullptr || cache->name != names.host) continue;
    names.caches.push_back(&seen);
    if (cache->cached != Cached::yes || cache->addresses.empty()) continue;
    const auto asked = std::ranges::find(names.system, cache->where, &ResolverView::server);
    if (asked != names.system.end()) {
      asked->stored = &seen;
      continue;
    }
    const auto in_use = names.system_addresses();
    const bool used = std::ranges::any_of(cache->addresses, [&](const std::string& address) {
      return std::ranges::find(in_use, address) != in_use.end();
    });
    if (cache->position != 1 || !cache->ours || !used) continue;
    ResolverView first;
    first.server = cache->program.empty() ? cache->where : cache->program;
    first.answer = NameAnswer::addresses;
    first.addresses = cache->addresses;
    first.chain = {names.host};
    first.ttl = cache->ttl.value_or(0);
    first.alive = true;
    first.stored = &seen;
    names.system.insert(names.system.begin(), std::move(first));
  }
  std::ranges::stable_sort(names.caches, {},
                           [](const Observation* seen) { return seen->as<ResolverCache>()->position; });
}

}  // namespace

Names read_names(const Evidence& evidence, const std::string& host) {
  Names names;
  names.host = host;
  ResolverReader system(names.system);
  ResolverReader comparison(names.comparison);
  for (const auto& seen : evidence.observations) {
    if (const auto* lookup = seen.as<SystemLookup>(); lookup != nullptr && lookup->name == host) names.lookup = &seen;
    const auto* dns = seen.as<DnsExchange>();
    // Given up because another answer was quicker: that says nothing of this one.
    if (dns == nullptr || dns->failure == Failure::out_of_time) continue;
    if (dns->role == DnsRole::system) system.read(seen, *dns, host);
    if (dns->role == DnsRole::comparison) comparison.read(seen, *dns, host);
  }
  system.finish();
  comparison.finish();
  read_caches(evidence, names);
  names.zone = ZoneReader(evidence).read(host);
  return names;
}

bool Names::resolves() const {
  return lookup != nullptr && !lookup->as<SystemLookup>()->addresses.empty();
}

std::vector<std::string> Names::system_addresses() const {
  return lookup == nullptr ? std::vector<std::string>{} : lookup->as<SystemLookup>()->addresses;
}

std::vector<const ResolverView*> Names::witnesses() const {
  std::vector<const ResolverView*> plain, encrypted;
  for (const auto& view : comparison)
    if (is_definite(view.answer)) (view.server.find("://") == std::string::npos ? plain : encrypted).push_back(&view);
  return encrypted.empty() ? plain : encrypted;
}

NameAnswer Names::truth() const {
  if (is_definite(zone.answer)) return zone.answer;
  // Without the zone's word, the comparison resolvers must not contradict each other; what came by a way that nobody
  // in between can forge counts alone, if there is any.
  std::map<NameAnswer, int> votes;
  for (const auto* view : witnesses()) ++votes[view->answer];
  if (votes.empty()) return NameAnswer::none;
  const auto most = std::ranges::max_element(votes, {}, &std::pair<const NameAnswer, int>::second);
  for (const auto& [answer, count] : votes)
    if (answer != most->first && count == most->second) return NameAnswer::none;
  return most->first;
}

std::vector<std::string> Names::true_addresses() const {
  if (zone.answer == NameAnswer::addresses) return zone.addresses;
  std::vector<std::string> addresses;
  if (truth() == NameAnswer::addresses)
    for (const auto* view : witnesses()) add_new(addresses, view->addresses);
  // The hosts file aside, this machine's own resolvers are somebody to believe where there is nobody else.
  const bool alone = zone.answer == NameAnswer::none && witnesses().empty();
  if (alone)
    for (const auto& view : system)
      if (!view.seen.empty()) add_new(addresses, view.addresses);  // else it was only seen stored
  return addresses;
}

std::vector<std::string> Names::truth_cites() const {
  std::vector<std::string> ids;
  const auto cite = [&](const std::vector<const Observation*>& seen) {
    for (const Observation* one : seen)
      if (ids.size() < 3) ids.push_back(one->id);
  };
  cite(zone.seen);
  if (ids.empty())
    for (const auto* view : witnesses()) cite(view->seen);
  return ids;
}

}  // namespace fix502
