// The remedies that make a closed browser forget something of one site: its cache, its cookies, its service worker.

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "base/text.hpp"
#include "browser/browsers.hpp"
#include "browser/clear.hpp"
#include "browser/workers.hpp"
#include "cli/fix.hpp"
#include "headless/actions.hpp"

namespace fix502 {
namespace {

using Plan = Result<ProfileChanges> (*)(const Profile& profile, const Target& page);

Result<std::vector<Profile>> profiles_asked_for(const FixRequest& request) {
  auto profiles = wanted_profiles(request.diagnosis.settings.browser_profiles, own_roots(), this_system());
  if (profiles && !request.scope.empty())
    std::erase_if(*profiles, [&](const Profile& one) { return lower(one.browser) != request.scope; });
  return profiles;
}

void add_steps(ProfileChanges changes, Work& work) {
  if (!changes.move_away.empty()) {
    MoveAway move;
    for (const auto& path : changes.move_away) move.paths.push_back(path.string());
    // The browser stores the page again as soon as it is visited; undo brings the old answer back over it.
    move.over_newer = true;
    work.steps.push_back({changes.say, Risk::this_user, std::move(move)});
  }
  for (auto& write : changes.write)
    work.steps.push_back({changes.say, Risk::this_user, WriteFile{write.path.string(), std::move(write.bytes), 0600}});
}

constexpr Milliseconds kToGreet{2'000};
constexpr Milliseconds kToClear{10'000};

template <typename T>
Result<T> run_now(Task<Result<T>> task) {
  boost::asio::io_context loop;
  auto answer = boost::asio::co_spawn(loop, std::move(task), boost::asio::use_future);
  loop.run();
  return answer.get();
}

/// An open browser that listens to us.
struct OpenBrowser {
  OpenLine line;
  std::string browser;
};

/// It was started with a port for that, and answers.
std::optional<OpenBrowser> listening(const Profile& profile, const SiteClearing& what) {
  const bool firefox = profile.engine == Engine::firefox;
  // WebDriver BiDi has no word for workers.
  if (firefox && what.workers) return std::nullopt;
  const auto line = open_line({firefox ? BrowserProtocol::bidi : BrowserProtocol::devtools, profile.root.string(),
                               profile.folder.string(), profile.cache.string()});
  if (!line || !run_now(greet(*line, kToGreet))) return std::nullopt;
  return OpenBrowser{*line, profile.browser};
}

/// What an open browser is told to do is written down, and has nothing to take back.
Result<void> clear_in(const std::vector<OpenBrowser>& open, const SiteClearing& what, ChangeSet& set) {
  for (const OpenBrowser& one : open) {
    const auto cleared = run_now(clear_in_open_browser(one.line, what, kToClear));
    if (!cleared) return fail(one.browser + ": " + cleared.error().what);
    if (const auto noted = set.note(fmt::format("{} fetched the page anew{}{}", one.browser,
                                                cleared->cookies ? ", its cookies deleted" : "",
                                                cleared->workers ? ", its service workers removed" : ""));
        !noted)
      return noted;
  }
  return {};
}

/// Closed profiles are changed; open ones over their own port, and without one a person is told which keys to press.
Result<Prepared> prepare(const FixRequest& request, Plan plan) {
  const auto profiles = profiles_asked_for(request);
  if (!profiles) return std::unexpected(profiles.error());
  Prepared ready;
  const SiteClearing what{request.diagnosis.target.url, request.remedy == "unregister-worker",
                          request.remedy == "clear-cookies"};
  std::vector<OpenBrowser> open;
  for (const auto& profile : *profiles) {
    auto changes = plan(profile, request.diagnosis.target);
    if (!changes) return std::unexpected(changes.error());
    if (changes->empty()) continue;
    const bool running = is_running(profile);
    if (auto one = running ? listening(profile, what) : std::nullopt)
      open.push_back(*std::move(one));
    else if (running)
      ready.work.tell.push_back(keys_for(request.remedy, profile));
    else
      add_steps(*std::move(changes), ready.work);
  }
  if (!open.empty()) {
    for (const OpenBrowser& one : open)
      fmt::print(request.out, "{} is open and takes commands on its port: it does this itself, and undo cannot.\n",
                 one.browser);
    ready.act = [open, what](ChangeSet& set) { return clear_in(open, what, set); };
    return ready;
  }
  if (!ready.work.steps.empty()) return ready;
  ready.work.nothing = profiles->empty()         ? "no browser's profile was found"
                       : ready.work.tell.empty() ? "no profile that was looked into holds anything of this site"
                                                 : ready.work.tell.front();
  return ready;
}

}  // namespace

Result<Prepared> prepare_clear_cache(const FixRequest& request) {
  return prepare(request, clear_cache);
}

Result<Prepared> prepare_clear_cookies(const FixRequest& request) {
  auto ready = prepare(request, clear_cookies);
  if (!ready) return ready;
  // The browser comes without them from now on, whatever cookies this command was given.
  const Target page = request.diagnosis.target;
  Settings settings = request.diagnosis.settings;
  settings.cookie.clear();
  settings.cookies_given = false;
  std::erase_if(settings.headers, [](const auto& field) { return lower(field.first) == "cookie"; });
  ready->check = [page, settings] { return page_works(page, settings); };
  return ready;
}

Result<Prepared> prepare_unregister_worker(const FixRequest& request) {
  auto ready = prepare(request, unregister_worker);
  if (!ready) return ready;
  // The page worked all along: what is checked is that no worker is left.
  const Target page = request.diagnosis.target;
  const auto profiles = profiles_asked_for(request);
  ready->check = [page, profiles]() -> Prepared::Outcome {
    for (const auto& profile : *profiles) {
      const auto left = read_workers(profile);
      if (!is_running(profile) && (!left || !workers_for(*left, page).empty()))
        return {.helped = false, .line = "a service worker of the site is still registered in " + profile.browser};
    }
    return {.helped = true, .line = "no closed browser has a service worker of " + page.origin() + " any more"};
  };
  return ready;
}

}  // namespace fix502
