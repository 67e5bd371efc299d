// All rules, then the verdict: what is nearest to the visitor first, what that makes up for dropped, the rest beside
// it.

#include <fmt/format.h>

#include <algorithm>

#include "fault/behind.hpp"
#include "fault/browser_views.hpp"
#include "fault/edges.hpp"
#include "fault/rule.hpp"

namespace fix502 {
namespace {

std::optional<Finding> apply(const Fault& fault, const Picture& picture) {
  if (fault.match == nullptr) return std::nullopt;
  auto finding = fault.match(picture);
  if (!finding) return std::nullopt;
  finding->fault = fault.info.id;
  if (finding->side == Side::unknown) finding->side = fault.info.side;
  std::vector<std::string> unique;
  for (auto& id : finding->cites)
    if (!id.empty() && std::ranges::find(unique, id) == unique.end()) unique.push_back(std::move(id));
  finding->cites = std::move(unique);
  return finding;
}

struct Match {
  const Fault* fault;
  Finding finding;
};

/// What the rules said: the findings that stand beside each other, and those that a nearer or narrower one overrules.
struct Matches {
  std::vector<Match> found;
  std::vector<std::string_view> overruled;
};

/// Beside an error that every living address gives, an address that is dead.
void add_dead_address(std::vector<Match>& found, const Picture& picture) {
  auto dead = dead_beside(picture);
  const std::string_view id = picture.cdn.empty() ? "gateway.partly-down" : "cdn.edge";
  if (!dead || std::ranges::any_of(found, [&](const Match& match) { return match.fault->info.id == id; })) return;
  const auto fault = std::ranges::find(fault_register(), id, [](const Fault* one) { return one->info.id; });
  dead->fault = id;
  dead->side = (*fault)->info.side;
  found.push_back({*fault, std::move(*dead)});
}

/// Every visitor-side fault that is there, and the first of the site's.
Matches find_all(const Picture& picture) {
  Matches matches;
  std::vector<Match>& found = matches.found;
  bool site_known = false;
  for (const Fault* fault : fault_register()) {
    auto finding = apply(*fault, picture);
    if (!finding) continue;
    if (fault->layer == Layer::site && site_known) {
      matches.overruled.push_back(fault->info.id);
      continue;
    }
    site_known = site_known || fault->layer == Layer::site;
    found.push_back({fault, std::move(*finding)});
    // What is behind an error that hides it: a stored answer, a broken certificate.
    if (auto hidden = behind(found.back().finding, picture))
      found.push_back({hidden->first, std::move(hidden->second)});
    if (fault->layer == Layer::site) add_dead_address(found, picture);
  }
  return matches;
}

bool explains(const Match& nearer, std::string_view id) {
  const bool of_site = !id.starts_with("dns.") && !id.starts_with("device.");
  if (nearer.finding.sees_behind && of_site) return false;
  return std::ranges::any_of(nearer.fault->explains, [&](std::string_view prefix) { return id.starts_with(prefix); });
}

void drop_explained(Matches& matches) {
  std::vector<Match> kept;
  for (auto& match : matches.found) {
    const bool made_up_for =
        std::ranges::any_of(kept, [&](const Match& nearer) { return explains(nearer, match.fault->info.id); });
    if (made_up_for)
      matches.overruled.push_back(match.fault->info.id);
    else
      kept.push_back(std::move(match));
  }
  matches.found = std::move(kept);
}

/// What else would explain the same observations: the overruled ones share the doubt that the verdict leaves.
std::vector<Alternative> alternatives(const Verdict& verdict, const std::vector<std::string_view>& overruled) {
  std::vector<Alternative> list;
  const auto stands_beside = [&](std::string_view id) {
    return id == verdict.finding->fault || std::ranges::find(verdict.also, id, &Finding::fault) != verdict.also.end();
  };
  for (const std::string_view id : overruled)
    if (list.size() < 3 && !stands_beside(id)) list.push_back({std::string(id), 0});
  for (auto& one : list) one.confidence = (1 - verdict.confidence) / static_cast<double>(list.size());
  return list;
}

/// Does this finding account for the visits that failed? Where all worked, only what visitors meet all the same does.
bool accounts(const Match& match, const Picture& picture) {
  return picture.healthy() ? match.finding.felt : !match.finding.hidden;
}

Verdict healthy(const Picture& picture, std::vector<Match> found) {
  Verdict verdict;
  verdict.outcome = Outcome::healthy;
  verdict.confidence = confidence(picture.visits.all.size() >= 4 ? Certainty::proven : Certainty::strong);
  verdict.evidence = picture.visits.cites(6);
  verdict.summary =
      fmt::format("The page works from here: {} of {} visits were answered well ({}).", picture.visits.all.size(),
                  picture.visits.all.size(), story(*picture.visits.all.back().http));
  if (const BrowserVisit* unseen = unseen_browser(picture)) {
    verdict.confidence = confidence(Certainty::likely);
    verdict.summary +=
        fmt::format(" What {} is not known: it did not come in time.",
                    unseen->profile == ProfileUse::copy ? fmt::format("{} shows with your profile", product_of(*unseen))
                                                        : fmt::format("{} gets", product_of(*unseen)));
  }
  for (auto& match : found) verdict.also.push_back(std::move(match.finding));
  return verdict;
}

std::string who_answered(const Picture& picture, const Finding& finding) {
  for (const auto& id : finding.cites) {
    const Observation* seen = picture.seen.find(id);
    const auto* http = seen == nullptr ? nullptr : seen->as<HttpExchange>();
    if (http == nullptr || picture.works(*http) || seen->experiment == "tls" || seen->experiment == "cache") continue;
    const Signature signature = identify(*http);
    if (signature.self_made || signature.product == "application") return signature.product;
  }
  return {};
}

Verdict faulty(const Picture& picture, Matches matches, std::size_t chosen) {
  std::vector<Match>& found = matches.found;
  Verdict verdict;
  verdict.outcome = Outcome::fault;
  Finding finding = std::move(found[chosen].finding);
  verdict.confidence = confidence(finding.certainty);
  verdict.summary = finding.summary;
  verdict.evidence = finding.cites;
  verdict.nel = finding.nel.empty() ? "unknown" : finding.nel;
  verdict.answered_by = who_answered(picture, finding);
  for (std::size_t i = 0; i < found.size(); ++i)
    if (i != chosen) verdict.also.push_back(std::move(found[i].finding));
  verdict.finding = std::move(finding);
  verdict.alternatives = alternatives(verdict, matches.overruled);
  return verdict;
}

/// Resolvers contradict each other, no zone decides, and the page works at an address that only others give: then the
/// error at ours may be the site's, or that of whoever gave us this address.
bool is_contested(const Picture& picture) {
  if (!picture.visits.none_works() || share_any(picture.names.system_addresses(), picture.names.zone.addresses))
    return false;
  return std::ranges::any_of(picture.addresses,
                             [](const AddressView& view) { return view.source == "other" && view.tries.all_work(); });
}

Verdict inconclusive(const Picture& picture, std::vector<Match> found) {
  Verdict verdict;
  verdict.outcome = Outcome::inconclusive;
  verdict.confidence = confidence(Certainty::guess);
  for (auto& match : found) verdict.also.push_back(std::move(match.finding));
  verdict.alternatives = possible_faults(picture);
  if (const Try* error = picture.visits.first_failing()) {
    verdict.nel = nel_of(*error->http);
    verdict.evidence = picture.visits.cites(4);
    verdict.summary = fmt::format("It fails from here ({}), but what was seen does not tell whose side it is on.",
                                  story(*error->http));
  } else if (picture.visits.empty() && picture.names.lookup != nullptr && !picture.names.resolves()) {
    verdict.nel = "dns.name_not_resolved";
    verdict.evidence = {picture.names.lookup->id};
    verdict.summary =
        fmt::format("The name {} is not resolved here, and there is nothing to compare that with.", picture.names.host);
  } else {
    verdict.nel = "unknown";
    verdict.summary = picture.seen.interrupted ? "Stopped before enough was seen to say anything."
                                               : "Too little could be tried to say anything.";
  }
  return verdict;
}

}  // namespace

double confidence(Certainty certainty) {
  // Measured by the lab: see lab/README.md, calibration.
  switch (certainty) {
    case Certainty::guess:
      return 0.3;
    case Certainty::likely:
      return 0.75;
    case Certainty::strong:
      return 0.93;
    default:
      return 0.98;
  }
}

std::string_view to_word(Side side) {
  switch (side) {
    case Side::visitor:
      return "visitor";
    case Side::owner:
      return "owner";
    case Side::third_party:
      return "third-party";
    default:
      return "";
  }
}

std::string_view to_word(Outcome outcome) {
  switch (outcome) {
    case Outcome::healthy:
      return "healthy";
    case Outcome::fault:
      return "fault";
    default:
      return "inconclusive";
  }
}

std::string_view to_word(Scope scope) {
  switch (scope) {
    case Scope::only_you:
      return "only-you";
    case Scope::some_visitors:
      return "some-visitors";
    case Scope::everyone:
      return "everyone";
    default:
      return "unknown";
  }
}

Verdict diagnose(const Evidence& evidence) {
  const Picture picture(evidence);
  Matches matches = find_all(picture);
  drop_explained(matches);
  std::vector<Match>& found = matches.found;
  const auto chosen = std::ranges::find_if(found, [&](const Match& match) { return accounts(match, picture); });
  if (picture.healthy() && chosen == found.end()) return healthy(picture, std::move(found));
  if (chosen != found.end() && chosen->fault->layer == Layer::site && is_contested(picture))
    return inconclusive(picture, std::move(found));
  // A side is claimed only if it was shown.
  if (chosen == found.end() || chosen->finding.side == Side::unknown) return inconclusive(picture, std::move(found));
  const auto index = static_cast<std::size_t>(chosen - found.begin());
  return faulty(picture, std::move(matches), index);
}

}  // namespace fix502
