#include "fault/edges.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fix502 {
namespace {

/// An address that only others give does not belong to this machine's list, unless the zone gives it.
bool is_foreign(const Picture& picture, const AddressView& view) {
  return view.source == "other" && !picture.names.system_addresses().empty() &&
         !lists(picture.names.zone.addresses, view.address);
}

}  // namespace

std::optional<Split> find_split(const Picture& picture) {
  Split split;
  for (const auto& view : picture.site_addresses) {
    // An address of a family that this machine has not got was never really tried.
    const Try* error = view.tries.first_failing();
    if (is_foreign(picture, view) || view.tries.empty() ||
        (error != nullptr && error->http->failure == Failure::unreachable))
      continue;
    ++split.all;
    if (view.tries.all_work()) {
      if (split.good == nullptr) split.good = &view;
    } else if (view.tries.none_works()) {
      ++split.failing;
      // What answers wrongly is met by visitors; what does not connect is got round by racing (RFC 8305).
      const bool met = !is_connect(view.tries.first_failing()->http->failure);
      if (split.bad == nullptr || (met && !split.felt)) split.bad = &view;
      split.felt = split.felt || met;
    }
  }
  if (split.bad == nullptr || split.good == nullptr) return std::nullopt;
  return split;
}

std::optional<Finding> dead_beside(const Picture& picture) {
  const AddressView* dead = nullptr;
  const AddressView* alive = nullptr;
  for (const auto& view : picture.site_addresses) {
    const Try* error = view.tries.first_failing();
    if (is_foreign(picture, view) || view.tries.empty()) continue;
    if (error == nullptr || !is_connect(error->http->failure))
      alive = &view;
    else if (error->http->failure != Failure::unreachable && view.tries.none_works())
      dead = &view;
  }
  if (dead == nullptr || alive == nullptr || is_ipv6(dead->address) != is_ipv6(alive->address)) return std::nullopt;
  Split split;
  split.bad = dead;
  split.good = alive;
  Finding finding = about_split(split);
  finding.hidden = true;
  finding.summary = fmt::format("The site's address {} is dead ({}), while {} answers.", dead->address,
                                story(*dead->tries.first_failing()->http), alive->address);
  return finding;
}

Finding about_split(const Split& split) {
  const HttpExchange& error = *split.bad->tries.first_failing()->http;
  Finding finding;
  finding.certainty =
      split.bad->tries.all.size() + split.good->tries.all.size() > 3 ? Certainty::proven : Certainty::strong;
  finding.scope = Scope::some_visitors;
  finding.felt = split.felt;
  finding.cause = status_cause(error);
  finding.nel = nel_of(error);
  finding.subject = split.bad->address;
  finding.cites = split.bad->tries.cites(3);
  for (const auto& id : split.good->tries.cites(3)) finding.cites.push_back(id);
  return finding;
}

}  // namespace fix502
