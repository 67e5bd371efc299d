#include "remedy/flush_dns.hpp"

#include <fmt/format.h>

#include "fault/caches.hpp"
#include "fault/names.hpp"

namespace fix502 {
namespace {

std::string what_it_does(const ResolverCache& cache) {
  if (cache.flushes_all)
    return fmt::format("have {} forget everything it keeps: it knows no single name", cache.program);
  return fmt::format("have {} forget {}", cache.program, cache.name);
}

}  // namespace

Work flush_dns(const Evidence& evidence) {
  Work work;
  const Names names = read_names(evidence, evidence.target.host);
  if (names.caches.empty()) {
    work.nothing =
        fmt::format("flushing would not help: what this machine says for {} is what everybody says, or nobody answered",
                    evidence.target.host);
    return work;
  }
  const CacheWord word = where_it_is_stored(names);
  const auto bad = bad_caches(names);
  if (word.outlook == Outlook::no_effect || bad.empty()) {
    work.nothing = word.finding;
    return work;
  }
  for (const Observation* seen : bad) {
    const auto& cache = *seen->as<ResolverCache>();
    for (const auto& command : cache.flush) {
      RunCommand run;
      run.words = command;
      run.as_root = cache.needs_root;
      work.steps.push_back({what_it_does(cache), Risk::this_machine, std::move(run)});
    }
  }
  return work;
}

}  // namespace fix502
