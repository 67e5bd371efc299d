#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"
#include "fault/said.hpp"

namespace fix502::faults {
namespace {

std::optional<Finding> match_origin_bad_gateway(const Picture& picture) {
  const HttpExchange* error = steady_error(picture);
  if (error == nullptr) return std::nullopt;
  const std::string said = said_fault(*error);
  const bool by_status = has_status(error, {502}) && said.empty();
  if (!by_status && said != "origin.bad-gateway") return std::nullopt;
  Finding finding = about_error(picture, Certainty::proven, {});
  finding.scope = Scope::everyone;
  finding.summary = fmt::format("{} answers {}: the server behind it gave no usable response, for every visitor.",
                                speaker(*error), story(*error));
  finding.summary[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(finding.summary[0])));
  return finding;
}

}  // namespace

extern const Fault origin_bad_gateway{
    .info = {.id = "origin.bad-gateway",
             .hop = Hop::origin,
             .side = Side::owner,
             .title = "The server behind the site's gateway is broken",
             .meaning = "The site's gateway answers, and says that the server behind it gave no usable response."},
    .layer = Layer::site,
    .explains = {},
    .match = match_origin_bad_gateway,
};

}  // namespace fix502::faults
