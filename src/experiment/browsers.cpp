#include "experiment/browsers.hpp"

#include <algorithm>

#include "experiment/clients.hpp"
#include "signature/works.hpp"

namespace fix502 {
namespace {

/// product.md: for all of it.
constexpr Milliseconds kLongest{10'000};
/// Firefox alone takes 3 to 5 s to take commands.
constexpr Milliseconds kShortest{3'000};

/// Why no browser could stand for the probes here; empty where one can.
std::string_view hindrance(const Run& run) {
  if (run.settings.method != "GET") return "a browser opens a page by GET only";
  if (!run.settings.interface.empty() || run.settings.family != 0) return "a browser cannot be told where to send from";
  if (run.proxy_url.find('@') != std::string::npos) return "a browser would have to be given the proxy's password";
  return {};
}

std::string proxy_for(const Run& run) {
  if (run.settings.no_proxy) return "direct";
  return run.proxy.proxy;
}

Task<void> one_browser(Run& run, RunnableBrowser browser, std::optional<OwnProfile> own,
                       std::vector<const Observation*>& seen) {
  // The copy needs to know where the page leads to.
  if (own) co_await run.visited.wait();
  BrowserJob job;
  job.browser = browser;
  job.url = run.target.url;
  job.proxy = proxy_for(run);
  job.timeout = kLongest;
  if (run.site.url != run.target.url) job.pages.push_back(run.site.url);
  Varied varied{{"browser", browser.name}};
  if (own) varied["profile"] = "copy";
  job.copy_of = std::move(own);
  if (const Observation* one = co_await run.browse(std::move(varied), std::move(job))) seen.push_back(one);
}

/// fix502's own client, as the browsers ask: without what was given by hand.
Task<const Observation*> by_probe(Run& run, std::string user_agent) {
  HttpRequest request = run.page();
  request.url = run.site.url;
  request.addresses = run.site_addresses.empty() ? run.addresses : run.site_addresses;
  request.headers.clear();
  request.cookie.clear();
  Varied varied{{"browser", "none"}};
  if (!user_agent.empty()) {
    varied["user-agent"] = user_agent;
    request.client.user_agent = std::move(user_agent);
  }
  if (request.addresses.empty() && request.proxy.empty()) co_return nullptr;
  Ask ask{"browsers", std::move(varied), std::move(request)};
  co_return co_await run.ask(std::move(ask));
}

bool is_clean(const Observation* seen) {
  const auto& visit = *seen->as<BrowserVisit>();
  return visit.profile == ProfileUse::clean && visit.trouble.empty();
}

Task<void> compare(Run& run, const std::vector<const Observation*>& seen) {
  if (std::ranges::none_of(seen, is_clean)) co_return;
  co_await run.visited.wait();
  co_await by_probe(run, {});
  int good = 0, all_of_them = 0;
  for (const Observation* one : seen) {
    if (!is_clean(one)) continue;
    ++all_of_them;
    good += works(as_exchange(*one->as<BrowserVisit>()), run.settings.expect_status) ? 1 : 0;
  }
  if (good == 0 || good == all_of_them) co_return;
  for (const Observation* one : seen)
    if (is_clean(one)) {
      std::string name = one->as<BrowserVisit>()->user_agent;
      if (!name.empty()) co_await by_probe(run, std::move(name));
    }
}

}  // namespace

Task<void> ask_browsers(Run& run) {
  if (run.headless == nullptr) co_return;
  const bool asked_for = run.settings.browsers == BrowserUse::always;
  const auto why = hindrance(run);
  const auto installed = run.headless->installed();
  if (!why.empty() || installed.empty() || run.left() < kShortest) {
    const std::string said(!why.empty()        ? why
                           : installed.empty() ? "no browser that could be run is installed"
                                               : "the time is used up");
    if (asked_for) run.not_tried("browsers", said);
    co_return;
  }
  std::vector<const Observation*> seen;
  std::vector<Task<void>> tasks;
  for (const auto& browser : installed) {
    tasks.push_back(one_browser(run, browser, std::nullopt, seen));
    if (!run.settings.with_my_profile) continue;
    const auto own = std::ranges::find(run.own_profiles, browser.protocol, &OwnProfile::protocol);
    if (own != run.own_profiles.end()) tasks.push_back(one_browser(run, browser, *own, seen));
  }
  co_await all(std::move(tasks));
  co_await compare(run, seen);
}

}  // namespace fix502
