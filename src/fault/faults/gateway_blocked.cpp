#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

std::optional<Finding> match_gateway_blocked(const Picture& picture) {
  const Try* error = nullptr;
  for (const auto& one : picture.site.all)
    if (error == nullptr && (has_status(one.http, {429, 451}) || !blocked_by(*one.http).empty() ||
                             identify(*one.http).fault == "gateway.blocked"))
      error = &one;
  if (error == nullptr) return std::nullopt;
  const std::string by = blocked_by(*error->http);
  Finding finding = about_error(picture, Certainty::proven, {});
  finding.scope = Scope::unknown;
  // A refusal dressed as a page; 202 is a test that real browsers pass.
  finding.felt = error->http->status == 200;
  finding.cause = "http_request_denied";
  finding.cites.push_back(error->seen->id);
  finding.subject = by;
  if (error->http->status == 429) {
    const auto wait = retry_after(*error->http);
    finding.summary = fmt::format("The site says that you ask too often (429){}.",
                                  wait ? fmt::format("; it wants {} of rest", span_of(*wait)) : "");
  } else if (error->http->status == 451) {
    finding.summary = "The site says that it may not show this page for legal reasons (451).";
  } else {
    finding.summary = fmt::format("The site's firewall{} refuses this client ({}).", by.empty() ? "" : " (" + by + ")",
                                  story(*error->http));
  }
  return finding;
}

}  // namespace

extern const Fault gateway_blocked{
    .info = {.id = "gateway.blocked",
             .hop = Hop::gateway,
             .side = Side::owner,
             .title = "The site refuses you on purpose",
             .meaning = "The site, or its firewall, refuses this client on purpose."},
    .layer = Layer::site,
    .explains = {},
    .match = match_gateway_blocked,
};

}  // namespace fix502::faults
