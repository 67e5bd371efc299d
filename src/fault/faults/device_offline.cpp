#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

/// Something outside this machine answered, whatever it said.
bool heard_anything(const Picture& picture) {
  return std::ranges::any_of(picture.seen.observations, [](const Observation& seen) {
    if (const auto* http = seen.as<HttpExchange>())
      return http->reached > Phase::connect || http->failure == Failure::refused;
    if (const auto* dns = seen.as<DnsExchange>())
      return dns->failure == Failure::none && !dns->server.starts_with("127.");
    if (const auto* tcp = seen.as<TcpConnect>())
      return tcp->failure == Failure::none || tcp->failure == Failure::refused;
    return false;
  });
}

bool nothing_leaves(const Observation& seen) {
  const auto gone = [](Failure failure) {
    return failure == Failure::unreachable || failure == Failure::local_address;
  };
  if (const auto* http = seen.as<HttpExchange>()) return gone(http->failure);
  if (const auto* dns = seen.as<DnsExchange>()) return gone(dns->failure);
  if (const auto* tcp = seen.as<TcpConnect>()) return gone(tcp->failure);
  return false;
}

std::optional<Finding> match_device_offline(const Picture& picture) {
  if (picture.interfaces == nullptr || picture.healthy()) return std::nullopt;
  const auto& facts = *picture.interfaces->as<Interfaces>();
  if (facts.default_route_ipv4 || facts.default_route_ipv6 || heard_anything(picture)) return std::nullopt;
  const bool usable = std::ranges::any_of(facts.interfaces, [](const Interface& interface) {
    return !interface.loopback && interface.up && !interface.addresses.empty();
  });
  Finding finding;
  finding.cites = {picture.interfaces->id};
  for (const auto& seen : picture.seen.observations)
    if (nothing_leaves(seen) && finding.cites.size() < 6) finding.cites.push_back(seen.id);
  // The site itself was tried, and did not fail for want of a way: then it is not the way that is missing.
  const Try* error = picture.visits.first_failing();
  const bool other_reason = error != nullptr && !nothing_leaves(*error->seen);
  if (finding.cites.size() < 2 || other_reason) return std::nullopt;
  finding.certainty = Certainty::proven;
  finding.scope = Scope::only_you;
  finding.nel = "tcp.address_unreachable";
  finding.cause = "destination_ip_unroutable";
  finding.summary = usable ? "This machine has no route to the internet, so no site can be reached from it."
                           : "This machine has no network connection at all, so no site can be reached from it.";
  return finding;
}

}  // namespace

extern const Fault device_offline{
    .info = {.id = "device.offline",
             .hop = Hop::device,
             .side = Side::visitor,
             .title = "This machine is offline",
             .meaning = "This machine has no usable network interface, or no route to anywhere."},
    .layer = Layer::visitor,
    .explains = {""},
    .match = match_device_offline,
};

}  // namespace fix502::faults
