// A page known to work, beside everything else: tells "no internet" and login pages from a fault of the site.

#include "experiment/run.hpp"

namespace fix502 {
namespace {

/// What operating systems and browsers ask for the same purpose, over plain HTTP on purpose (a login page can only
/// take the place of an unprotected one). Sources: Chromium's and Firefox's captive portal detection, Apple's CNA.
constexpr std::string_view kBuiltIn[] = {
    "http://connectivitycheck.gstatic.com/generate_204",
    "http://detectportal.firefox.com/success.txt",
    "http://captive.apple.com/hotspot-detect.html",
};

/// A machine that needs longer has a resolver that does not work, which is found out elsewhere.
constexpr Milliseconds kLookup{3'000};

Task<void> check(Run& run, std::string url) {
  const auto target = parse_target(url);
  if (!target) co_return;
  std::vector<std::string> addresses{target->host};
  if (!target->host_is_address) {
    const Observation* found = co_await run.lookup("connectivity", target->host, kLookup);
    addresses = found->as<SystemLookup>()->addresses;
  }
  if (addresses.empty()) co_return;
  HttpRequest request = run.page_at(std::move(addresses));
  request.url = target->url;
  request.method = "GET";
  request.data.clear();
  request.headers.clear();
  request.cookie.clear();
  request.timeout = std::min(request.timeout, Milliseconds(5'000));
  Ask ask{"connectivity", {{"url", target->url}}, std::move(request)};
  co_await run.ask_elsewhere(std::move(ask));
}

Task<void> connectivity(Run& run) {
  std::vector<Task<void>> tasks;
  for (auto& url : connectivity_pages(run.settings)) tasks.push_back(check(run, std::move(url)));
  co_await all(std::move(tasks));
}

}  // namespace

std::vector<std::string> connectivity_pages(const Settings& settings) {
  if (settings.connectivity_checks.empty()) return {std::begin(kBuiltIn), std::end(kBuiltIn)};
  std::vector<std::string> pages = settings.connectivity_checks;
  std::erase(pages, "none");
  return pages;
}

extern const Experiment connectivity_experiment{"connectivity", Stage::start, "checking this machine's own connection",
                                                connectivity};

}  // namespace fix502
