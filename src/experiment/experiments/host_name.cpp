// The same address under another name: what follows the name is a filter's doing or the site's own, what follows the
// address is not.

#include "experiment/run.hpp"
#include "signature/signature.hpp"

namespace fix502 {
namespace {

Task<void> other_name(Run& run) {
  co_await run.visited.wait();
  if (run.baseline == nullptr || !run.proxy_url.empty() || !run.repeatable()) co_return;
  const auto* http = run.baseline->as<HttpExchange>();
  if (run.baseline_works && !speaks_as_network(*http)) co_return;
  const bool refused_by_name = run.baseline_works || http->failure == Failure::reset ||
                               http->failure == Failure::closed_early ||
                               (http->status && *http->status >= 400 && *http->status < 500);
  if (run.site.scheme != "http" || !refused_by_name) co_return;
  HttpRequest request = run.page_at(run.site_addresses);
  request.url = run.site.url;
  request.headers.emplace_back("Host", std::string(kNeutralName));
  Ask ask{"host_name", {{"host", std::string(kNeutralName)}}, std::move(request)};
  co_await run.ask(std::move(ask));
}

}  // namespace

extern const Experiment host_name_experiment{"host_name", Stage::addressed, "asking for another name", other_name};

}  // namespace fix502
