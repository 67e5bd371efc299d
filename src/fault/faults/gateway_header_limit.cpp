#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"
#include "fault/stored.hpp"

namespace fix502::faults {
namespace {

/// What gateways answer to a request header that is too large: RFC 6585 5, RFC 9110 15.5.15, nginx's own 494, and the
/// words of those that say 400.
bool says_too_large(const HttpExchange& http) {
  if (has_status(&http, {431, 494, 414})) return true;
  return http.status == 400 && (contains_ignoring_case(http.body_sample, "too large") ||
                                contains_ignoring_case(http.body_sample, "LimitRequestFieldSize") ||
                                contains_ignoring_case(http.body_sample, "size of a request header field exceeds"));
}

/// The page works with a small request, and a browser's cookies make its request too large, whatever they hold.
std::optional<Finding> too_large_for_a_browser(const Picture& picture) {
  const StoredCookies stored = stored_cookies(picture);
  if (stored.large == nullptr || stored.filled == nullptr || !picture.visits.all_work()) return std::nullopt;
  const auto& error = *stored.large->as<HttpExchange>();
  if (picture.works(error) || picture.works(*stored.filled->as<HttpExchange>())) return std::nullopt;
  const auto& profile = *stored.profile->as<BrowserProfile>();
  Finding finding;
  finding.certainty = Certainty::strong;
  finding.scope = Scope::some_visitors;
  finding.felt = true;
  finding.cause = "http_request_error";
  finding.nel = nel_of(error);
  finding.subject = profile.browser;
  finding.cites = {stored.profile->id, stored.large->id, stored.filled->id};
  for (auto& id : picture.visits.cites(2)) finding.cites.push_back(std::move(id));
  finding.summary = fmt::format(
      "{} sends {} bytes of cookies to this site, and the gateway refuses any request with so large a header ({}).",
      profile.browser, profile.cookies->bytes, story(error));
  return finding;
}

std::optional<Finding> match_gateway_header_limit(const Picture& picture) {
  if (auto browser = too_large_for_a_browser(picture)) return browser;
  if (!picture.visits.none_works()) return std::nullopt;
  const HttpExchange& error = *picture.visits.first_failing()->http;
  const Observation* small = nullptr;
  const Observation* large = nullptr;
  for (const Observation* seen : picture.of("cookies"))
    if (seen->varied_in("cookies") == "none") (seen->varied_in("size").empty() ? small : large) = seen;
  for (const Observation* seen : picture.of("size"))
    (seen->varied_in("size") == "short address" || seen->varied_in("size") == "without the given fields" ? small
                                                                                                         : large) =
        seen;
  const bool contrast = small != nullptr && large != nullptr && picture.works(*small->as<HttpExchange>()) &&
                        !picture.works(*large->as<HttpExchange>());
  if (!contrast && !says_too_large(error)) return std::nullopt;
  Finding finding;
  finding.certainty = contrast ? Certainty::proven : Certainty::strong;
  finding.scope = Scope::some_visitors;
  finding.cause = "http_request_error";
  finding.nel = nel_of(error);
  finding.cites = picture.visits.cites(3);
  for (const Observation* seen : {small, large})
    if (seen != nullptr) finding.cites.push_back(seen->id);
  finding.summary =
      contrast ? fmt::format(
                     "Only large requests fail ({}): the same page asked with a small request works, and any other "
                     "request as large fails too.",
                     story(error))
               : fmt::format("The site's gateway says that the request's header is too large ({}).", story(error));
  return finding;
}

}  // namespace

extern const Fault gateway_header_limit{
    .info = {.id = "gateway.header-limit",
             .hop = Hop::gateway,
             .side = Side::owner,
             .title = "The site refuses large requests",
             .meaning = "Only large requests fail: the cookies, the address or the header fields exceed a limit of the "
                        "site's gateway."},
    .layer = Layer::site,
    .explains = {},
    .match = match_gateway_header_limit,
};

}  // namespace fix502::faults
