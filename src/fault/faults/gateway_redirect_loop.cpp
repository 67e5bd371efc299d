#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

std::optional<Finding> match_gateway_redirect_loop(const Picture& picture) {
  if (!picture.site.none_works()) return std::nullopt;
  const Try& error = *picture.site.first_failing();
  if (!error.endless) return std::nullopt;
  Finding finding = about_error(picture, Certainty::proven, {});
  finding.scope = Scope::everyone;
  finding.cause.clear();
  finding.nel = "http.response.redirect_loop";
  for (const Observation* seen : error.chain)
    if (finding.cites.size() < 8) finding.cites.push_back(seen->id);
  finding.summary = fmt::format("The site redirects in a circle: after {} redirects the page was still at {}.",
                                error.chain.size(), printable(error.http->location, 60));
  return finding;
}

}  // namespace

extern const Fault gateway_redirect_loop{
    .info = {.id = "gateway.redirect-loop",
             .hop = Hop::gateway,
             .side = Side::owner,
             .title = "The redirects never end",
             .meaning = "The site sends browsers from one address to the next for ever."},
    .layer = Layer::site,
    .explains = {},
    .match = match_gateway_redirect_loop,
};

}  // namespace fix502::faults
