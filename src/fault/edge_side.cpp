#include "fault/edge_side.hpp"

#include <algorithm>

#include "fault/rule.hpp"

namespace fix502 {
namespace {

const Observation* observation_of(const Evidence& seen, const HttpExchange* http) {
  const auto found =
      std::ranges::find_if(seen.observations, [&](const Observation& one) { return one.as<HttpExchange>() == http; });
  return found == seen.observations.end() ? nullptr : &*found;
}

bool asked_alike(const Observation* a, const Observation* b) {
  return a->as<HttpExchange>()->url == b->as<HttpExchange>()->url;
}

bool has_alike(const std::vector<const Observation*>& asked, const Observation* edge) {
  return std::ranges::any_of(
      asked, [&](const Observation* seen) { return seen->varied_in("scheme").empty() && asked_alike(seen, edge); });
}

/// The exchange of a visit that ends nowhere which the origin was asked for as well: over TLS, where a plain mode
/// shows.
const Observation* in_the_circle(const Try& visit, const std::vector<const Observation*>& asked) {
  const Observation* any = nullptr;
  for (const Observation* seen : visit.chain) {
    if (!has_alike(asked, seen)) continue;
    if (seen->as<HttpExchange>()->url.starts_with("https://")) return seen;
    if (any == nullptr) any = seen;
  }
  return any != nullptr ? any : visit.chain.front();
}

/// Puts each question to the origin where the comparison looks for it. Those for another page are left out.
void place(const Observation* seen, EdgeSides& sides) {
  const std::string_view sni = seen->varied_in("sni");
  if (!seen->varied_in("scheme").empty()) {
    sides.plain = seen;
  } else if (!asked_alike(seen, sides.edge)) {
    return;
  } else if (!seen->varied_in("host").empty()) {
    sides.other_hosts.push_back(seen);
  } else if (!seen->varied_in("port").empty()) {
    sides.usual_port = seen;
  } else if (!sni.empty()) {
    (sni == "none" ? sides.no_name : sides.own_name) = seen;
  } else {
    sides.direct = seen;
  }
}

}  // namespace

std::optional<EdgeSides> edge_sides(const Picture& picture) {
  const auto& origin = picture.seen.settings.origin;
  const Tries& tries = picture.site.empty() ? picture.visits : picture.site;
  if (!origin || tries.empty()) return std::nullopt;
  const bool fails = tries.none_works();
  const Try& shown = fails ? *tries.first_failing() : *tries.first_working();
  EdgeSides sides;
  sides.origin = *origin;
  sides.expected = picture.seen.settings.expect_status;
  sides.cdn = picture.cdn;
  sides.edge_loops = shown.endless;
  sides.edge_failed = fails && std::ranges::none_of(picture.site_addresses, [](const AddressView& view) {
                        return view.tries.first_working() != nullptr;
                      });
  const auto asked = picture.of("origin");
  const HttpExchange* error = steady_error(picture);
  sides.edge = shown.endless ? in_the_circle(shown, asked) : shown.seen;
  if (error != nullptr && !shown.endless) sides.edge = observation_of(picture.seen, error);
  if (sides.edge == nullptr) return std::nullopt;
  // The origin may have been asked for the first page only, and the edge have led on to another.
  if (!has_alike(asked, sides.edge)) {
    sides.edge = shown.chain.front();
    sides.edge_failed = sides.edge_failed && shown.chain.size() == 1;
  }
  const auto page = parse_target(sides.edge->as<HttpExchange>()->url);
  if (!page) return std::nullopt;
  sides.page = *page;
  for (const Observation* seen : asked) place(seen, sides);
  if (sides.page.scheme != "https") sides.plain = nullptr;
  sides.round = picture.of("cache", "cache", "gone round");
  if (sides.direct == nullptr) return std::nullopt;
  return sides;
}

std::optional<EdgeComparison> compare_edge_and_origin(const Evidence& evidence) {
  const Picture picture(evidence);
  const auto sides = edge_sides(picture);
  return sides ? compare_sides(*sides) : std::nullopt;
}

}  // namespace fix502
