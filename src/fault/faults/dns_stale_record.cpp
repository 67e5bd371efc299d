#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"
#include "fault/wrong_address.hpp"

namespace fix502::faults {
namespace {

std::optional<Finding> match_dns_stale_record(const Picture& picture) {
  const auto wrong = find_wrong_address(picture);
  if (!wrong || !wrong->counts_down) return std::nullopt;
  Finding finding = about_wrong_address(picture, *wrong);
  finding.subject = wrong->resolver->server;
  finding.summary = fmt::format(
      "The resolver {} still gives the old address {}, which fails; {} {}{}. The old record runs out in "
      "{}.",
      wrong->resolver->server, wrong->resolver->addresses.front(),
      picture.names.zone.asked ? "the zone now says" : "others now say", wrong->truth.front(),
      wrong->truth_works ? ", which works" : "", span_of(static_cast<long>(wrong->ttl)));
  return finding;
}

}  // namespace

extern const Fault dns_stale_record{
    .info = {.id = "dns.stale-record",
             .hop = Hop::dns,
             .side = Side::visitor,
             .title = "Your resolver keeps an old address of the site",
             .meaning =
                 "The resolver in use still gives an address that the zone has left; the zone's present one works."},
    .layer = Layer::visitor,
    .explains = {"dns.wrong-answer"},
    .match = match_dns_stale_record,
};

}  // namespace fix502::faults
