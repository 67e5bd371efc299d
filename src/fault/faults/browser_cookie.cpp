#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"
#include "fault/stored.hpp"

namespace fix502::faults {
namespace {

/// A browser's cookies were measured, and as many bytes of nobody's cookies break the page, in the Cookie field alone.
std::optional<Finding> too_many_stored(const Picture& picture) {
  const StoredCookies stored = stored_cookies(picture);
  if (stored.large == nullptr || stored.filled == nullptr || !picture.visits.all_work()) return std::nullopt;
  const auto& error = *stored.large->as<HttpExchange>();
  if (picture.works(error) || !picture.works(*stored.filled->as<HttpExchange>())) return std::nullopt;
  Finding finding;
  finding.certainty = Certainty::strong;
  finding.scope = Scope::only_you;
  finding.felt = true;
  finding.cause = status_cause(error);
  finding.nel = nel_of(error);
  finding.subject = stored.profile->as<BrowserProfile>()->browser;
  finding.cites = {stored.profile->id, stored.large->id, stored.filled->id};
  for (auto& id : picture.visits.cites(2)) finding.cites.push_back(std::move(id));
  finding.summary = fmt::format(
      "{} has {} bytes of cookies for this site; with so many the answer is {}, without them the page works.",
      finding.subject, stored.profile->as<BrowserProfile>()->cookies->bytes, story(error));
  return finding;
}

std::optional<Finding> match_browser_cookie(const Picture& picture) {
  if (auto stored = too_many_stored(picture)) return stored;
  if (!picture.seen.settings.cookies_given || !picture.visits.none_works()) return std::nullopt;
  const Observation* without = nullptr;
  const Observation* filled = nullptr;
  for (const Observation* seen : picture.of("cookies"))
    if (seen->varied_in("cookies") == "none") (seen->varied_in("size").empty() ? without : filled) = seen;
  if (without == nullptr || !picture.works(*without->as<HttpExchange>())) return std::nullopt;
  // Any header of that size breaks it: then it is the gateway's limit, and not these cookies.
  if (filled != nullptr && !picture.works(*filled->as<HttpExchange>())) return std::nullopt;
  const auto& error = *picture.visits.first_failing()->http;
  Finding finding;
  finding.certainty = filled != nullptr ? Certainty::proven : Certainty::strong;
  finding.scope = Scope::only_you;
  finding.cause = status_cause(error);
  finding.nel = nel_of(error);
  finding.cites = picture.visits.cites(3);
  finding.cites.push_back(without->id);
  if (filled != nullptr) finding.cites.push_back(filled->id);
  finding.summary =
      fmt::format("With the site's stored cookies the answer is {}; without them the page works.", story(error));
  return finding;
}

}  // namespace

extern const Fault browser_cookie{
    .info = {.id = "browser.cookie",
             .hop = Hop::browser,
             .side = Side::visitor,
             .title = "The stored cookies break this site",
             .meaning = "The site fails with the cookies that your browser stored for it, and works without them."},
    .layer = Layer::visitor,
    .explains = {"gateway.", "origin.", "cdn.", "browser.client-profile"},
    .match = match_browser_cookie,
};

}  // namespace fix502::faults
