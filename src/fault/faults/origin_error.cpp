#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"
#include "fault/said.hpp"

namespace fix502::faults {
namespace {

std::optional<Finding> match_origin_error(const Picture& picture) {
  const HttpExchange* error = steady_error(picture);
  if (error == nullptr || error->failure != Failure::none || !error->status || *error->status < 400)
    return std::nullopt;
  if (looks_like_block_page(*error)) return std::nullopt;
  const std::string said = said_fault(*error);
  if (!said.empty() && said != "origin.error") return std::nullopt;
  if (has_status(error, {429, 451})) return std::nullopt;
  Finding finding = about_error(picture, *error->status >= 500 ? Certainty::strong : Certainty::likely, {});
  finding.scope = Scope::everyone;
  finding.summary = fmt::format("The site's own program answers {}.", story(*error));
  return finding;
}

}  // namespace

extern const Fault origin_error{
    .info = {.id = "origin.error",
             .hop = Hop::origin,
             .side = Side::owner,
             .title = "The site's own program fails",
             .meaning = "The application itself answers with an error: no gateway is at fault."},
    .layer = Layer::site,
    .explains = {},
    .match = match_origin_error,
};

}  // namespace fix502::faults
