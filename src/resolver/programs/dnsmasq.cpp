// dnsmasq shows no entry of its cache. But it counts what it has passed on (CHAOS TXT misses.bind, dnsmasq(8)): a
// question after which that number is the same was answered from what it has. Measured with 2.90.

#include <algorithm>

#include "base/text.hpp"
#include "resolver/program.hpp"

namespace fix502 {
namespace {

/// Others may ask it in between; so often in a row that is not chance.
constexpr int kTries = 3;

std::string passed_on(const LocalResolver& resolver, Moment deadline) {
  const auto texts = chaos_texts(resolver.server, "misses.bind", deadline);
  return texts.empty() ? std::string() : texts.front();
}

/// One kind of address; true where it was answered from what dnsmasq has.
bool look_for(const LocalResolver& resolver, ResolverCache& cache, const char* type, Moment deadline) {
  Question question;
  question.server = resolver.server;
  question.name = cache.name;
  question.type = type;
  std::string before = passed_on(resolver, deadline);
  for (int i = 0; i < kTries; ++i) {
    const auto answer = ask_server(question, deadline);
    const std::string after = passed_on(resolver, deadline);
    if (!answer || before.empty() || after.empty()) {
      cache.problem = answer ? "it does not say what it has passed on" : answer.error().message();
      return false;
    }
    cache.looked = true;
    // With AA it speaks for itself: its configuration or the hosts file says so.
    if (answer->authoritative) return true;
    if (before == after) {
      if (answer->rcode == "NXDOMAIN") cache.cached = Cached::yes;
      std::uint32_t ttl = 0xffff'ffff;
      for (const auto& record : answer->answer) ttl = std::min(ttl, record.ttl);
      for (auto& address : answer->addresses()) add_stored(cache, std::move(address), ttl);
      return true;
    }
    before = after;
  }
  return false;
}

void look(const LocalResolver& resolver, ResolverCache& cache, Moment deadline) {
  for (const char* type : {"A", "AAAA"})
    if (!look_for(resolver, cache, type, deadline) && !cache.looked) return;
  if (cache.cached != Cached::yes) cache.cached = Cached::no;
}

std::vector<std::string> asks(const LocalResolver& resolver, const std::string&, Moment deadline) {
  // "192.0.2.1#53 12 0": the server, questions sent, and failed ones.
  Forward all{".", {}};
  for (const auto& text : chaos_texts(resolver.server, "servers.bind", deadline))
    if (const auto word = words(text); !word.empty()) all.servers.emplace_back(word.front());
  return nearest_forward({all}, "");
}

void plan(const LocalResolver& resolver, ResolverCache& cache) {
  if (resolver.process.pid <= 0) return;
  cache.flush = {{"kill", "-HUP", std::to_string(resolver.process.pid)}};
  cache.flushes_all = true;
  cache.needs_root = true;
}

}  // namespace

extern const CacheProgram dnsmasq_program{
    .id = "dnsmasq",
    .executables = "dnsmasq pihole-FTL",
    .calls_itself = "dnsmasq-",
    .look = look,
    .asks = asks,
    .plan = plan,
};

}  // namespace fix502
