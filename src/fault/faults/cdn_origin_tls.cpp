#include "fault/said.hpp"

namespace fix502::faults {
namespace {

std::optional<Finding> match_cdn_origin_tls(const Picture& picture) {
  return as_the_answer_says(picture, "cdn.origin-tls");
}

}  // namespace

extern const Fault cdn_origin_tls{
    .info = {.id = "cdn.origin-tls",
             .hop = Hop::cdn,
             .side = Side::owner,
             .title = "The CDN's TLS connection to the origin fails",
             .meaning = "The CDN says that TLS to the origin fails: the origin's certificate or TLS settings are not "
                        "what the CDN expects."},
    .layer = Layer::site,
    .explains = {},
    .match = match_cdn_origin_tls,
};

}  // namespace fix502::faults
