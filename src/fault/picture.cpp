#include "fault/picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "signature/works.hpp"

namespace fix502 {
namespace {

/// Exchanges of one visit share everything but the number of the redirect.
std::string visit_key(const Observation& seen) {
  std::string key = seen.experiment;
  for (const auto& [variable, value] : seen.varied)
    if (variable != "redirect") key += "\n" + variable + "=" + value;
  return key;
}

Try make_try(std::vector<const Observation*> chain, const Picture& picture) {
  Try one;
  one.chain = std::move(chain);
  one.seen = one.chain.back();
  one.http = one.seen->as<HttpExchange>();
  one.works = picture.works(*one.http);
  if (!one.http->redirects()) return one;
  // The visit ended on a redirect: a loop where its target was seen before, else one that could not be followed.
  const auto here = parse_target(one.http->url);
  const auto next = here ? resolve_reference(*here, one.http->location) : here;
  const bool again = next && std::ranges::any_of(one.chain, [&](const Observation* seen) {
                       return seen->as<HttpExchange>()->url == next->url;
                     });
  one.endless = again || one.chain.size() >= 20;
  one.works = false;
  return one;
}

Tries read_visits(const Picture& picture, std::initializer_list<std::string_view> experiments) {
  std::map<std::string, std::vector<const Observation*>> chains;
  std::vector<std::string> order;
  for (const auto& seen : picture.seen.observations) {
    if (seen.as<HttpExchange>() == nullptr || std::ranges::find(experiments, seen.experiment) == experiments.end())
      continue;
    const std::string key = visit_key(seen);
    if (!chains.contains(key)) order.push_back(key);
    chains[key].push_back(&seen);
  }
  Tries tries;
  for (const auto& key : order) {
    const bool first = chains[key].front()->experiment == "baseline";
    Try one = make_try(std::move(chains[key]), picture);
    // A repeat that was not followed to its end tells nothing.
    if (first || one.endless || !one.http->redirects()) tries.all.push_back(std::move(one));
  }
  return tries;
}

/// The page that was meant: where the first visit's redirects led.
Target read_page(const Picture& picture) {
  if (picture.visits.empty()) return picture.seen.target;
  const HttpExchange& last = *picture.visits.all.front().http;
  auto page = parse_target(last.url);
  if (!page) return picture.seen.target;
  if (last.redirects() && !picture.visits.all.front().endless)
    if (auto next = resolve_reference(*page, last.location)) return *next;
  return *page;
}

std::vector<AddressView> read_addresses(const Picture& picture) {
  std::vector<AddressView> views;
  const auto view_of = [&](const std::string& address) -> AddressView& {
    const auto found = std::ranges::find(views, address, &AddressView::address);
    if (found != views.end()) return *found;
    AddressView fresh;
    fresh.address = address;
    return views.emplace_back(std::move(fresh));
  };
  for (const Observation* seen : picture.of("address")) {
    AddressView& view = view_of(std::string(seen->varied_in("address")));
    view.source = seen->varied_in("source");
    view.tries.all.push_back(make_try({seen}, picture));
  }
  // Visits count too, where they went straight to the page.
  for (const auto& visit : picture.visits.all)
    if (visit.chain.size() == 1 && visit.http->proxy.empty() && !visit.http->address.empty()) {
      AddressView& view = view_of(visit.http->address);
      if (view.source.empty()) view.source = "system";
      view.tries.all.push_back(visit);
    }
  // A pinned try of a page that redirects shows the redirect only; that it came is what counts.
  for (auto& view : views)
    for (auto& one : view.tries.all)
      if (one.http->redirects() && !one.endless) one.works = true;
  return views;
}

std::string find_cdn(const Picture& picture) {
  for (const auto& seen : picture.seen.observations) {
    const auto* http = seen.as<HttpExchange>();
    if (http == nullptr || seen.experiment == "connectivity" || seen.experiment == "origin") continue;
    if (auto product = cdn_in_front(*http); !product.empty()) return product;
    if (const auto signature = identify(*http); signature.kind == ResponderKind::cdn) return signature.product;
    if (auto product = cdn_of_address(http->address); !product.empty()) return product;
  }
  for (const auto* views : {&picture.names.system, &picture.names.comparison})
    for (const auto& view : *views)
      for (const auto& name : view.chain)
        if (auto product = cdn_of_name(name); !product.empty()) return product;
  return {};
}

template <typename T>
const Observation* find_fact(const Evidence& seen) {
  for (const auto& observation : seen.observations)
    if (observation.as<T>() != nullptr) return &observation;
  return nullptr;
}

/// This machine's addresses for the host have nothing in common with what they should be.
bool misdirected(const Picture& picture) {
  const auto truth = picture.names.true_addresses();
  const auto mine = picture.names.system_addresses();
  return !truth.empty() && !share_any(mine, truth);
}

/// One resolver's word against another's, and the zone silent: ours leads to something that answers, theirs to nothing.
bool dead_elsewhere(const Picture& picture) {
  const Try* here = picture.visits.first_failing();
  if (picture.names.zone.answer == NameAnswer::addresses || here == nullptr || is_connect(here->http->failure))
    return false;
  const auto truth = picture.names.true_addresses();
  bool tried = false;
  for (const auto& view : picture.addresses)
    for (const auto& one : view.tries.all)
      if (lists(truth, view.address)) {
        if (!is_connect(one.http->failure)) return false;
        tried = true;
      }
  return tried;
}

void choose_site(Picture& picture) {
  picture.site_addresses = picture.addresses;
  if (picture.proxy != nullptr) {
    picture.site = picture.direct;
    return;
  }
  const bool astray = misdirected(picture) && !dead_elsewhere(picture);
  if (!astray && !picture.visits.empty()) {
    picture.site = picture.visits;
    return;
  }
  const auto truth = picture.names.true_addresses();
  Tries elsewhere;
  std::erase_if(picture.site_addresses, [&](const AddressView& view) { return !lists(truth, view.address); });
  for (const auto& view : picture.site_addresses)
    for (const auto& one : view.tries.all) elsewhere.all.push_back(one);
  // The same trouble at both: then the address is not what makes the difference.
  const Try* here = picture.visits.first_failing();
  const Try* there = elsewhere.first_failing();
  const bool no_difference =
      here != nullptr &&
      (elsewhere.empty() || (there != nullptr && elsewhere.none_works() && same_story(*here->http, *there->http)));
  picture.site = no_difference ? picture.visits : elsewhere;
  if (no_difference) picture.site_addresses = picture.addresses;
}

}  // namespace

bool Tries::all_work() const {
  return !all.empty() && std::ranges::all_of(all, &Try::works);
}
bool Tries::none_works() const {
  return !all.empty() && std::ranges::none_of(all, &Try::works);
}
bool Tries::mixed() const {
  return !all_work() && !none_works() && !all.empty();
}
std::size_t Tries::failed() const {
  return static_cast<std::size_t>(std::ranges::count(all, false, &Try::works));
}

const Try* Tries::first_failing() const {
  const auto found = std::ranges::find(all, false, &Try::works);
  return found == all.end() ? nullptr : &*found;
}

const Try* Tries::first_working() const {
  const auto found = std::ranges::find(all, true, &Try::works);
  return found == all.end() ? nullptr : &*found;
}

Cites Tries::cites(std::size_t most) const {
  Cites ids;
  for (const auto& one : all)
    if (ids.size() < most) ids.push_back(one.seen->id);
  return ids;
}

Picture::Picture(const Evidence& evidence) : seen(evidence) {
  visits = read_visits(*this, {"baseline", "refresh", "repeat"});
  direct = read_visits(*this, {"proxy"});
  page = read_page(*this);
  names = read_names(evidence, page.host);
  addresses = read_addresses(*this);
  interfaces = find_fact<Interfaces>(evidence);
  resolver_config = find_fact<ResolverConfig>(evidence);
  hosts_entry = find_fact<HostsEntry>(evidence);
  if (hosts_entry != nullptr && hosts_entry->as<HostsEntry>()->addresses.empty()) hosts_entry = nullptr;
  proxy = find_fact<ProxySettings>(evidence);
  if (proxy != nullptr && proxy->as<ProxySettings>()->proxy.empty()) proxy = nullptr;
  cdn = find_cdn(*this);
  for (auto& view : addresses) view.edge = !cdn.empty() || evidence.settings.origin.has_value();
  choose_site(*this);
}

std::vector<const Observation*> Picture::of(std::string_view experiment) const {
  std::vector<const Observation*> found;
  for (const auto& observation : seen.observations)
    if (observation.experiment == experiment && observation.as<HttpExchange>() != nullptr)
      found.push_back(&observation);
  return found;
}

const Observation* Picture::of(std::string_view experiment, const std::string& variable, std::string_view value) const {
  for (const Observation* observation : of(experiment))
    if (observation->varied_in(variable) == value) return observation;
  return nullptr;
}

bool Picture::ever_answered(const std::string& address) const {
  return std::ranges::any_of(seen.observations, [&](const Observation& observation) {
    const auto* http = observation.as<HttpExchange>();
    return http != nullptr && http->address == address && (http->status || !http->tls_version.empty());
  });
}

bool Picture::works(const HttpExchange& http) const {
  return fix502::works(http, seen.settings.expect_status);
}

bool same_story(const HttpExchange& a, const HttpExchange& b) {
  return a.failure == b.failure && a.status == b.status && identify(a).product == identify(b).product;
}

std::string story(const HttpExchange& http) {
  if (http.failure == Failure::none && http.status)
    return http.reason.empty() ? fmt::format("status {}", *http.status)
                               : fmt::format("{} {}", *http.status, http.reason);
  if (http.status) return fmt::format("status {}, then {}", *http.status, sentence(http.failure));
  return std::string(sentence(http.failure));
}

std::string cause_of(const HttpExchange& http) {
  if (http.failure != Failure::none) return std::string(cause(http.failure));
  return identify(http).cause;
}

std::string nel_of(const HttpExchange& http) {
  if (http.failure != Failure::none) return std::string(nel_type(http.failure));
  return http.status && *http.status >= 400 ? "http.error" : "ok";
}

}  // namespace fix502
