// What else to ask the origin, so that a difference can be told from its look-alikes. Each contrast changes one thing.

#include <fmt/format.h>

#include "edge/complaint.hpp"
#include "edge/sides.hpp"
#include "signature/works.hpp"

namespace fix502 {
namespace {

bool works_well(const Observation* seen, const EdgeSides& sides) {
  const auto* http = seen == nullptr ? nullptr : seen->as<HttpExchange>();
  return http != nullptr && works(*http, sides.expected);
}

bool origin_has_own_name(const EdgeSides& sides) {
  return !is_ipv4(sides.origin.host) && !is_ipv6(sides.origin.host) && sides.origin.host != sides.page.host;
}

}  // namespace

std::uint16_t usual_port(const Target& page) {
  return page.scheme == "https" ? 443 : 80;
}

std::uint16_t origin_port(const EdgeSides& sides) {
  return sides.origin.port != 0 ? sides.origin.port : sides.page.port;
}

std::vector<EdgeContrast> contrasts_worth_asking(const EdgeSides& sides) {
  if (sides.edge == nullptr || !works_well(sides.direct, sides)) return {};
  const HttpExchange& edge = *sides.edge->as<HttpExchange>();
  const HttpExchange& direct = *sides.direct->as<HttpExchange>();
  const bool other_answer = edge.status != direct.status || edge.location != direct.location;
  if (!sides.edge_failed && !other_answer) return {};
  if (edge.failure != Failure::none) return {};  // the edge itself does not answer: no setting towards the origin

  const EdgeComplaint complaint = complaint_of(edge);
  const bool https = sides.page.scheme == "https";
  std::vector<EdgeContrast> wanted;
  const auto want = [&](std::string variable, std::string value) {
    if (wanted.size() < kMostContrasts) wanted.push_back({std::move(variable), std::move(value)});
  };
  const bool may_be_tls = complaint == EdgeComplaint::tls || complaint == EdgeComplaint::certificate ||
                          complaint == EdgeComplaint::unknown || complaint == EdgeComplaint::bad_response ||
                          (complaint == EdgeComplaint::none && edge.status >= 500);
  const bool may_be_port = complaint == EdgeComplaint::refused || complaint == EdgeComplaint::connect_timeout ||
                           complaint == EdgeComplaint::unknown || complaint == EdgeComplaint::no_route ||
                           (complaint == EdgeComplaint::none && edge.status >= 500);
  if (https && may_be_tls) want("sni", "none");
  if (https && may_be_tls && origin_has_own_name(sides)) want("sni", sides.origin.host);
  if (may_be_port && origin_port(sides) != usual_port(sides.page))
    want("port", fmt::format("{}", usual_port(sides.page)));
  const auto next = edge.redirects() ? parse_target(edge.location) : parse_target(sides.page.url);
  const bool stays = next && next->host == sides.page.host;
  // A redirect within the site is no other site's answer.
  if (complaint == EdgeComplaint::none && !(edge.redirects() && stays)) {
    if (origin_has_own_name(sides)) want("host", sides.origin.host);
    want("host", std::string(kStrangeHost));
  }
  return wanted;
}

}  // namespace fix502
