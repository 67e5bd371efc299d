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
    return made(kId, Outlook::fixes, "without this site's cookies it works", in.verdict.evidence);
  if (in.fault == "gateway.header-limit" && in.picture.seen.settings.cookies_given)
    return made(kId, Outlook::may_help, "fewer cookies make the request smaller", in.verdict.evidence);
  for (const auto& finding : in.verdict.also)
    if (finding.fault == "browser.cached-error")
      return made(kId, Outlook::may_help, "not yet: the site fails too; a browser will go on showing its error",
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
    return made(kId, Outlook::no_effect, "no answer came that could have been stored", looked);
  const Try& shown = error != nullptr ? *error : in.picture.visits.all.front();
  const Storable storable = browser_would_store(*shown.http);
  const Cites evidence = {shown.seen->id};
  if (error == nullptr) return made(kId, Outlook::may_help, "only if your browser still shows the error", evidence);
  if (storable.stored)
    return made(kId, Outlook::may_help,
                fmt::format("not yet: the site lets browsers keep this error{}",
                            storable.fresh_seconds ? " for " + span_of(*storable.fresh_seconds) : ""),
                evidence);
  return made(kId, Outlook::no_effect, "this error is fresh: it came from no cache", evidence);
}

}  // namespace fix502
