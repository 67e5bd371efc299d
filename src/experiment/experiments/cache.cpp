// Round every cache on the way: a query that nobody has asked before, and a request that forbids stored answers.

#include <fmt/format.h>

#include "experiment/run.hpp"

namespace fix502 {
namespace {

Task<void> round_the_cache(Run& run) {
  if (!run.repeatable() || (run.site_addresses.empty() && run.proxy_url.empty())) co_return;
  const auto nonce = std::chrono::system_clock::now().time_since_epoch().count();
  HttpRequest request = run.page();
  request.addresses = run.site_addresses;
  const bool has_query = run.site.path.find('?') != std::string::npos;
  request.url = fmt::format("{}{}fix502={:x}", run.site.url, has_query ? '&' : '?', nonce);
  request.headers.emplace_back("Cache-Control", "no-cache");
  request.headers.emplace_back("Pragma", "no-cache");
  Ask ask{"cache", {{"cache", "gone round"}}, std::move(request)};
  co_await run.ask(std::move(ask));
}

}  // namespace

extern const Experiment cache_experiment{"cache", Stage::failing, "going round caches", round_the_cache};

}  // namespace fix502
