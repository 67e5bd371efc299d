// dnsmasq shows no entry of its cache. But it counts what it has passed on (CHAOS TXT misses.bind, dnsmasq(8)): a
// question after which that number is the same was answered from what it has. Measured with 2.90.

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

void look(const LocalResolver& resolver, ResolverCache& cache, Moment deadline) {
  Question question;
  question.server = resolver.server;
  question.name = cache.name;
  std::string before = passed_on(resolver, deadline);
  if (before.empty()) {
    cache.problem = "it does not say what it has passed on";
    return;
  }
  for (int i = 0; i < kTries && cache.cached != Cached::yes; ++i) {
    const auto answer = ask_server(question, deadline);
    const std::string after = passed_on(resolver, deadline);
    if (!answer || after.empty()) {
      cache.problem = answer ? "it stopped answering" : answer.error().message();
      return;
    }
    cache.looked = true;
    // With AA it speaks for itself: its configuration or the hosts file says so.
    cache.cached = before == after && !answer->authoritative ? Cached::yes : Cached::no;
    before = after;
    if (cache.cached != Cached::yes) continue;
    for (const auto& record : answer->answer)
      if (record.type == "A") add_stored(cache, record.data, record.ttl);
  }
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
