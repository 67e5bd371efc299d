#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"
#include "fault/said.hpp"

namespace fix502::faults {
namespace {

/// Apache words a timeout of its upstream as 502, Varnish as 503 (seen): a closed connection shows at once, a limit
/// after a second at the least.
bool slow_word(const HttpExchange& http) {
  const Signature signature = identify(http);
  if (!signature.self_made || !http.times.first_byte) return false;
  const bool says_otherwise = (signature.product == "apache" && has_status(&http, {502})) ||
                              (signature.product == "varnish" && has_status(&http, {503}));
  return says_otherwise && *http.times.first_byte >= std::chrono::milliseconds(900);
}

std::optional<Finding> match_origin_timeout(const Picture& picture) {
  const HttpExchange* error = steady_error(picture);
  if (error == nullptr) return std::nullopt;
  const bool silent = error->failure == Failure::response_timeout && picture.ever_answered(error->address);
  const std::string said = said_fault(*error);
  const bool by_status = has_status(error, {504, 524, 408}) && (said.empty() || said == "origin.timeout");
  if (!silent && !by_status && said != "origin.timeout" && !slow_word(*error)) return std::nullopt;
  Finding finding = about_error(picture, silent ? Certainty::strong : Certainty::proven, {});
  finding.scope = Scope::everyone;
  if (finding.cause.empty() || !silent)
    finding.cause = cause_of(*error).empty() ? "http_response_timeout" : cause_of(*error);
  finding.summary =
      silent ? "The site takes the request and then is silent: the server behind it does not answer in time."
             : fmt::format("{} waited in vain for the server behind it ({}).", speaker(*error), story(*error));
  finding.summary[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(finding.summary[0])));
  return finding;
}

}  // namespace

extern const Fault origin_timeout{
    .info = {.id = "origin.timeout",
             .hop = Hop::origin,
             .side = Side::owner,
             .title = "The site's server takes too long",
             .meaning = "The gateway waited in vain for the server behind it."},
    .layer = Layer::site,
    .explains = {},
    .match = match_origin_timeout,
};

}  // namespace fix502::faults
