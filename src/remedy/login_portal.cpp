#include "remedy/login_portal.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fault/fault.hpp"

namespace fix502 {

std::string portal_page(const Evidence& evidence) {
  const auto verdict = diagnose(evidence);
  const auto is_portal = [](const Finding& finding) { return finding.fault == "network.captive-portal"; };
  const Finding* finding = verdict.finding && is_portal(*verdict.finding) ? &*verdict.finding : nullptr;
  if (const auto also = std::ranges::find_if(verdict.also, is_portal); !finding && also != verdict.also.end())
    finding = &*also;
  if (!finding) return {};
  std::string page;
  for (const auto& id : finding->cites) {
    const auto* observation = evidence.find(id);
    const auto* seen = observation ? observation->as<HttpExchange>() : nullptr;
    if (!seen || observation->experiment != "connectivity") continue;
    if (!seen->location.empty()) return seen->location;
    // A portal that answers in every site's place shows its page at any address without TLS.
    if (page.empty()) page = seen->url;
  }
  return page;
}

Work login_portal(const std::string& page) {
  Work work;
  const auto target = parse_target(page);
  if (!target) {
    work.nothing = "no login page of this network is in the way";
    return work;
  }
  RunCommand run;
  run.words = {"xdg-open", target->url};
  work.steps.push_back({fmt::format("open the login page {}", target->url), Risk::none, std::move(run)});
  return work;
}

}  // namespace fix502
