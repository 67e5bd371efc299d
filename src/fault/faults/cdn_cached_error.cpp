#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

std::optional<Finding> match_cdn_cached_error(const Picture& picture) {
  const HttpExchange* error = steady_error(picture);
  const Observation* round = picture.of("cache", "cache", "gone round");
  if (error == nullptr || !error->status || *error->status < 400 || round == nullptr) return std::nullopt;
  const auto& fresh = *round->as<HttpExchange>();
  const CacheReading reading = read_cache(*error);
  const bool stored = reading.hit || reading.age_seconds.value_or(0) > 0;
  const bool origin_works = std::ranges::any_of(
      picture.of("origin"), [&](const Observation* seen) { return picture.works(*seen->as<HttpExchange>()); });
  // A cache that does not look at the query cannot be gone round; the origin can be asked instead.
  const bool works = picture.works(fresh) || (stored && origin_works);
  // Another error behind the stored one counts as another answer; the same one does not.
  if (!works && (!stored || same_story(*error, fresh))) return std::nullopt;
  // Without a cache's own mark the new query might be what helps; the visits must then agree with each other.
  if (!stored && picture.site.all.size() < 3) return std::nullopt;
  Finding finding = about_error(picture,
                                stored && works ? Certainty::proven
                                : stored        ? Certainty::strong
                                                : Certainty::likely,
                                {});
  finding.scope = Scope::everyone;
  finding.cites.push_back(round->id);
  finding.subject = picture.cdn;
  const std::string age = reading.age_seconds ? fmt::format(", stored {} ago", span_of(*reading.age_seconds)) : "";
  finding.summary = fmt::format("A cache in front of the site serves a stored error ({}{}); asked round the cache, {}.",
                                story(*error), age, works ? "the site answers well" : "the site says " + story(fresh));
  return finding;
}

}  // namespace

extern const Fault cdn_cached_error{
    .info = {.id = "cdn.cached-error",
             .hop = Hop::cdn,
             .side = Side::owner,
             .title = "A cache keeps serving a stored error",
             .meaning = "A cache in front of the site serves an error that it stored; going round the cache gives "
                        "another answer."},
    .layer = Layer::site,
    .explains = {},
    .match = match_cdn_cached_error,
};

}  // namespace fix502::faults
