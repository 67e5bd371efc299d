// Each of the site's addresses by itself: the system's, and where others give different ones, those too.

#include <algorithm>

#include "experiment/run.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostAddresses = 4;

Task<void> at_address(Run& run, std::string address, std::string source) {
  std::vector<std::string> pinned{address};
  HttpRequest request = run.page_at(std::move(pinned));
  Varied varied{{"address", std::move(address)}, {"source", std::move(source)}};
  Ask ask{"address", std::move(varied), std::move(request)};
  co_await run.ask(std::move(ask));
}

/// Both families are represented before a family is asked twice.
std::vector<std::string> some_of(const std::vector<std::string>& all_addresses, std::size_t most) {
  std::vector<std::string> chosen;
  for (const bool v6 : {false, true})
    for (std::size_t i = 0, taken = 0; i < all_addresses.size() && taken < most; ++i)
      if (is_ipv6(all_addresses[i]) == v6) {
        chosen.push_back(all_addresses[i]);
        ++taken;
      }
  return chosen;
}

Task<void> addresses(Run& run) {
  if (!run.repeatable()) co_return;
  std::vector<Task<void>> tasks;
  if (run.proxy_url.empty() && run.addresses.size() > 1)
    for (const auto& address : some_of(run.addresses, kMostAddresses))
      tasks.push_back(at_address(run, address, "system"));
  co_await all(std::move(tasks));
  co_await run.others_named.wait();
  // A page that works needs no other address, unless somebody else may be answering in the site's place: that a
  // certificate would show.
  const bool works = run.visited.fired() && run.baseline_works;
  if (works && (!run.disputed || run.target.scheme != "http")) co_return;
  std::vector<Task<void>> others;
  for (const auto& address : some_of(run.other_addresses, works ? 1 : kMostAddresses))
    others.push_back(at_address(run, address, "other"));
  co_await all(std::move(others));
}

}  // namespace

extern const Experiment address_experiment{"address", Stage::addressed, "trying each address", addresses};

}  // namespace fix502
