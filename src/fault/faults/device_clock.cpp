#include <fmt/format.h>

#include <algorithm>

#include "fault/clock.hpp"
#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

std::optional<Finding> match_device_clock(const Picture& picture) {
  const auto clock = read_clock(picture.seen);
  if (!clock || std::abs(clock->ahead_seconds) < kNoticeableSeconds) return std::nullopt;
  const HttpExchange* error = picture.visits.empty() ? nullptr : picture.visits.all.front().http;
  const bool dates =
      error != nullptr && (error->failure == Failure::cert_expired || error->failure == Failure::cert_not_yet_valid);
  // A site whose own clock is off must not be taken for ours: then its certificates are good to us, or are not good at
  // the site's own time either.
  if (!clock->independent && (!dates || !good_at_right_time(picture.seen, *error, *clock))) return std::nullopt;
  Finding finding;
  finding.certainty = clock->independent ? Certainty::proven : Certainty::likely;
  finding.scope = Scope::only_you;
  finding.felt = dates;
  finding.hidden = !dates;
  finding.cause = dates ? "tls_certificate_error" : "";
  finding.nel = dates ? "tls.cert.date_invalid" : "ok";
  finding.cites = clock->cites;
  for (const auto& id : picture.visits.cites(1)) finding.cites.push_back(id);
  finding.summary = fmt::format("This machine's clock is {} {}{}.", span_of(std::abs(clock->ahead_seconds)),
                                clock->ahead_seconds > 0 ? "fast" : "slow",
                                dates ? ", which makes good certificates look out of date" : "");
  return finding;
}

}  // namespace

extern const Fault device_clock{
    .info = {.id = "device.clock",
             .hop = Hop::device,
             .side = Side::visitor,
             .title = "This machine's clock is wrong",
             .meaning = "This machine's clock is wrong, so good certificates look expired or not yet valid."},
    .layer = Layer::visitor,
    .explains = {},
    .match = match_device_clock,
};

}  // namespace fix502::faults
