// With and without the configured proxy.

#include "experiment/visit.hpp"

namespace fix502 {
namespace {

Task<void> direct(Run& run) {
  if (run.proxy_url.empty() || !run.repeatable()) co_return;
  if (run.addresses.empty()) co_await run.others_named.wait();
  std::vector<std::string> pinned = run.addresses.empty() ? run.other_addresses : run.addresses;
  if (pinned.empty()) co_return;
  HttpRequest request = run.page_at(std::move(pinned));
  Varied varied{{"proxy", "none"}};
  co_await visit_as_browser(run, "proxy", std::move(varied), std::move(request));
}

}  // namespace

extern const Experiment proxy_experiment{"proxy", Stage::addressed, "going round the proxy", direct};

}  // namespace fix502
