#include <fmt/format.h>

#include <algorithm>

#include "fault/edges.hpp"
#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

std::optional<Finding> match_gateway_partly_down(const Picture& picture) {
  const auto split = find_split(picture);
  if (!split || split->bad->edge) return std::nullopt;
  Finding finding = about_split(*split);
  finding.summary = fmt::format("{} of the site's {} addresses fail{}: {} gives {}, while {} works.", split->failing,
                                split->all, split->failing == 1 ? "s" : "", split->bad->address,
                                story(*split->bad->tries.first_failing()->http), split->good->address);
  return finding;
}

}  // namespace

extern const Fault gateway_partly_down{
    .info = {.id = "gateway.partly-down",
             .hop = Hop::gateway,
             .side = Side::owner,
             .title = "Some of the site's addresses fail",
             .meaning = "Some of the site's addresses fail and others work, so some visits meet the error."},
    .layer = Layer::site,
    .explains = {},
    .match = match_gateway_partly_down,
};

}  // namespace fix502::faults
