// The first visit, as a current browser makes it: redirects followed one by one, each an observation.

#include <fmt/format.h>

#include <algorithm>

#include "experiment/visit.hpp"

namespace fix502 {
namespace {

Task<void> find_proxy(Run& run) {
  const auto proxy = parse_target(run.proxy.proxy);
  if (!proxy) co_return;
  if (proxy->host_is_address) {
    run.proxy_addresses = {proxy->host};
    co_return;
  }
  const Observation* found = co_await run.lookup("proxy", proxy->host);
  run.proxy_addresses = found->as<SystemLookup>()->addresses;
}

Task<void> visit_page(Run& run) {
  const bool by_proxy = !run.proxy_url.empty();
  if (by_proxy) co_await find_proxy(run);
  // Behind a proxy it is the proxy that resolves the name.
  if (!by_proxy) co_await run.addressed.wait();
  if (by_proxy || !run.addresses.empty()) {
    const Visit visit = co_await visit_as_browser(run, "baseline", {}, run.page());
    run.baseline = visit.last;
    run.site = visit.site;
    run.redirects = visit.length - 1;
    run.site_addresses = visit.addresses;
    run.baseline_works = visit.complete && run.works(visit.last);
  }
  run.visited.fire();
}

}  // namespace

extern const Experiment baseline_experiment{"baseline", Stage::start, "visiting the page as a browser does",
                                            visit_page};

}  // namespace fix502
