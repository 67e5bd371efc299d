#include "fault/said.hpp"

namespace fix502::faults {
namespace {

std::optional<Finding> match_cdn_origin_unreachable(const Picture& picture) {
  return as_the_answer_says(picture, "cdn.origin-unreachable");
}

}  // namespace

extern const Fault cdn_origin_unreachable{
    .info = {.id = "cdn.origin-unreachable",
             .hop = Hop::cdn,
             .side = Side::owner,
             .title = "The CDN cannot reach the origin",
             .meaning = "The CDN says that it cannot reach the site's origin server."},
    .layer = Layer::site,
    .explains = {},
    .match = match_cdn_origin_unreachable,
};

}  // namespace fix502::faults
