// The eight pieces of advice, each answered for this case from the experiments that carried it out.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "fault/browser_views.hpp"
#include "fault/caches.hpp"
#include "fault/rule.hpp"
#include "fault/step.hpp"
#include "fault/stored.hpp"

namespace fix502 {
namespace {

Step refresh(const Context& in) {
  const Tries& visits = in.picture.visits;
  if (visits.empty()) return skipped("refresh", "the page could not be asked for");
  const auto all = visits.all.size();
  const auto stored = find_stored_error(in.picture);
  if (in.fault == "browser.cached-error" && stored && stored->end != nullptr)
    return made("refresh", Outlook::no_effect, "a reload asks only where the stored redirect leads",
                in.verdict.evidence);
  if (in.fault == "browser.cached-error" && visits.first_working() != nullptr)
    return made("refresh", Outlook::may_help, "a reload in the browser asks the network, and stores what it gives",
                in.verdict.evidence);
  if (visits.all_work())
    return made("refresh", Outlook::no_effect, fmt::format("not needed: {} of {} visits worked", all, all),
                visits.cites());
  if (visits.mixed())
    return made("refresh", Outlook::may_help,
                fmt::format("{} of {} reloads worked: reload until it does", all - visits.failed(), all),
                visits.cites());
  return made("refresh", Outlook::no_effect,
              all == 1 ? "failed once; a reload would hardly differ"
                       : fmt::format("{} of {} reloads failed the same way", all, all),
              visits.cites());
}

Step other_device_or_network(const Context& in) {
  constexpr std::string_view kId = "other-device-or-network";
  const Cites evidence = in.verdict.evidence;
  if (in.verdict.outcome == Outcome::healthy)
    return made(kId, Outlook::no_effect, "not needed: it works from here", evidence);
  if (in.verdict.outcome == Outcome::inconclusive)
    return made(kId, Outlook::may_help, "would tell this network's fault from the site's", evidence);
  if (in.fault.starts_with("device."))
    return made(kId, Outlook::fixes, "another device has not got this fault", evidence);
  if (in.fault.starts_with("network.") && in.verdict.finding->side == Side::visitor)
    return made(kId, Outlook::fixes, "another network has not got this fault", evidence);
  if (any_of(in.fault, {"dns.resolver-down", "dns.wrong-answer", "dns.stale-record"}))
    return made(kId, Outlook::may_help, "a network with another resolver would work", evidence);
  if (any_of(in.fault, {"cdn.edge", "network.ipv6", "gateway.partly-down", "gateway.blocked"}))
    return made(kId, Outlook::may_help, "another network may be led to a part that works", evidence);
  if (any_of(in.fault, {"browser.cookie"}))
    return made(kId, Outlook::fixes, "another device has not got these cookies", evidence);
  if (any_of(in.fault, {"browser.cached-error"}))
    return made(kId, Outlook::fixes, "another device has not got what this one stored", evidence);
  return made(kId, Outlook::no_effect, "the site's fault is the same everywhere", evidence);
}

/// A failure of a browser that says nothing by itself (refused, not resolved) says something beside the same failure
/// of the probes.
std::optional<Step> same_failure(const Context& in, const BrowserViews& views) {
  const Try* error = in.picture.visits.first_failing();
  std::vector<BrowserView> same;
  Cites evidence;
  for (const Observation* seen : views.silent) {
    const auto* visit = seen->as<BrowserVisit>();
    if (error == nullptr || !visit->trouble.empty() || visit->failure != error->http->failure) continue;
    same.push_back({seen, visit, false});
    evidence.push_back(seen->id);
  }
  if (same.empty()) return std::nullopt;
  return made("other-browser", Outlook::no_effect,
              fmt::format("the same in {}: {}", names_of(same), sentence(error->http->failure)), std::move(evidence));
}

/// What real browsers got, where any was run.
std::optional<Step> real_browsers(const Context& in) {
  constexpr std::string_view kId = "other-browser";
  const BrowserViews views = browser_views(in.picture);
  if (views.clean.empty()) return same_failure(in, views);
  Cites evidence;
  for (const auto& view : views.clean) evidence.push_back(view.seen->id);
  const auto good = std::ranges::count(views.clean, true, &BrowserView::works);
  const std::string who = names_of(views.clean);
  if (std::cmp_equal(good, views.clean.size()) && in.verdict.outcome == Outcome::healthy)
    return made(kId, Outlook::no_effect, fmt::format("not needed: {} got the page here", who), evidence);
  if (std::cmp_equal(good, views.clean.size()))
    return made(kId, Outlook::may_help, fmt::format("{} got the page here, with a new profile", who), evidence);
  if (good == 0)
    return made(kId, Outlook::no_effect,
                fmt::format("{} got {} as well", who, story(as_exchange(*views.clean.front().visit))), evidence);
  std::vector<BrowserView> working;
  std::ranges::copy_if(views.clean, std::back_inserter(working), &BrowserView::works);
  return made(kId, Outlook::fixes, fmt::format("{} gets the page", names_of(working)), evidence);
}

Step other_browser(const Context& in) {
  constexpr std::string_view kId = "other-browser";
  const auto clients = in.picture.of("client");
  const auto real = real_browsers(in);
  if (any_of(in.fault, {"browser.cookie", "browser.cached-error"}) && real)
    return made(kId, Outlook::fixes, "another one has not got what this one stored", real->evidence);
  if (real) return *real;
  if (clients.empty()) return skipped(kId, "no other client could be tried");
  if (in.fault == "browser.client-profile")
    return made(kId, Outlook::fixes, "another client gets the page: " + in.verdict.finding->subject, ids_of(clients));
  if (any_of(in.fault, {"browser.cookie", "browser.cached-error"}))
    return made(kId, Outlook::fixes, "another one has not got what this one stored", in.verdict.evidence);
  const auto good = std::ranges::count_if(
      clients, [&](const Observation* seen) { return in.picture.works(*seen->as<HttpExchange>()); });
  if (in.verdict.outcome == Outcome::healthy)
    return made(kId, Outlook::no_effect,
                good > 0 ? "not needed: other clients get the page too" : "not needed: a browser gets the page",
                ids_of(clients));
  return made(kId, good > 0 ? Outlook::may_help : Outlook::no_effect,
              good > 0 ? "another kind of client got the page" : "other kinds of client fail the same way",
              ids_of(clients));
}

/// The resolver that the verdict is about runs on this machine.
bool is_own_resolver(const Context& in) {
  const auto server = parse_endpoint(in.verdict.finding->subject);
  if (!server) return false;
  if (server->host.starts_with("127.") || server->host == "::1") return true;
  if (in.picture.interfaces == nullptr) return false;
  return std::ranges::any_of(in.picture.interfaces->as<Interfaces>()->interfaces, [&](const Interface& interface) {
    return std::ranges::find(interface.addresses, server->host) != interface.addresses.end();
  });
}

Step dns_cache(const Context& in) {
  constexpr std::string_view kId = "dns-cache";
  const Names& names = in.picture.names;
  Cites evidence;
  for (const auto& view : names.system)
    for (const Observation* seen : view.seen)
      if (evidence.size() < 3) evidence.push_back(seen->id);
  if (in.picture.page.host_is_address) return made(kId, Outlook::no_effect, "the address has no name to look up");
  if (any_of(in.fault, {"dns.stale-record", "dns.wrong-answer"}) && !names.caches.empty()) {
    const CacheWord word = where_it_is_stored(names);
    return made(kId, word.outlook, word.finding, word.cites);
  }
  if (in.fault == "dns.stale-record" && is_own_resolver(in))
    return made(kId, Outlook::fixes, "it is in this machine's own resolver: flush it", in.verdict.evidence);
  if (in.fault == "dns.stale-record")
    return made(kId, Outlook::may_help, "the resolver keeps it: flush it if it is yours", in.verdict.evidence);
  if (in.fault == "dns.wrong-answer")
    return made(kId, Outlook::may_help, "only if a cache of this machine has the answer", in.verdict.evidence);
  const NameAnswer truth = names.truth();
  if (truth == NameAnswer::none)
    return made(kId, Outlook::unknown, "nothing to compare this machine's answer with", evidence);
  const auto mine = names.system_addresses();
  const auto theirs = names.true_addresses();
  const bool same = std::ranges::any_of(
      mine, [&](const auto& address) { return std::ranges::find(theirs, address) != theirs.end(); });
  if (same) return made(kId, Outlook::no_effect, "the address in use is the zone's present one", evidence);
  if (truth != NameAnswer::addresses)
    return made(kId, Outlook::no_effect, "nobody has an address for this name", evidence);
  return made(kId, Outlook::no_effect,
              names.resolves() ? "other addresses make no difference" : "no answer is here that could be flushed",
              evidence);
}

std::optional<long> waiting_time(const Context& in) {
  for (const auto& one : in.picture.visits.all)
    if (const auto wait = one.works ? std::nullopt : retry_after(*one.http)) return wait;
  return std::nullopt;
}

Step wait(const Context& in) {
  constexpr std::string_view kId = "wait";
  if (in.verdict.outcome == Outcome::healthy) return made(kId, Outlook::no_effect, "not needed: it works now");
  if (in.verdict.outcome == Outcome::inconclusive) return made(kId, Outlook::unknown, "what to wait for is not known");
  if (const auto seconds = waiting_time(in))
    return made(kId, Outlook::may_help, fmt::format("the site asks to come back in {}", span_of(*seconds)),
                in.verdict.evidence);
  if (in.fault == "dns.stale-record")
    for (const auto& view : in.picture.names.system)
      if (view.server == in.verdict.finding->subject)
        return made(
            kId, view.later_ttl.value_or(view.ttl) <= 600 ? Outlook::fixes : Outlook::may_help,
            fmt::format("the old record runs out in {}", span_of(static_cast<long>(view.later_ttl.value_or(view.ttl)))),
            in.verdict.evidence);
  const auto stored = in.fault == "browser.cached-error" ? find_stored_error(in.picture) : std::nullopt;
  if (stored && stored->answer->fresh_seconds)
    return made(kId, *stored->answer->fresh_seconds <= 600 ? Outlook::fixes : Outlook::may_help,
                fmt::format("the browser asks again in {}", span_of(*stored->answer->fresh_seconds)),
                in.verdict.evidence);
  if (in.fault == "cdn.cached-error")
    return made(kId, Outlook::may_help, "helps once the stored error has run out", in.verdict.evidence);
  if (in.verdict.finding->side == Side::visitor)
    return made(kId, Outlook::no_effect, "the fault is on your side and will not pass");
  return made(kId, Outlook::may_help, "helps once the owner has mended it");
}

Step cdn(const Context& in) {
  constexpr std::string_view kId = "cdn";
  const std::string& product = in.picture.cdn;
  const auto round = ids_of(in.picture.of("cache"));
  if (in.fault.starts_with("cdn.")) {
    const auto outlook = in.fault == "cdn.edge" ? Outlook::may_help : Outlook::fixes;
    return made(kId, outlook, in.verdict.finding->summary, in.verdict.evidence);
  }
  if (product.empty() && !in.picture.seen.settings.origin)
    return made(
        kId, Outlook::no_effect,
        in.picture.visits.empty() ? "no answer came that could show one" : "no CDN is seen in front of the site",
        round);
  if (in.verdict.outcome == Outcome::healthy)
    return made(kId, Outlook::no_effect,
                fmt::format("{} is in front and works", product.empty() ? "the edge" : product));
  return made(kId, Outlook::no_effect,
              fmt::format("{} is in front, and is not what fails", product.empty() ? "an edge" : product), round);
}

Step custom_dns(const Context& in) {
  constexpr std::string_view kId = "custom-dns";
  Cites evidence;
  for (const auto& view : in.picture.names.comparison)
    for (const Observation* seen : view.seen)
      if (evidence.size() < 4) evidence.push_back(seen->id);
  if (in.picture.page.host_is_address) return made(kId, Outlook::no_effect, "the address has no name to look up");
  if (in.fault == "device.resolver-config" && in.verdict.finding->subject == "nsswitch")
    return made(kId, Outlook::no_effect, "this machine asks no resolver at all (nsswitch.conf)", in.verdict.evidence);
  if (any_of(in.fault, {"dns.resolver-down", "dns.wrong-answer", "dns.stale-record", "device.resolver-config"}))
    return made(kId, Outlook::fixes, "another resolver gives the right address",
                evidence.empty() ? in.verdict.evidence : evidence);
  if (in.fault == "network.filtering" && in.verdict.finding->subject != "names")
    return made(kId, Outlook::no_effect, "the site is blocked by its name, not by DNS", evidence);
  if (in.fault == "network.filtering")
    return made(kId, Outlook::may_help, "only a secure one: plain DNS may be forged here", evidence);
  if (evidence.empty()) return skipped(kId, "no other resolver was asked or answered");
  const bool differs = in.picture.names.truth() == NameAnswer::addresses && !in.picture.names.resolves();
  if (in.verdict.outcome == Outcome::inconclusive && differs)
    return made(kId, Outlook::may_help, "another resolver has an address", evidence);
  return made(kId, Outlook::no_effect, "other resolvers lead to the same site", evidence);
}

}  // namespace

std::vector<Step> judge_steps(const Evidence& evidence, const Verdict& verdict) {
  const Picture picture(evidence);
  const Context context{picture, verdict,
                        verdict.finding ? std::string_view(verdict.finding->fault) : std::string_view{}};
  std::vector<Step> steps;
  for (const auto judge :
       {refresh, other_device_or_network, browser_cache_step, other_browser, dns_cache, wait, cdn, custom_dns})
    steps.push_back(judge(context));
  return steps;
}

}  // namespace fix502
