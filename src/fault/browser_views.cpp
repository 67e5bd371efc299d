#include "fault/browser_views.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"

namespace fix502 {
namespace {

/// Failures that may come of the browser's own ways: which certificates it trusts, whom it asks for names, whether a
/// connection came about at all in that moment.
bool says_nothing(const BrowserVisit& visit) {
  const Failure failure = visit.failure;
  return !visit.trouble.empty() || is_certificate(failure) || is_connect(failure) ||
         failure == Failure::name_not_resolved || failure == Failure::proxy_unresolved ||
         failure == Failure::proxy_unreachable || failure == Failure::proxy_refused_tunnel ||
         failure == Failure::out_of_time || failure == Failure::other || (failure == Failure::none && !visit.status);
}

/// The probe with this browser's name, made beside it.
const Observation* under_its_name(const Picture& picture, const BrowserView& view) {
  return view.visit->user_agent.empty() ? nullptr : picture.of("browsers", "user-agent", view.visit->user_agent);
}

/// What makes the difference between one that gets the page and one that does not.
std::string dimension(const Picture& picture, const BrowserView& good, const BrowserView& bad) {
  const Observation* as_good = under_its_name(picture, good);
  const Observation* as_bad = under_its_name(picture, bad);
  if (as_good != nullptr && as_bad != nullptr && picture.works(*as_good->as<HttpExchange>()) &&
      !picture.works(*as_bad->as<HttpExchange>()))
    return "user-agent";
  const auto& a = good.visit->protocol;
  const auto& b = bad.visit->protocol;
  if (!a.empty() && !b.empty() && as_exchange(*good.visit).http_version != as_exchange(*bad.visit).http_version)
    return "http-version";
  return {};
}

Finding finding_about(const Picture& picture, const BrowserViews& views, const HttpExchange& error) {
  Finding finding;
  finding.scope = Scope::some_visitors;
  finding.felt = true;
  finding.cause = status_cause(error);
  finding.nel = nel_of(error);
  for (const auto& view : views.clean) finding.cites.push_back(view.seen->id);
  if (views.probe != nullptr) finding.cites.push_back(views.probe->id);
  for (const auto& id : picture.visits.cites(1)) finding.cites.push_back(id);
  return finding;
}

std::optional<Finding> among_themselves(const Picture& picture, const BrowserViews& views) {
  const auto good = std::ranges::find(views.clean, true, &BrowserView::works);
  const auto bad = std::ranges::find(views.clean, false, &BrowserView::works);
  if (good == views.clean.end() || bad == views.clean.end()) return std::nullopt;
  const HttpExchange error = as_exchange(*bad->visit);
  Finding finding = finding_about(picture, views, error);
  const std::string known = dimension(picture, *good, *bad);
  finding.certainty = known.empty() ? Certainty::likely : Certainty::strong;
  finding.subject = known.empty() ? "what " + product_of(*bad->visit) + " sends as a whole" : known;
  finding.summary = fmt::format("{} gets {}, but {} gets the page. What makes the difference: {}.",
                                product_of(*bad->visit), story(error), product_of(*good->visit), finding.subject);
  return finding;
}

std::optional<Finding> from_the_probe(const Picture& picture, const BrowserViews& views) {
  if (views.clean.empty() || views.probe == nullptr) return std::nullopt;
  const bool work = views.clean.front().works;
  if (work == views.probe_works) return std::nullopt;
  const HttpExchange error = work ? *views.probe->as<HttpExchange>() : as_exchange(*views.clean.front().visit);
  Finding finding = finding_about(picture, views, error);
  finding.certainty = views.clean.size() > 1 ? Certainty::strong : Certainty::likely;
  finding.subject = "what a real browser sends as a whole";
  finding.summary =
      work ? fmt::format("{} get{} the page, but fix502's own client gets {}. What makes the difference: {}.",
                         names_of(views.clean), views.clean.size() > 1 ? "" : "s", story(error), finding.subject)
           : fmt::format("{} get{} {}, but fix502's own client gets the page. What makes the difference: {}.",
                         names_of(views.clean), views.clean.size() > 1 ? "" : "s", story(error), finding.subject);
  return finding;
}

}  // namespace

std::string product_of(const BrowserVisit& visit) {
  std::string name = visit.browser.substr(0, visit.browser.find('-'));
  if (visit.browser.starts_with("google-chrome")) name = "Chrome";
  if (visit.browser.starts_with("microsoft-edge")) name = "Edge";
  if (!name.empty() && name.front() >= 'a' && name.front() <= 'z') name.front() = static_cast<char>(name.front() - 32);
  return name;
}

const BrowserVisit* unseen_browser(const Picture& picture) {
  const BrowserVisit* unseen = nullptr;
  for (const Observation* seen : browser_views(picture).silent) {
    const auto* visit = seen->as<BrowserVisit>();
    const bool came = visit->trouble.empty() && visit->failure != Failure::out_of_time;
    if (!came && (unseen == nullptr || visit->profile == ProfileUse::copy)) unseen = visit;
  }
  return unseen;
}

std::string names_of(const std::vector<BrowserView>& views) {
  std::string text;
  for (const auto& view : views) text += (text.empty() ? "" : " and ") + product_of(*view.visit);
  return text;
}

BrowserViews browser_views(const Picture& picture) {
  BrowserViews views;
  for (const auto& seen : picture.seen.observations) {
    if (seen.experiment != "browsers") continue;
    if (const auto* http = seen.as<HttpExchange>(); http != nullptr && seen.varied_in("user-agent").empty()) {
      views.probe = &seen;
      views.probe_works = picture.works(*http);
    }
    const auto* visit = seen.as<BrowserVisit>();
    if (visit == nullptr) continue;
    const BrowserView view{&seen, visit, picture.works(as_exchange(*visit))};
    const bool stored = visit->from_cache || visit->from_worker;
    if (says_nothing(*visit))
      views.silent.push_back(&seen);
    else if (visit->profile == ProfileUse::copy)
      views.copy.push_back(view);
    else if (!stored)
      views.clean.push_back(view);
  }
  return views;
}

std::optional<Finding> browsers_differ(const Picture& picture) {
  if (picture.visits.empty() || picture.visits.mixed()) return std::nullopt;
  const BrowserViews views = browser_views(picture);
  // What was seen some seconds ago has to hold still: a site that comes and goes is another matter. Where cookies are
  // sent along, the probe beside the browsers is another request than the visits.
  const bool changed =
      views.probe != nullptr && !picture.seen.settings.cookies_given && views.probe_works != picture.visits.all_work();
  if (changed) return std::nullopt;
  if (auto found = among_themselves(picture, views)) return found;
  return from_the_probe(picture, views);
}

std::optional<Finding> stored_error_shown(const Picture& picture) {
  const BrowserViews views = browser_views(picture);
  const bool network_good = picture.visits.all_work();
  for (const auto& view : views.copy) {
    const bool stored = view.visit->from_cache || view.visit->from_worker;
    if (view.works || !stored) continue;
    const auto same = std::ranges::find_if(
        views.clean, [&](const BrowserView& other) { return other.visit->browser == view.visit->browser; });
    const bool clean_good = same != views.clean.end() && same->works;
    if (!clean_good && !network_good) continue;
    const HttpExchange error = as_exchange(*view.visit);
    Finding finding;
    finding.certainty = clean_good ? Certainty::proven : Certainty::strong;
    finding.scope = Scope::only_you;
    finding.felt = true;
    finding.cause = status_cause(error);
    finding.nel = nel_of(error);
    finding.cites.push_back(view.seen->id);
    if (clean_good) finding.cites.push_back(same->seen->id);
    for (const auto& id : picture.visits.cites(2)) finding.cites.push_back(id);
    finding.subject = view.visit->from_worker ? "service worker" : "HTTP cache";
    finding.summary = fmt::format("Your {} shows a stored error ({}, from its {}), while the network gives the page.",
                                  product_of(*view.visit), story(error), finding.subject);
    return finding;
  }
  return std::nullopt;
}

bool browsers_would_tell(const Evidence& evidence) {
  const Picture picture(evidence);
  const Try* error = picture.visits.first_failing();
  if (error == nullptr || picture.visits.mixed() || error->endless) return false;
  const Verdict verdict = diagnose(evidence);
  // Nothing answered: a browser would wait as long, and see the same.
  const bool answered = error->http->failure == Failure::none || error->http->status.has_value();
  if (verdict.outcome == Outcome::inconclusive) return answered;
  if (!verdict.finding) return false;
  const Finding& finding = *verdict.finding;
  if (finding.fault == "browser.client-profile") return finding.certainty <= Certainty::likely;
  // A firewall that turns programs away may let browsers pass; who asks for rest gets it.
  return finding.fault == "gateway.blocked" && !has_status(error->http, {429, 451});
}

}  // namespace fix502
