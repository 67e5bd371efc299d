// systemd-resolved, over its Varlink socket, which everybody may use: a question that must not go to the network shows
// what is stored. Flags: systemd src/resolve/resolved-def.h; method: resolved-varlink.c. Measured with 252.39.

#include <arpa/inet.h>

#include <algorithm>

#include "resolver/program.hpp"
#include "resolver/varlink.hpp"
#include "sys/linux/files.hpp"
#include "sys/resolver_files.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

constexpr const char* kUplinks = "/run/systemd/resolve/resolv.conf";

void look(const LocalResolver& resolver, ResolverCache& cache, Moment deadline) {
  for (const int family : {AF_INET, AF_INET6}) {
    const auto answer = speak(
        kResolvedSocket, resolved_question(cache.name, family),
        [](std::string_view so_far) { return so_far.ends_with('\0'); }, deadline);
    if (!answer) {
      cache.problem = answer.error().message();
      return;
    }
    const ResolvedAnswer said = read_resolved_answer(answer->bytes);
    if (said.cached == Cached::unknown) {
      cache.problem = "its answer cannot be read";
      return;
    }
    cache.looked = true;
    if (said.cached == Cached::yes) cache.cached = Cached::yes;
    for (const auto& address : said.addresses) cache.addresses.push_back(address);
  }
  if (cache.cached != Cached::yes) cache.cached = Cached::no;
  if (cache.cached == Cached::no || resolver.server.empty() || cache.addresses.empty()) return;
  // The TTL is not in that answer; the stub listener gives what the record has left.
  Question question;
  question.server = resolver.server;
  question.name = cache.name;
  question.type = is_ipv6(cache.addresses.front()) ? "AAAA" : "A";
  const auto stub = ask_server(question, deadline);
  if (!stub) return;
  for (const auto& record : stub->answer) cache.ttl = std::min(cache.ttl.value_or(record.ttl), record.ttl);
}

std::vector<std::string> asks(const LocalResolver&, const std::string&, Moment) {
  return parse_resolv_conf(read_text(kUplinks, 64 * 1024)).nameservers;
}

/// Asked past its cache, it stores the new answer in the old one's place: one name is renewed, the others stay.
void plan(const LocalResolver&, ResolverCache& cache) {
  cache.flush = {{"resolvectl", "query", "--legend=no", "--cache=no", cache.name}};
}

}  // namespace

extern const CacheProgram systemd_resolved_program{
    .id = "systemd-resolved",
    .executables = "systemd-resolved",
    .calls_itself = {},
    .look = look,
    .asks = asks,
    .plan = plan,
};

}  // namespace fix502
