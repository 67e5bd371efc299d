#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

bool is_proxy_failure(Failure failure) {
  return failure == Failure::proxy_unreachable || failure == Failure::proxy_unresolved ||
         failure == Failure::proxy_refused_tunnel;
}

/// A forward proxy's own error page, which no site's gateway makes.
bool made_by_forward_proxy(const HttpExchange& error) {
  const Signature signature = identify(error);
  return error.has_header("x-squid-error") ||
         (signature.self_made && (signature.product == "squid" || signature.product == "tinyproxy"));
}

std::optional<Finding> match_device_proxy(const Picture& picture) {
  if (picture.proxy == nullptr || !picture.visits.none_works()) return std::nullopt;
  const auto& settings = *picture.proxy->as<ProxySettings>();
  const auto& error = *picture.visits.first_failing()->http;
  const bool direct_works = picture.direct.all_work();
  const bool proxy_gone = error.failure == Failure::proxy_unreachable || error.failure == Failure::proxy_unresolved;
  const Try* direct = picture.direct.first_failing();
  // The site gives the direct way another answer than the proxy gives: the proxy has a trouble of its own as well.
  const bool own_trouble = direct != nullptr && !is_connect(direct->http->failure) &&
                           !same_story(error, *direct->http) &&
                           (is_proxy_failure(error.failure) || error.status == 407 || made_by_forward_proxy(error));
  if (!direct_works && !proxy_gone && !own_trouble) return std::nullopt;
  Finding finding;
  finding.certainty = direct_works ? Certainty::proven : Certainty::strong;
  finding.scope = Scope::only_you;
  finding.cause = status_cause(error);
  finding.nel = nel_of(error);
  finding.cites = {picture.proxy->id};
  for (const auto& id : picture.visits.cites(3)) finding.cites.push_back(id);
  for (const auto& id : picture.direct.cites(2)) finding.cites.push_back(id);
  finding.subject = settings.proxy;
  const std::string seen = error.failure == Failure::none || !error.tunnel_status
                               ? story(error)
                               : fmt::format("{} by the proxy", *error.tunnel_status);
  finding.summary = fmt::format("Through the proxy {} ({}) the page fails: {}{}.", settings.proxy, settings.source,
                                seen, direct_works ? "; without it the page works" : "");
  return finding;
}

}  // namespace

extern const Fault device_proxy{
    .info = {.id = "device.proxy",
             .hop = Hop::device,
             .side = Side::visitor,
             .title = "The configured proxy makes the error",
             .meaning = "The proxy that this machine is set to use makes the error; going round it works."},
    .layer = Layer::visitor,
    .explains = {},
    .match = match_device_proxy,
};

}  // namespace fix502::faults
