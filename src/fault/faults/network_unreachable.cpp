#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

bool is_silent(Failure failure) {
  return failure == Failure::connect_timeout || failure == Failure::unreachable || failure == Failure::local_denied;
}

std::optional<Finding> match_network_unreachable(const Picture& picture) {
  if (!picture.site.none_works()) return std::nullopt;
  const auto& error = *picture.site.first_failing()->http;
  if (!is_silent(error.failure)) return std::nullopt;
  const Observation* other_way = nullptr;
  for (const auto& seen : picture.seen.observations) {
    const auto* tcp = seen.as<TcpConnect>();
    if (tcp != nullptr && tcp->failure == Failure::none && !seen.varied_in("interface").empty()) other_way = &seen;
  }
  if (other_way == nullptr && error.failure != Failure::unreachable && error.failure != Failure::local_denied)
    return std::nullopt;
  Finding finding;
  finding.certainty = other_way != nullptr ? Certainty::proven : Certainty::strong;
  finding.side = Side::visitor;
  finding.scope = Scope::some_visitors;
  finding.cause = status_cause(error);
  finding.nel = nel_of(error);
  finding.cites = picture.site.cites(3);
  if (other_way != nullptr) finding.cites.push_back(other_way->id);
  finding.subject = error.address;
  finding.summary =
      other_way != nullptr
          ? fmt::format("The site's address does not answer by the usual way, but does through the interface {}.",
                        other_way->varied_in("interface"))
          : "There is no route from here to the site's address, while other places are reached.";
  return finding;
}

}  // namespace

extern const Fault network_unreachable{
    .info = {.id = "network.unreachable",
             .hop = Hop::network,
             .side = Side::visitor,
             .title = "The site's address cannot be reached from here",
             .meaning = "There is no way to the site's address from here, though other places have one."},
    .layer = Layer::visitor,
    .explains = {"gateway.down"},
    .match = match_network_unreachable,
};

}  // namespace fix502::faults
