#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

std::optional<Finding> match_origin_truncated(const Picture& picture) {
  const HttpExchange* error = steady_error(picture);
  if (error == nullptr || (error->status && *error->status >= 400)) return std::nullopt;
  const Failure failure = error->failure;
  const bool broken = failure == Failure::truncated || failure == Failure::bad_framing ||
                      failure == Failure::bad_coding || failure == Failure::stalled ||
                      (failure == Failure::http2_error && error->status);
  if (!broken || !error->status) return std::nullopt;
  Finding finding = about_error(picture, failure == Failure::stalled ? Certainty::likely : Certainty::proven, {});
  finding.scope = Scope::everyone;
  if (finding.cause.empty()) finding.cause = "http_response_incomplete";
  finding.summary = fmt::format("The site answers {} and then breaks off: {} after {} bytes.", *error->status,
                                sentence(failure), error->body_bytes);
  return finding;
}

}  // namespace

extern const Fault origin_truncated{
    .info = {.id = "origin.truncated",
             .hop = Hop::origin,
             .side = Side::owner,
             .title = "The page ends in the middle",
             .meaning = "The answer begins well, then its body ends early or its framing is broken."},
    .layer = Layer::site,
    .explains = {},
    .match = match_origin_truncated,
};

}  // namespace fix502::faults
