#include <fmt/format.h>

#include <algorithm>

#include "fault/browser_views.hpp"
#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

struct Contrast {
  std::vector<const Observation*> working;
  std::vector<const Observation*> failing;
  std::vector<std::string> dimensions;  ///< a single change that turns failure into success, or the reverse
};

/// Another client got a good answer. A refusal that not everybody gets is not the site's word for all, and what came
/// compressed though it was not asked for only looks well because nobody unpacked it: neither speaks against a browser
/// that fails.
bool good_for(const Picture& picture, const HttpExchange& http, bool browser_good, bool strict) {
  const bool unasked =
      http.has_header("content-encoding") && (http.client == "plain" || http.client == "browser-identity");
  return picture.works(http) && (browser_good || !unasked) && !(strict && http.status && *http.status >= 400);
}

Contrast contrast(const Picture& picture, bool browser_good, bool strict) {
  Contrast found;
  for (const Observation* seen : picture.of("client")) {
    const auto& http = *seen->as<HttpExchange>();
    if (http.url != picture.page.url) continue;
    const bool good = good_for(picture, http, browser_good, strict);
    (good ? found.working : found.failing).push_back(seen);
    const auto dimension = seen->varied_in("client");
    if (good != browser_good && dimension != "everything") found.dimensions.emplace_back(dimension);
  }
  return found;
}

std::string named(const Contrast& found) {
  if (found.dimensions.empty()) return "what a browser sends as a whole";
  std::string names;
  for (const auto& dimension : found.dimensions) names += (names.empty() ? "" : " and ") + dimension;
  return names;
}

std::optional<Finding> among_probes(const Picture& picture) {
  if (picture.visits.empty() || picture.visits.mixed()) return std::nullopt;
  const HttpExchange& browser = *picture.visits.all.front().http;
  // A redirect that could not be followed is one for every client.
  if (browser.status && *browser.status >= 300 && *browser.status < 400 && !picture.visits.all_work())
    return std::nullopt;
  // 403 to the browser and a page to somebody else: the 403 is then no word meant for all.
  const bool refused = browser.status && *browser.status >= 400 && picture.visits.all_work();
  const bool browser_good = picture.visits.all_work() && !refused;
  const Contrast found = contrast(picture, browser_good, refused);
  const auto& others = browser_good ? found.failing : found.working;
  if (others.empty()) return std::nullopt;
  const bool network_noise = browser_good && std::ranges::all_of(others, [](const Observation* seen) {
                               return is_connect(seen->as<HttpExchange>()->failure) ||
                                      seen->as<HttpExchange>()->failure == Failure::out_of_time;
                             });
  if (network_noise) return std::nullopt;
  Finding finding;
  finding.certainty = found.dimensions.empty() ? Certainty::likely : Certainty::strong;
  finding.scope = Scope::some_visitors;
  finding.felt = !browser_good;
  const HttpExchange& error = browser_good ? *others.front()->as<HttpExchange>() : browser;
  finding.cause = status_cause(error);
  finding.nel = nel_of(error);
  finding.cites = picture.visits.cites(2);
  for (const Observation* seen : others)
    if (finding.cites.size() < 5) finding.cites.push_back(seen->id);
  finding.subject = named(found);
  finding.summary =
      browser_good ? fmt::format("A browser gets the page, but a plain client gets {}. What makes the difference: {}.",
                                 story(error), named(found))
                   : fmt::format("A browser gets {}, but another client gets the page. What makes the difference: {}.",
                                 story(error), named(found));
  return finding;
}

/// The probes change one thing at a time; where they find nothing that does it, real browsers have the word.
std::optional<Finding> match_browser_client_profile(const Picture& picture) {
  auto found = among_probes(picture);
  if (found && found->felt && found->certainty > Certainty::likely) return found;
  if (auto seen = browsers_differ(picture)) return seen;
  return found;
}

}  // namespace

extern const Fault browser_client_profile{
    .info = {.id = "browser.client-profile",
             .hop = Hop::browser,
             .side = Side::owner,
             .title = "The site fails for some clients only",
             .meaning = "The site fails for some browsers or programs only: it depends on the HTTP or TLS version, the "
                        "encoding, or the name of the client."},
    .layer = Layer::site,
    .explains = {},
    .match = match_browser_client_profile,
};

}  // namespace fix502::faults
