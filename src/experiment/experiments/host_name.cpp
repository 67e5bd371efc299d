// The same address under another name: what follows the name is a filter's doing or the site's own, what follows the
// address is not.

#include "experiment/run.hpp"

namespace fix502 {
namespace {

constexpr std::string_view kNeutralName = "fix502.invalid";

Task<void> other_name(Run& run) {
  co_await run.visited.wait();
  if (run.baseline == nullptr || run.baseline_works || !run.proxy_url.empty() || !run.repeatable()) co_return;
  const auto* http = run.baseline->as<HttpExchange>();
  const bool refused_by_name = http->failure == Failure::reset || http->failure == Failure::closed_early ||
                               (http->status && *http->status >= 400 && *http->status < 500);
  if (run.site.scheme != "http" || !refused_by_name) co_return;
  HttpRequest request = run.page_at(run.site_addresses);
  request.url = run.site.url;
  request.headers.emplace_back("Host", std::string(kNeutralName));
  Ask ask{"host_name", {{"host", std::string(kNeutralName)}}, std::move(request)};
  co_await run.ask(std::move(ask));
}

}  // namespace

extern const Experiment host_name_experiment{"host_name", Stage::failing, "asking for another name", other_name};

}  // namespace fix502
