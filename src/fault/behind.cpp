#include "fault/behind.hpp"

#include <algorithm>

namespace fix502 {
namespace {

const Observation* hidden_exchange(const Finding& finding, const Picture& picture) {
  if (finding.fault == "cdn.cached-error") return picture.of("cache", "cache", "gone round");
  if (finding.fault == "gateway.tls" || finding.fault == "device.clock")
    return picture.of("tls", "certificate", "not checked");
  return nullptr;
}

/// What else one exchange alone can show: no pattern, just what it says.
bool speaks_for_itself(const Fault& fault) {
  const std::string_view id = fault.info.id;
  if (id == "gateway.blocked") return true;
  return id.starts_with("origin.") ? id != "origin.partly-down" && id != "origin.route" : id.starts_with("cdn.origin-");
}

}  // namespace

std::optional<std::pair<const Fault*, Finding>> behind(const Finding& finding, const Picture& picture) {
  const Observation* seen = hidden_exchange(finding, picture);
  if (seen == nullptr || picture.works(*seen->as<HttpExchange>())) return std::nullopt;
  Picture hidden = picture;
  Try only;
  only.seen = seen;
  only.http = seen->as<HttpExchange>();
  only.chain = {seen};
  hidden.site.all = {only};
  for (const Fault* fault : fault_register()) {
    if (fault->layer != Layer::site || fault->info.id == finding.fault || !speaks_for_itself(*fault)) continue;
    if (auto more = fault->match(hidden)) {
      more->fault = fault->info.id;
      more->side = fault->info.side;
      return std::pair{fault, std::move(*more)};
    }
  }
  return std::nullopt;
}

std::vector<Alternative> possible_faults(const Picture& picture) {
  const auto even = [](std::initializer_list<const char*> ids) {
    std::vector<Alternative> list;
    for (const char* id : ids) list.push_back({id, 1.0 / static_cast<double>(ids.size() + 1)});
    return list;
  };
  if (const Try* error = picture.visits.first_failing()) {
    if (error->http->failure == Failure::connect_timeout || error->http->failure == Failure::unreachable)
      return even({"gateway.down", "network.unreachable"});
    if (std::ranges::any_of(picture.addresses,
                            [](const AddressView& view) { return view.source == "other" && view.tries.all_work(); }))
      return even({"dns.wrong-answer", "network.filtering", "gateway.partly-down"});
    if (!error->http->proxy.empty()) return even({"device.proxy", "origin.bad-gateway"});
    return {};
  }
  if (picture.names.lookup == nullptr || picture.names.resolves()) return {};
  for (const auto& view : picture.names.system) {
    if (view.answer == NameAnswer::nxdomain) return even({"dns.nxdomain", "dns.wrong-answer"});
    if (view.answer == NameAnswer::no_data) return even({"dns.no-address", "dns.wrong-answer"});
  }
  return even({"dns.resolver-down", "dns.zone-broken"});
}

}  // namespace fix502
