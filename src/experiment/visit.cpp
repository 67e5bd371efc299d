#include "experiment/visit.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fix502 {
namespace {

/// Chromium and Firefox follow 20; a page seen this often without a good end will not come to one.
constexpr int kMostRedirects = 20;
constexpr int kMostOfOnePage = 4;
constexpr int kMostRepeated = 3;

/// The addresses for the next stop: the same host keeps its own, another is looked up.
Task<std::vector<std::string>> addresses_for(Run& run, const Target& next, const Visit& visit) {
  if (next.host == visit.site.host) co_return visit.addresses;
  if (next.host_is_address) co_return std::vector<std::string>{next.host};
  const Observation* found = co_await run.lookup("redirect", next.host);
  co_return found->as<SystemLookup>()->addresses;
}

}  // namespace

Task<Visit> visit_as_browser(Run& run, std::string experiment, Varied varied, HttpRequest request) {
  const Duration began = run.elapsed();
  Visit visit;
  visit.site = run.target;
  visit.addresses = request.addresses;
  if (request.cookie_jar == 0) request.cookie_jar = run.new_cookie_jar();
  std::vector<std::string> seen;
  for (int stop = 1;; ++stop) {
    Ask ask{experiment, varied, request};
    if (stop > 1) ask.varied["redirect"] = fmt::format("{}", stop);
    const Observation* observation = co_await run.ask(std::move(ask));
    if (observation == nullptr) break;
    ++visit.length;
    if (visit.first == nullptr) visit.first = observation;
    visit.last = observation;
    const auto* http = observation->as<HttpExchange>();
    visit.complete = !http->redirects();
    if (visit.complete) break;
    // A long chain is walked once: its repeats would use up the budget of everything else.
    if (experiment != "baseline" && stop == 1) {
      co_await run.visited.wait();
      if (run.redirects > kMostRepeated) co_return visit;
    }
    seen.push_back(http->url);
    const auto next = resolve_reference(visit.site, http->location);
    visit.endless = stop >= kMostRedirects || (next && std::ranges::count(seen, next->url) >= kMostOfOnePage);
    if (!next || visit.endless) break;
    visit.addresses = co_await addresses_for(run, *next, visit);
    const bool unsecured = visit.site.scheme == "https" && next->scheme == "http";
    if (next->host != visit.site.host || unsecured) leave_out_secrets(request);
    visit.site = *next;
    if (visit.addresses.empty() && request.proxy.empty()) break;
    request.url = next->url;
    request.addresses = visit.addresses;
    request.connect_port = 0;
    // RFC 9110 15.4: browsers turn a redirected POST into a GET, except for 307 and 308.
    if (http->status != 307 && http->status != 308) {
      if (request.method != "HEAD") request.method = "GET";
      request.data.clear();
    }
  }
  // The direct way round a proxy is another arm, not a repeat of the same visit.
  if (visit.last != nullptr && varied.find("proxy") == varied.end())
    run.visits.emplace(began, visit.complete && run.works(visit.last));
  co_return visit;
}

}  // namespace fix502
