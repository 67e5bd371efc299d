#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

std::optional<Finding> match_network_mtu(const Picture& picture) {
  if (!picture.visits.none_works()) return std::nullopt;
  const auto& error = *picture.visits.first_failing()->http;
  if (error.failure != Failure::response_timeout && error.failure != Failure::stalled &&
      error.failure != Failure::tls_timeout && error.failure != Failure::out_of_time)
    return std::nullopt;
  for (const Observation* seen : picture.of("silence")) {
    if (seen->varied_in("segment").empty() || !seen->as<HttpExchange>()->status ||
        seen->as<HttpExchange>()->failure != Failure::none)
      continue;
    Finding finding;
    finding.certainty = Certainty::strong;
    finding.scope = Scope::some_visitors;
    finding.cause = "connection_read_timeout";
    finding.nel = nel_of(error);
    finding.cites = picture.visits.cites(3);
    finding.cites.push_back(seen->id);
    finding.subject = std::string(seen->varied_in("segment"));
    finding.summary = fmt::format(
        "Packets of full size are lost on the way: with segments of at most {} bytes the page comes at once.",
        seen->varied_in("segment"));
    return finding;
  }
  return std::nullopt;
}

}  // namespace

extern const Fault network_mtu{
    .info = {.id = "network.mtu",
             .hop = Hop::network,
             .side = Side::visitor,
             .title = "Large packets do not get through",
             .meaning = "Small exchanges work and large ones hang: packets of full size are lost on the way."},
    .layer = Layer::visitor,
    .explains = {"gateway.", "origin.timeout", "origin.truncated", "origin.route", "network.unreachable"},
    .match = match_network_mtu,
};

}  // namespace fix502::faults
