// "Another browser", from the network's side: a plain client beside the browser, and where the two differ, one
// dimension after the other.

#include "experiment/clients.hpp"
#include "experiment/run.hpp"

namespace fix502 {
namespace {

Task<const Observation*> as_client(Run& run, const Target& site, std::vector<std::string> addresses,
                                   ClientVariant variant) {
  HttpRequest request = run.page();
  request.url = site.url;
  request.addresses = std::move(addresses);
  request.client = std::move(variant.client);
  Varied varied{{"client", std::string(variant.dimension)},
                {std::string(variant.dimension), std::string(variant.value)}};
  Ask ask{"client", std::move(varied), std::move(request)};
  co_return co_await run.ask(std::move(ask));
}

Task<void> try_variant(Run& run, const Target& site, std::vector<std::string> addresses, ClientVariant variant) {
  co_await as_client(run, site, std::move(addresses), std::move(variant));
}

Task<void> clients(Run& run) {
  if (!run.repeatable() || (run.addresses.empty() && run.proxy_url.empty())) co_return;
  if (!run.proxy_url.empty()) co_await run.visited.wait();
  const Observation* plain = co_await as_client(run, run.target, run.addresses, plain_client());
  co_await run.visited.wait();
  if (plain == nullptr || run.baseline == nullptr) co_return;
  if (run.site.url != run.target.url && !run.baseline_works)
    plain = co_await as_client(run, run.site, run.site_addresses, plain_client());
  if (plain == nullptr) co_return;
  const bool same = run.works(plain) == run.baseline_works;
  if (same && run.baseline_works) co_return;
  std::vector<Task<void>> tasks;
  // The plain client leaves out everything but the newest TLS: where it fails as well, that alone is left to try.
  for (ClientVariant& variant : client_variants())
    if ((!variant.needs_tls || run.site.scheme == "https") && (!same || variant.dimension == "tls-version"))
      tasks.push_back(try_variant(run, run.site, run.site_addresses, std::move(variant)));
  co_await all(std::move(tasks));
}

}  // namespace

extern const Experiment client_experiment{"client", Stage::addressed, "visiting as another client", clients};

}  // namespace fix502
