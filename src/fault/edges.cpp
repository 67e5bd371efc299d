#include "fault/edges.hpp"

#include <algorithm>

namespace fix502 {

std::optional<Split> find_split(const Picture& picture) {
  Split split;
  for (const auto& view : picture.site_addresses) {
    // An address of a family that this machine has not got was never really tried.
    const Try* error = view.tries.first_failing();
    // Nor does an address that only others give belong to the same list.
    const auto mine = picture.names.system_addresses();
    const bool foreign = view.source == "other" && !mine.empty() && picture.names.truth() == Answer::none;
    if (foreign || view.tries.empty() || (error != nullptr && error->http->failure == Failure::unreachable)) continue;
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
