// The way of a request, hop by hop: what each showed of itself.

#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"

namespace fix502 {
namespace {

PathHop device(const Picture& picture) {
  if (picture.proxy != nullptr)
    return {Hop::device, HopState::ok, "proxy " + picture.proxy->as<ProxySettings>()->proxy};
  return {Hop::device, HopState::ok, picture.hosts_entry != nullptr ? "hosts file names the site" : ""};
}

PathHop network(const Picture& picture) {
  const bool reached = std::ranges::any_of(picture.seen.observations, [](const Observation& seen) {
    const auto* http = seen.as<HttpExchange>();
    return http != nullptr && http->reached > Phase::connect;
  });
  return {Hop::network, reached ? HopState::ok : HopState::unknown, ""};
}

PathHop dns(const Picture& picture) {
  if (picture.page.host_is_address) return {Hop::dns, HopState::absent, "an address was given"};
  const auto mine = picture.names.system_addresses();
  if (mine.empty()) return {Hop::dns, HopState::unknown, "no address found"};
  return {Hop::dns, HopState::ok,
          mine.size() == 1 ? mine.front() : fmt::format("{} and {} more", mine.front(), mine.size() - 1)};
}

PathHop cdn(const Picture& picture) {
  if (!picture.cdn.empty()) return {Hop::cdn, HopState::ok, picture.cdn};
  return {Hop::cdn, picture.visits.empty() ? HopState::unknown : HopState::absent, ""};
}

PathHop gateway(const Picture& picture) {
  if (picture.site.empty()) return {Hop::gateway, HopState::unknown, ""};
  const Try* shown = picture.site_error() != nullptr ? picture.site_error() : &picture.site.all.front();
  const auto signature = identify(*shown->http);
  const std::string who = signature.kind == ResponderKind::gateway ? signature.product : "";
  return {Hop::gateway, shown->http->status ? HopState::ok : HopState::unknown, who};
}

PathHop origin(const Picture& picture) {
  if (picture.site.first_working() != nullptr)
    return {Hop::origin, HopState::ok, story(*picture.site.first_working()->http)};
  return {Hop::origin, HopState::unknown, ""};
}

void mark(std::vector<PathHop>& path, const Finding& finding, bool verdict) {
  const FaultInfo* info = find_fault(finding.fault);
  if (info == nullptr) return;
  for (auto& hop : path) {
    if (hop.hop != info->hop) continue;
    hop.state = HopState::broken;
    hop.detail = info->title;
  }
  if (!verdict) return;
  // Nothing is known of what lies behind the break, unless it was seen to work round it.
  for (auto& hop : path) {
    if (hop.hop > info->hop && hop.state == HopState::unknown)
      hop.detail = hop.detail.empty() ? "not seen" : hop.detail;
    // A hop before the break passed the request on.
    if (hop.hop < info->hop && hop.state == HopState::unknown) hop.state = HopState::ok;
  }
}

}  // namespace

std::vector<PathHop> judge_path(const Evidence& evidence, const Verdict& verdict) {
  const Picture picture(evidence);
  std::vector<PathHop> path{{Hop::browser, HopState::ok, ""},
                            device(picture),
                            network(picture),
                            dns(picture),
                            cdn(picture),
                            gateway(picture),
                            origin(picture)};
  for (const auto& finding : verdict.also)
    if (finding.felt || verdict.outcome != Outcome::healthy) mark(path, finding, false);
  if (verdict.finding) mark(path, *verdict.finding, true);
  return path;
}

}  // namespace fix502
