#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

std::optional<Finding> match_gateway_closed_early(const Picture& picture) {
  const HttpExchange* error = steady_error(picture);
  if (error == nullptr || error->status) return std::nullopt;
  const Failure failure = error->failure;
  if (failure != Failure::closed_early && failure != Failure::reset && failure != Failure::tls_closed &&
      failure != Failure::tls_reset && failure != Failure::http2_error && failure != Failure::truncated)
    return std::nullopt;
  Finding finding = about_error(picture, Certainty::strong, {});
  finding.scope = Scope::everyone;
  if (finding.cause.empty()) finding.cause = "connection_terminated";
  finding.summary = fmt::format("The site takes the connection and ends it without an answer ({}).", sentence(failure));
  return finding;
}

}  // namespace

extern const Fault gateway_closed_early{
    .info = {.id = "gateway.closed-early",
             .hop = Hop::gateway,
             .side = Side::owner,
             .title = "The site hangs up without an answer",
             .meaning = "The site's gateway takes the connection and closes or resets it without an answer."},
    .layer = Layer::site,
    .explains = {},
    .match = match_gateway_closed_early,
};

}  // namespace fix502::faults
