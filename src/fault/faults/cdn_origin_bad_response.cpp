#include "fault/said.hpp"

namespace fix502::faults {
namespace {

std::optional<Finding> match_cdn_origin_bad_response(const Picture& picture) {
  return as_the_answer_says(picture, "cdn.origin-bad-response");
}

}  // namespace

extern const Fault cdn_origin_bad_response{
    .info = {.id = "cdn.origin-bad-response",
             .hop = Hop::cdn,
             .side = Side::owner,
             .title = "The CDN gets no usable answer from the origin",
             .meaning = "The CDN reached the site's origin server and got no usable answer."},
    .layer = Layer::site,
    .explains = {},
    .match = match_cdn_origin_bad_response,
};

}  // namespace fix502::faults
