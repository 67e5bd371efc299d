#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

std::optional<Finding> match_origin_route(const Picture& picture) {
  const HttpExchange* error = steady_error(picture);
  if (error == nullptr || is_connect(error->failure) || is_tls(error->failure)) return std::nullopt;
  const Observation* other = nullptr;
  for (const Observation* seen : picture.of("path")) {
    const auto& http = *seen->as<HttpExchange>();
    // With another method the path would not be all that differs.
    if (http.method != error->method) continue;
    // A static file alone may be the gateway's own: it does not speak for what is behind.
    if (http.url == picture.page.url || seen->varied_in("path") == "/favicon.ico" || !picture.works(http)) continue;
    // A redirect may lead to the very page that fails.
    if (http.status && *http.status >= 300 && *http.status < 400) continue;
    const auto target = parse_target(http.url);
    if (target && target->host == picture.page.host && (other == nullptr || http.status == 200)) other = seen;
  }
  if (other == nullptr) return std::nullopt;
  Finding finding = about_error(picture, Certainty::strong, {});
  finding.scope = Scope::everyone;
  finding.cites.push_back(other->id);
  finding.subject = picture.page.path;
  finding.summary =
      fmt::format("The page {} fails ({}), while {} on the same site answers {}.", printable(picture.page.path, 40),
                  story(*error), printable(other->varied_in("path"), 40), story(*other->as<HttpExchange>()));
  return finding;
}

}  // namespace

extern const Fault origin_route{
    .info = {.id = "origin.route",
             .hop = Hop::origin,
             .side = Side::owner,
             .title = "This page fails, others of the site work",
             .meaning =
                 "This path fails and others of the same site work: what serves this page is broken, not the site."},
    .layer = Layer::site,
    .explains = {},
    .match = match_origin_route,
};

}  // namespace fix502::faults
