#include <fmt/format.h>

#include "fault/rule.hpp"
#include "fault/step.hpp"
#include "fault/stored.hpp"

namespace fix502 {

Step browser_cache_step(const Context& in) {
  constexpr std::string_view kId = "browser-cache";
  if (any_of(in.fault, {"browser.cached-error"}))
    return made(kId, Outlook::fixes, "the browser shows a stored error", in.verdict.evidence);
  if (any_of(in.fault, {"browser.cookie"}))
    return made(kId, Outlook::fixes, "clearing this site's cookies helps: without them it works", in.verdict.evidence);
  if (in.fault == "gateway.header-limit" && in.picture.seen.settings.cookies_given)
    return made(kId, Outlook::may_help, "fewer cookies of this site make the request smaller", in.verdict.evidence);
  for (const auto& finding : in.verdict.also)
    if (finding.fault == "browser.cached-error")
      return made(kId, Outlook::may_help, "not yet: the site fails as well; a browser will show its error for longer",
                  finding.cites);
  const std::string browsers = browsers_looked_into(in.picture);
  const Cites looked = ids_of(profiles_in(in.picture));
  if (const Observation* profile = profile_with_worker(in.picture))
    return made(kId, Outlook::may_help,
                fmt::format("no error is stored; a service worker of the site in {} answers for it, and a reload does "
                            "not pass it",
                            profile->as<BrowserProfile>()->browser),
                {profile->id});
  const Try* error = in.picture.visits.first_failing();
  if (error == nullptr && !browsers.empty())
    return made(kId, Outlook::no_effect, fmt::format("{} would not show a stored error for this page", browsers),
                looked);
  if (error == nullptr && in.picture.visits.empty())
    return made(kId, Outlook::no_effect, "no answer came that a browser could have stored", looked);
  const Try& shown = error != nullptr ? *error : in.picture.visits.all.front();
  const Storable storable = browser_would_store(*shown.http);
  const Cites evidence = {shown.seen->id};
  if (error == nullptr)
    return made(kId, Outlook::may_help, "only if your browser still shows an error: the network gives a good page",
                evidence);
  if (storable.stored)
    return made(kId, Outlook::may_help,
                fmt::format("not yet: the site lets browsers keep this error{}",
                            storable.fresh_seconds ? " for " + span_of(*storable.fresh_seconds) : ""),
                evidence);
  return made(kId, Outlook::no_effect, "the error comes fresh from the network, not from a cache", evidence);
}

}  // namespace fix502
