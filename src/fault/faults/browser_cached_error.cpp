#include <fmt/format.h>

#include <algorithm>

#include "fault/browser_views.hpp"
#include "fault/rule.hpp"
#include "fault/stored.hpp"

namespace fix502::faults {
namespace {

std::string how_long(const StoredAnswer& answer) {
  return answer.fresh_seconds ? fmt::format("for another {}", span_of(*answer.fresh_seconds)) : "for good";
}

std::string what_is_stored(const StoredError& error) {
  const auto& profile = *error.profile->as<BrowserProfile>();
  const StoredAnswer& answer = *error.answer;
  const std::string where = fmt::format("{} ({})", profile.browser, profile.profile);
  if (error.end != nullptr)
    return fmt::format("{} has stored a redirect to {}, which fails ({}), and follows it without asking {}", where,
                       answer.location, story(error.exchange), how_long(answer));
  const std::string how = answer.reached_by == "link" ? " when a link of another site opens it" : "";
  const std::string disguised =
      answer.status < 400 ? fmt::format(", which came as a good answer ({})", answer.status) : "";
  return fmt::format("{} has stored an error page ({}{}) and shows it{} without asking {}", where,
                     story(error.exchange), disguised, how, how_long(answer));
}

std::optional<Finding> match_browser_cached_error(const Picture& picture) {
  const auto error = find_stored_error(picture);
  // What a real browser was seen to show speaks where its profile was not read.
  if (!error || picture.visits.empty()) return stored_error_shown(picture);
  const Try* good = picture.visits.first_working();
  const Try* bad = picture.visits.first_failing();
  Finding finding;
  finding.scope = Scope::only_you;
  finding.cause = status_cause(error->exchange);
  finding.nel = nel_of(error->exchange);
  finding.subject = error->profile->as<BrowserProfile>()->browser;
  finding.cites = {error->profile->id};
  if (error->end != nullptr) finding.cites.push_back(error->end->id);
  for (auto& id : picture.visits.cites(3)) finding.cites.push_back(std::move(id));
  if (good != nullptr) {
    finding.certainty = Certainty::proven;
    finding.felt = true;
    finding.summary =
        fmt::format("{}; the network gives a good page ({}).", what_is_stored(*error), story(*good->http));
    return finding;
  }
  // The site fails as well. The same error is what was stored of it: then clearing the store helps only afterwards.
  const auto& now = *bad->http;
  finding.certainty = Certainty::strong;
  finding.hidden = now.failure == Failure::none && now.status == error->exchange.status;
  finding.summary = fmt::format("{}; the network gives {} as well.", what_is_stored(*error),
                                finding.hidden ? "that error" : "an error (" + story(now) + ")");
  return finding;
}

}  // namespace

extern const Fault browser_cached_error{
    .info = {.id = "browser.cached-error",
             .hop = Hop::browser,
             .side = Side::visitor,
             .title = "Your browser shows a stored error",
             .meaning = "A stored error answer (or a service worker's) is shown while the network gives a good one."},
    .layer = Layer::visitor,
    .explains = {},
    .match = match_browser_cached_error,
};

}  // namespace fix502::faults
