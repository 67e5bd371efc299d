#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"
#include "fault/said.hpp"

namespace fix502::faults {
namespace {

std::optional<Finding> match_origin_unavailable(const Picture& picture) {
  const HttpExchange* error = steady_error(picture);
  if (error == nullptr) return std::nullopt;
  const std::string said = said_fault(*error);
  const bool by_status = has_status(error, {503, 529}) && said.empty();
  if (!by_status && said != "origin.unavailable") return std::nullopt;
  const auto wait = retry_after(*error);
  Finding finding = about_error(picture, Certainty::proven, {});
  finding.scope = Scope::everyone;
  if (finding.cause.empty()) finding.cause = "destination_unavailable";
  finding.summary = fmt::format("The site says that it is unavailable ({}){}.", story(*error),
                                wait ? fmt::format(" and asks to come back in {}", span_of(*wait)) : "");
  return finding;
}

}  // namespace

extern const Fault origin_unavailable{
    .info = {.id = "origin.unavailable",
             .hop = Hop::origin,
             .side = Side::owner,
             .title = "The site is overloaded or in maintenance",
             .meaning = "The site says that it cannot serve right now: overloaded, in maintenance, or no healthy "
                        "server behind it."},
    .layer = Layer::site,
    .explains = {},
    .match = match_origin_unavailable,
};

}  // namespace fix502::faults
