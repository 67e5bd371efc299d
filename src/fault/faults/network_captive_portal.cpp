#include <fmt/format.h>

#include <algorithm>

#include "fault/impostor.hpp"
#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

/// What each kind of connectivity check answers on an open network.
bool is_open(const HttpExchange& http) {
  if (http.failure != Failure::none || !http.status || looks_like_block_page(http)) return false;
  if (http.url.find("generate_204") != std::string::npos || http.url.ends_with("/204")) return http.status == 204;
  if (http.url.ends_with("/success.txt"))
    return http.status == 200 && contains_ignoring_case(http.body_sample, "success");
  if (http.url.ends_with("/hotspot-detect.html"))
    return http.status == 200 && contains_ignoring_case(http.body_sample, "success");
  return *http.status >= 200 && *http.status < 300;
}

std::string host_of(std::string_view url) {
  const auto target = parse_target(url);
  return target ? target->host : std::string{};
}

/// Somebody else answered: a redirect to another host, "network authentication required" (RFC 6585 6), or a page where
/// none was expected.
bool is_hijacked(const HttpExchange& http, const Picture& picture) {
  if (http.failure != Failure::none || !http.status || is_open(http)) {
    // The same page for two different sites is neither site's own.
    return http.failure == Failure::none && http.status == 200 && !http.body_digest.empty() && http.body_bytes > 0 &&
           !picture.visits.empty() && picture.visits.all.front().http->body_digest == http.body_digest &&
           host_of(http.url) != picture.page.host;
  }
  if (http.status == 511) return true;
  if (*http.status >= 300 && *http.status < 400)
    return !http.location.empty() && host_of(http.location) != host_of(http.url);
  return *http.status == 200 || looks_like_block_page(http);
}

/// A certificate that was accepted proves it; so does a page, where the portal sends everybody elsewhere.
bool is_site_itself(const HttpExchange& visit, const std::string& portal) {
  return !visit.tls_version.empty() || (!portal.empty() && host_of(visit.url) != portal);
}

/// Names lead to somebody who sends the reader on to a page of his own, while the site's address gives the page.
std::optional<Finding> led_away(const Picture& picture) {
  const Try* site = behind_impostor(picture);
  if (site == nullptr) return std::nullopt;
  const Try& visit = picture.visits.all.front();
  const auto& first = *visit.chain.front()->as<HttpExchange>();
  if (!first.redirects() || speaks_of_block(*visit.http)) return std::nullopt;
  Finding finding;
  finding.certainty = Certainty::strong;
  finding.scope = Scope::only_you;
  finding.felt = true;
  finding.nel = nel_of(first);
  finding.cites = {visit.chain.front()->id, visit.seen->id, site->seen->id};
  finding.subject = host_of(first.location);
  finding.summary =
      fmt::format("This network leads you to {} instead of the site: its name service gives {}, where the site is not.",
                  finding.subject, first.address);
  return finding;
}

std::optional<Finding> match_network_captive_portal(const Picture& picture) {
  if (auto finding = led_away(picture)) return finding;
  Cites hijacked;
  std::string where;
  int open = 0;
  for (const Observation* seen : picture.of("connectivity")) {
    const auto& http = *seen->as<HttpExchange>();
    if (is_hijacked(http, picture)) {
      hijacked.push_back(seen->id);
      if (where.empty()) where = host_of(http.location);
    } else if (is_open(http)) {
      ++open;
    }
  }
  if (hijacked.empty() || open > 0) return std::nullopt;
  Finding finding;
  finding.certainty = Certainty::proven;
  finding.scope = Scope::only_you;
  const bool site_itself = picture.visits.all_work() && is_site_itself(*picture.visits.all.front().http, where);
  finding.felt = !site_itself;
  finding.hidden = site_itself;
  finding.nel = picture.visits.empty() ? "unknown" : nel_of(*picture.visits.all.front().http);
  finding.cites = hijacked;
  for (const auto& id : picture.visits.cites(2)) finding.cites.push_back(id);
  finding.subject = where;
  finding.summary = fmt::format("This network wants you to log in first{}: it answers in the place of every site.",
                                where.empty() ? "" : " (at " + where + ")");
  return finding;
}

}  // namespace

extern const Fault network_captive_portal{
    .info = {.id = "network.captive-portal",
             .hop = Hop::network,
             .side = Side::visitor,
             .title = "A login page of this network is in the way",
             .meaning = "The network you are on answers in the site's place until you log in to it."},
    .layer = Layer::visitor,
    .explains = {""},
    .match = match_network_captive_portal,
};

}  // namespace fix502::faults
