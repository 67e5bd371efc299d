// What browsers have stored for the page, and what that means on the way to it: where a stored redirect leads, and
// whether a request with as many cookies as the browser has gets through.

#include <fmt/format.h>

#include <algorithm>

#include "browser/browsers.hpp"
#include "experiment/run.hpp"

namespace fix502 {
namespace {

/// The page's redirects are worth waiting for, but not the end of a long hang.
constexpr Milliseconds kLongVisit{1'500};
/// Gateways' smallest header limits are 4 KiB; below 1 KiB none refuses.
constexpr std::uint64_t kLargeCookies = 1'000;
constexpr std::uint64_t kMostCookies = 128UL * 1024;

/// The page, and every address that the first visit was redirected to.
std::vector<Target> pages_of(const Run& run) {
  std::vector<Target> pages{run.target};
  for (const auto& seen : run.seen()) {
    const auto* http = seen.experiment == "baseline" ? seen.as<HttpExchange>() : nullptr;
    if (http == nullptr || std::ranges::find(pages, http->url, &Target::url) != pages.end()) continue;
    if (auto page = parse_target(http->url)) pages.push_back(*std::move(page));
  }
  return pages;
}

/// Where stored redirects lead that nothing is stored for and no visit has been to.
std::vector<std::string> untried_ends(const std::vector<BrowserProfile>& profiles, const std::vector<Target>& pages) {
  std::vector<std::string> ends;
  for (const auto& profile : profiles)
    for (const auto& answer : profile.stored) {
      const auto& end = answer.location;
      const bool open = answer.served && !end.empty() && std::ranges::find(ends, end) == ends.end() &&
                        std::ranges::find(pages, end, &Target::url) == pages.end();
      if (open && std::ranges::none_of(profile.stored, [&](const auto& one) { return one.served && one.url == end; }))
        ends.push_back(end);
    }
  constexpr std::size_t kMost = 3;
  if (ends.size() > kMost) ends.resize(kMost);
  return ends;
}

Task<void> follow(Run& run, std::string url) {
  const auto end = parse_target(url);
  if (!end || !run.repeatable()) co_return;
  HttpRequest request = run.page();
  request.url = end->url;
  if (end->host != run.target.host) {
    leave_out_secrets(request);
    request.addresses = {end->host};
    if (!end->host_is_address) {
      const Observation* found = co_await run.lookup("browser-cache", end->host);
      request.addresses = found->as<SystemLookup>()->addresses;
    }
  }
  if (request.addresses.empty() && request.proxy.empty()) co_return;
  Varied varied{{"browser", "where a stored redirect leads"}};
  co_await run.send("browser-cache", std::move(varied), std::move(request));
}

/// The most that one of the browsers would send along.
const BrowserProfile* most_cookies(const std::vector<BrowserProfile>& profiles) {
  const BrowserProfile* most = nullptr;
  for (const auto& profile : profiles)
    if (profile.cookies && profile.cookies->bytes >= kLargeCookies &&
        (most == nullptr || profile.cookies->bytes > most->cookies->bytes))
      most = &profile;
  return most;
}

/// As many bytes, but nobody's session: the values themselves are never read.
Task<void> with_as_many_cookies(Run& run, const BrowserProfile& profile) {
  if (run.settings.cookies_given || !run.repeatable() || !run.baseline_works) co_return;
  const auto size = static_cast<std::size_t>(std::min(profile.cookies->bytes, kMostCookies));
  HttpRequest cookies = run.page();
  HttpRequest filled = cookies;
  cookies.cookie = "filler=" + std::string(size - 7, 'x');
  filled.headers.emplace_back("X-Filler", std::string(size, 'x'));
  Varied as_cookies{{"cookies", "as large as " + profile.browser + "'s"}};
  Varied as_header{{"size", "header as large as the cookies"}};
  std::vector<Task<void>> tasks;
  tasks.push_back(run.send("browser-cookies", std::move(as_cookies), std::move(cookies)));
  tasks.push_back(run.send("browser-cookies", std::move(as_header), std::move(filled)));
  co_await all(std::move(tasks));
}

Task<void> browser_cache(Run& run) {
  if (run.browsers == nullptr) co_return;
  co_await run.visited.wait_for(kLongVisit);
  const std::vector<Target> pages = pages_of(run);
  const std::vector<BrowserProfile> profiles = run.browsers->look(pages, run.host.now());
  for (const auto& profile : profiles) run.note("browser-cache", profile);
  for (auto& end : untried_ends(profiles, pages)) co_await follow(run, std::move(end));
  if (const BrowserProfile* most = most_cookies(profiles)) co_await with_as_many_cookies(run, *most);
}

}  // namespace

extern const Experiment browser_cache_experiment{"browser-cache", Stage::start, "looking into browsers' caches",
                                                 browser_cache};

}  // namespace fix502
