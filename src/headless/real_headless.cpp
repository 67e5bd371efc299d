#include <boost/asio/this_coro.hpp>

#include "base/text.hpp"
#include "headless/message.hpp"
#include "headless/running.hpp"
#include "headless/tabs.hpp"

namespace fix502 {
namespace {

using Clock = std::chrono::steady_clock;

/// It has given its answer; what it would still like to write down is thrown away with its profile.
constexpr Milliseconds kToClose{700};
/// Kept back of the time for the page, so that the browser's end is within it as well.
constexpr Milliseconds kReserve{1'000};

/// "HeadlessChrome/156.0.0.0" is Chromium's only difference on the wire, and some sites turn it away.
std::string as_with_a_window(std::string user_agent) {
  constexpr std::string_view kMark = "HeadlessChrome/";
  if (const auto at = user_agent.find(kMark); at != user_agent.npos) user_agent.erase(at, 8);
  return user_agent;
}

void introduce(BrowserVisit& visit, const Json& about, BrowserProtocol protocol) {
  if (protocol == BrowserProtocol::bidi) {
    visit.version = text_at(about, {"capabilities", "browserVersion"}, 60);
    visit.user_agent = text_at(about, {"capabilities", "userAgent"}, 300);
    return;
  }
  const std::string product = text_at(about, {"product"}, 80);
  visit.version = product.substr(std::min(product.find('/') + 1, product.size()));
  visit.user_agent = as_with_a_window(text_at(about, {"userAgent"}, 300));
}

void stopped(BrowserVisit& visit, const Error& why) {
  // Where the page was asked for, silence is what the page did, not what the browser did.
  if (!visit.final_url.empty() && why.what == "it did not answer in time")
    visit.failure = Failure::out_of_time;
  else
    visit.trouble = why.message();
}

class RealHeadlessBrowsers : public HeadlessBrowsers {
 public:
  [[nodiscard]] std::vector<RunnableBrowser> installed() const override { return runnable_browsers(); }

  Task<BrowserVisit> visit(BrowserJob job) override { return visit_once(std::move(job)); }

 private:
  // Static: whoever awaits it may outlive this object while the loop is taken down.
  static Task<BrowserVisit> visit_once(BrowserJob job) {
    BrowserVisit visit;
    visit.browser = job.browser.name;
    visit.profile = job.copy_of ? ProfileUse::copy : ProfileUse::clean;
    visit.url = printable(job.url, kLongestUrl);
    const auto deadline = Clock::now() + job.timeout - kReserve;
    StartOptions options;
    options.proxy = job.proxy;
    options.copy_of = job.copy_of;
    options.pages = job.pages;
    options.pages.push_back(job.url);
    auto running = co_await start_browser(job.browser, std::move(options), deadline);
    if (!running) {
      stopped(visit, running.error());
      co_return visit;
    }
    visit.times.ready = (*running)->ready;
    introduce(visit, (*running)->about, job.browser.protocol);
    const bool devtools = job.browser.protocol == BrowserProtocol::devtools;
    PageWish wish;
    wish.url = job.url;
    if (devtools) wish.user_agent = visit.user_agent;
    Task<Result<void>> page = devtools ? devtools_page((*running)->talk, std::move(wish), visit)
                                       : bidi_page((*running)->talk, std::move(wish), visit);
    // One that hangs is not asked to close: its keeper ends it.
    if (const auto loaded = co_await std::move(page); !loaded)
      stopped(visit, loaded.error());
    else
      co_await close_browser(**running, job.browser.protocol, kToClose);
    co_return visit;
  }
};

}  // namespace

std::unique_ptr<HeadlessBrowsers> real_headless_browsers() {
  return std::make_unique<RealHeadlessBrowsers>();
}

}  // namespace fix502
