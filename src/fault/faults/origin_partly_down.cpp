#include <fmt/format.h>

#include <algorithm>

#include "fault/pattern.hpp"
#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

std::optional<Finding> match_origin_partly_down(const Picture& picture) {
  if (!picture.site.mixed()) return std::nullopt;
  const HttpExchange& error = *picture.site.first_failing()->http;
  // What never got through to the site tells nothing about the servers behind it.
  if (is_connect(error.failure) || error.failure == Failure::name_not_resolved || error.failure == Failure::out_of_time)
    return std::nullopt;
  const Pattern pattern = read_pattern(picture.site);
  Finding finding = about_error(picture,
                                pattern.wears_off    ? Certainty::likely
                                : pattern.tries >= 6 ? Certainty::proven
                                                     : Certainty::strong,
                                {});
  finding.scope = Scope::some_visitors;
  finding.cites = picture.site.cites(10);
  finding.subject = pattern.words;
  finding.summary =
      fmt::format("The same request fails now and then: {} of {} tries gave {} ({:.0f} to {:.0f} % of visits). {}",
                  pattern.failed, pattern.tries, story(error), pattern.low * 100, pattern.high * 100, pattern.words);
  return finding;
}

}  // namespace

extern const Fault origin_partly_down{
    .info = {.id = "origin.partly-down",
             .hop = Hop::origin,
             .side = Side::owner,
             .title = "The same request fails now and then",
             .meaning = "One of several servers behind the site is broken, or only the first request after a pause, or "
                        "a later one on a kept connection, fails."},
    .layer = Layer::site,
    .explains = {},
    .match = match_origin_partly_down,
};

}  // namespace fix502::faults
