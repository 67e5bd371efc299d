// The remedies that make a closed browser forget something of one site: its cache, its cookies, its service worker.

#include <algorithm>

#include "base/text.hpp"
#include "browser/browsers.hpp"
#include "browser/clear.hpp"
#include "browser/workers.hpp"
#include "cli/fix.hpp"

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

/// Closed profiles are changed; of open ones a person is told which keys to press.
Result<Prepared> prepare(const FixRequest& request, Plan plan) {
  const auto profiles = profiles_asked_for(request);
  if (!profiles) return std::unexpected(profiles.error());
  Prepared ready;
  for (const auto& profile : *profiles) {
    auto changes = plan(profile, request.diagnosis.target);
    if (!changes) return std::unexpected(changes.error());
    if (changes->empty()) continue;
    if (changes->by_browser || is_running(profile))
      ready.work.tell.push_back(keys_for(request.remedy, profile));
    else
      add_steps(*std::move(changes), ready.work);
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
