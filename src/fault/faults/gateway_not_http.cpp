#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

std::optional<Finding> match_gateway_not_http(const Picture& picture) {
  const HttpExchange* error = steady_error(picture);
  if (error == nullptr) return std::nullopt;
  const Observation* https = nullptr;
  const Observation* http = nullptr;
  for (const Observation* seen : picture.of("tls")) {
    if (seen->varied_in("scheme") == "https") https = seen;
    if (seen->varied_in("scheme") == "http") http = seen;
  }
  const bool tls_on_plain =
      picture.page.scheme == "http" && https != nullptr && !https->as<HttpExchange>()->tls_version.empty();
  const bool plain_on_tls = error->failure == Failure::tls_not_tls;
  const bool garbage = error->failure == Failure::not_http || error->failure == Failure::header_too_large ||
                       error->failure == Failure::header_invalid;
  // A 400 is only this fault where TLS on the same port answers: servers say "plain HTTP sent to a TLS port" so.
  if (!plain_on_tls && !garbage && !(tls_on_plain && (error->status == 400 || !error->status))) return std::nullopt;
  Finding finding = about_error(picture, Certainty::proven, {});
  finding.scope = Scope::everyone;
  if (finding.cause.empty()) finding.cause = "http_protocol_error";
  if (https != nullptr) finding.cites.push_back(https->id);
  if (http != nullptr) finding.cites.push_back(http->id);
  if (tls_on_plain)
    finding.summary = fmt::format("Port {} speaks TLS, but plain HTTP was asked of it.", picture.page.port);
  else if (plain_on_tls)
    finding.summary = fmt::format("Port {} was asked for TLS, but what answers does not speak it.", picture.page.port);
  else if (error->failure == Failure::not_http)
    finding.summary = fmt::format("What answers on port {} is not a web server (first bytes: {}).", picture.page.port,
                                  error->first_bytes.empty() ? "unreadable" : error->first_bytes.substr(0, 35));
  else
    finding.summary =
        fmt::format("What answers on port {} breaks HTTP: {}.", picture.page.port, sentence(error->failure));
  return finding;
}

}  // namespace

extern const Fault gateway_not_http{
    .info = {.id = "gateway.not-http",
             .hop = Hop::gateway,
             .side = Side::owner,
             .title = "What answers on the site's port does not speak HTTP",
             .meaning = "Something else than a web server answers on the site's port, or TLS answers where plain HTTP "
                        "was asked, or the reverse."},
    .layer = Layer::site,
    .explains = {},
    .match = match_gateway_not_http,
};

}  // namespace fix502::faults
