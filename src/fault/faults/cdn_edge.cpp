#include <fmt/format.h>

#include <algorithm>

#include "fault/edges.hpp"
#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

std::optional<Finding> match_cdn_edge(const Picture& picture) {
  const auto split = find_split(picture);
  if (!split || !split->bad->edge) return std::nullopt;
  Finding finding = about_split(*split);
  finding.summary = fmt::format("{} of {} edge addresses{} fails: {} gives {}, while {} works.", split->failing,
                                split->all, picture.cdn.empty() ? "" : " of " + picture.cdn, split->bad->address,
                                story(*split->bad->tries.first_failing()->http), split->good->address);
  return finding;
}

}  // namespace

extern const Fault cdn_edge{
    .info = {.id = "cdn.edge",
             .hop = Hop::cdn,
             .side = Side::third_party,
             .title = "One of the CDN's edges fails",
             .meaning = "An edge of the CDN fails while others, or the origin itself, work."},
    .layer = Layer::site,
    .explains = {"gateway.partly-down"},
    .match = match_cdn_edge,
};

}  // namespace fix502::faults
