#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

std::optional<Finding> match(const Picture& picture) {
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
    .match = match,
};

}  // namespace fix502::faults
