#include <fmt/format.h>

#include <algorithm>

#include "fault/impostor.hpp"
#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

bool is_forged(const ResolverView& view, const Names& names) {
  const NameAnswer truth = names.truth();
  if (view.answer == NameAnswer::nxdomain || view.answer == NameAnswer::no_data) return truth == NameAnswer::addresses;
  return view.answer == NameAnswer::addresses && truth == NameAnswer::addresses &&
         !share_any(view.addresses, names.true_addresses());
}

/// The true addresses were tried, and at least one works.
bool truth_works(const Picture& picture) {
  const auto truth = picture.names.true_addresses();
  return std::ranges::any_of(picture.addresses, [&](const AddressView& view) {
    return lists(truth, view.address) && view.tries.first_working() != nullptr;
  });
}

/// All that was asked in plain DNS tells the same lie, the zone's own servers included, as far as one can ask them
/// through such a network; an encrypted resolver says otherwise, and is right: its address works.
const ResolverView* truthful_over_tls(const Picture& picture) {
  const Names& names = picture.names;
  const auto lies = [&](const ResolverView& view, const ResolverView& truth) {
    return view.answer == NameAnswer::addresses && !share_any(view.addresses, truth.addresses);
  };
  for (const auto& view : names.comparison) {
    if (view.server.find("://") == std::string::npos || view.answer != NameAnswer::addresses) continue;
    const bool works = std::ranges::any_of(picture.addresses, [&](const AddressView& tried) {
      return lists(view.addresses, tried.address) && tried.tries.first_working() != nullptr;
    });
    const auto plain_lies = std::ranges::count_if(names.comparison, [&](const auto& other) {
      return other.server.find("://") == std::string::npos && lies(other, view);
    });
    const bool mine_lies =
        !names.system.empty() && std::ranges::all_of(names.system, [&](const auto& own) { return lies(own, view); });
    if (works && mine_lies &&
        (plain_lies > 0 || (names.zone.asked && !share_any(names.zone.addresses, view.addresses))))
      return &view;
  }
  return nullptr;
}

/// Other resolvers, asked from here, tell the same lie as ours: then it is told on the way.
std::optional<Finding> forged_names(const Picture& picture) {
  const Names& names = picture.names;
  const ResolverView* truthful = truthful_over_tls(picture);
  const auto forged_mine =
      std::ranges::count_if(names.system, [&](const auto& view) { return is_forged(view, names); });
  const auto forged_others =
      std::ranges::count_if(names.comparison, [&](const auto& view) { return is_forged(view, names); });
  if ((forged_mine == 0 || forged_others == 0) && truthful == nullptr) return std::nullopt;
  if (picture.healthy() && behind_impostor(picture) == nullptr) return std::nullopt;
  Finding finding;
  finding.felt = picture.healthy();
  // At the true addresses the site itself is seen, whatever is told of its name.
  finding.sees_behind = !picture.site.empty() &&
                        (picture.visits.empty() || picture.site.all.front().seen != picture.visits.all.front().seen);
  finding.subject = "names";
  finding.certainty = truthful != nullptr || truth_works(picture) ? Certainty::proven : Certainty::strong;
  finding.summary =
      "The answers to DNS questions are forged on this network: different resolvers tell the same lie, the zone's own "
      "servers say something else.";
  for (const auto* views : {&names.system, &names.comparison})
    for (const auto& view : *views)
      if (is_forged(view, names) || truthful != nullptr)
        for (const Observation* seen : view.seen)
          if (finding.cites.size() < 4) finding.cites.push_back(seen->id);
  for (const auto& id : names.truth_cites()) finding.cites.push_back(id);
  finding.nel = "dns.address_changed";
  return finding;
}

bool got_through_greeting(const HttpExchange& http) {
  return http.failure == Failure::none || http.status || is_certificate(http.failure) ||
         http.failure == Failure::tls_alert;
}

/// Cut off for this name, and only for it, at the same address.
std::optional<Finding> cut_by_name(const Picture& picture) {
  if (!picture.visits.none_works() || picture.proxy != nullptr) return std::nullopt;
  const auto& error = *picture.visits.first_failing()->http;
  const Observation* other = nullptr;
  if (error.failure == Failure::tls_closed || error.failure == Failure::tls_reset ||
      error.failure == Failure::tls_timeout) {
    for (const Observation* seen : picture.of("tls"))
      if (!seen->varied_in("sni").empty() && got_through_greeting(*seen->as<HttpExchange>())) other = seen;
  } else if (error.failure == Failure::reset) {
    for (const Observation* seen : picture.of("host_name"))
      if (const auto& http = *seen->as<HttpExchange>(); picture.works(http) && *http.status < 400) other = seen;
  }
  if (other == nullptr) return std::nullopt;
  Finding finding;
  finding.certainty = Certainty::strong;
  finding.summary = fmt::format(
      "The connection is cut as soon as the name {} is sent; the same address answers other names.", picture.page.host);
  finding.cites = picture.visits.cites(3);
  finding.cites.push_back(other->id);
  finding.cause = "connection_terminated";
  finding.nel = nel_of(error);
  return finding;
}

/// By a product's marks, or by words that a network uses; those only over plain HTTP, where it can put in its own.
bool is_block_page(const HttpExchange& http) {
  return looks_like_block_page(http) || (http.tls_version.empty() && speaks_as_network(http));
}

/// At a true address stands a page that is no block page.
bool site_stands_elsewhere(const Picture& picture) {
  const auto truth = picture.names.true_addresses();
  return std::ranges::any_of(picture.addresses, [&](const AddressView& view) {
    const Try* there = view.tries.first_working();
    return there != nullptr && lists(truth, view.address) && !is_block_page(*there->http);
  });
}

/// A page of a filter in the site's place, which is not there under another name or at the true address.
std::optional<Finding> block_page(const Picture& picture) {
  const Try* blocked = nullptr;
  for (const auto& one : picture.visits.all)
    if (blocked == nullptr && is_block_page(*one.http) && one.http->status != 451) blocked = &one;
  if (blocked == nullptr || picture.proxy != nullptr) return std::nullopt;
  const Observation* other = nullptr;
  for (const Observation* seen : picture.of("host_name")) {
    const auto& http = *seen->as<HttpExchange>();
    if (http.status && !is_block_page(http)) other = seen;
  }
  if (other == nullptr && !(site_stands_elsewhere(picture) && blocked->http->status != 403)) return std::nullopt;
  Finding finding;
  finding.certainty = Certainty::strong;
  finding.felt = true;
  finding.summary = "A block page of this network is shown in the site's place.";
  finding.cites = {blocked->seen->id};
  if (other != nullptr) finding.cites.push_back(other->id);
  finding.cause = "http_request_denied";
  finding.nel = nel_of(*blocked->http);
  return finding;
}

std::optional<Finding> match_network_filtering(const Picture& picture) {
  for (const auto rule : {forged_names, cut_by_name, block_page})
    if (auto finding = rule(picture)) {
      finding->scope = Scope::some_visitors;
      finding->side = Side::visitor;
      return finding;
    }
  return std::nullopt;
}

}  // namespace

extern const Fault network_filtering{
    .info = {.id = "network.filtering",
             .hop = Hop::network,
             .side = Side::visitor,
             .title = "This network blocks or rewrites the site",
             .meaning = "The network between you and the site blocks it, or answers in its place: forged DNS, a reset "
                        "on the name, a block page."},
    .layer = Layer::visitor,
    .explains = {"dns.", "gateway.", "origin.", "browser.client-profile", "device.hosts-file"},
    .match = match_network_filtering,
};

}  // namespace fix502::faults
