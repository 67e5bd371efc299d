// All rules run; what is the symptom of another finding is dropped; what is left stands in order of damage.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "cause/rule.hpp"

namespace fix502 {
namespace {

constexpr std::string_view kConfigInvalid = "gateway.config-invalid";

const CauseRule* rule_of(std::string_view fault) {
  const auto& all = cause_register();
  const auto found = std::ranges::find(all, fault, &CauseRule::fault);
  return found == all.end() ? nullptr : *found;
}

std::ptrdiff_t rank_of(std::string_view fault) {
  return std::ranges::find(cause_register(), fault, &CauseRule::fault) - cause_register().begin();
}

bool explained(const CauseFinding& symptom, const std::vector<CauseFinding>& all) {
  return std::ranges::any_of(all, [&](const CauseFinding& other) {
    if (&other == &symptom || other.state != CauseState::present) return false;
    if (!other.upstream.empty() && !symptom.upstream.empty() && other.upstream != symptom.upstream) return false;
    const CauseRule* rule = rule_of(other.fault);
    return rule != nullptr && std::ranges::find(rule->explains, symptom.fault) != rule->explains.end();
  });
}

/// A dead server that the gateway makes up for: every visit works, and another server, or another address of the same
/// name, answers. It is broken, and nobody meets it.
bool made_up_for(const CauseFinding& finding, const Scene& scene) {
  if (!scene.answers_well() || finding.upstream.empty()) return false;
  const CauseRule* rule = rule_of(finding.fault);
  if (rule == nullptr || !rule->of_one_server) return false;
  return std::ranges::any_of(scene.seen.replays,
                             [&](const Replay& replay) { return replay.is_own() && answered_well(replay); });
}

/// It is about a server that is asked only where the others fail.
bool of_backup(const CauseFinding& finding, const Scene& scene) {
  return std::ranges::any_of(scene.ways,
                             [&](const Way& way) { return way.server->backup && way.endpoint == finding.upstream; });
}

bool more_damage(const CauseFinding& a, const CauseFinding& b, const Scene& scene) {
  if (a.state != b.state) return a.state == CauseState::present;
  if (a.now != b.now) return a.now;
  if (of_backup(a, scene) != of_backup(b, scene)) return of_backup(b, scene);
  if (a.certainty != b.certainty) return a.certainty > b.certainty;
  if (a.failed != b.failed) return a.failed > b.failed;
  return rank_of(a.fault) < rank_of(b.fault);
}

Finding as_finding(const CauseFinding& cause) {
  Finding finding;
  finding.fault = cause.fault;
  finding.certainty = cause.certainty;
  finding.side = Side::owner;
  finding.scope = cause.now ? Scope::everyone : Scope::some_visitors;
  finding.cause = cause.cause;
  finding.nel = "http.error";
  finding.summary = cause.summary;
  finding.subject = cause.upstream;
  return finding;
}

std::string why_unknown(const std::vector<const GatewayEvidence*>& ways) {
  for (const auto* way : ways) {
    if (way->route.kind == RouteKind::answered)
      return fmt::format("The gateway answers this address by itself ({}) and sends it to no application.",
                         way->route.answer);
    if (way->route.kind == RouteKind::no_route)
      return "No gateway was found here whose configuration takes this address.";
  }
  for (const auto* way : ways) {
    const Scene scene(*way);
    const bool well = !scene.ways.empty() && std::ranges::all_of(scene.ways, [](const Way& one) {
      return one.own != nullptr && answered_well(*one.own);
    });
    if (const HttpExchange* bad = scene.bad_answer(); well && bad != nullptr && bad->status)
      return fmt::format(
          "The application answers the gateway's own request well, and the page gets {}: the gateway makes that answer "
          "itself (a rule for limits, errors or maintenance?), and nothing of what was seen says why.",
          *bad->status);
  }
  return "The page fails, and nothing of what was seen explains it.";
}

bool fails(const GatewayEvidence& way) {
  return Scene(way).bad_answer() != nullptr;
}

bool looked_at(const GatewayEvidence& way) {
  return !way.answers.empty() || std::ranges::any_of(way.replays, [](const Replay& replay) { return replay.is_own(); });
}

}  // namespace

std::string_view to_word(CauseState state) {
  return state == CauseState::present ? "present" : "latent";
}

std::string_view to_word(SignKind kind) {
  constexpr std::string_view kWords[] = {"configuration", "log", "replay", "machine", "answer"};
  return kWords[static_cast<std::size_t>(kind)];
}

std::vector<CauseFinding> find_causes(const GatewayEvidence& evidence) {
  const Scene scene(evidence);
  std::vector<CauseFinding> found;
  for (const CauseRule* cause : cause_register()) cause->match(scene, found);
  std::vector<CauseFinding> kept;
  for (auto& finding : found) {
    if (explained(finding, found)) continue;
    kept.push_back(finding);
    if (made_up_for(finding, scene)) kept.back().state = CauseState::latent;
  }
  // A gateway that runs has its last good configuration: the broken file is no cause of what fails by another one.
  const bool otherwise = std::ranges::any_of(kept, [](const CauseFinding& finding) {
    return finding.state == CauseState::present && finding.fault != kConfigInvalid;
  });
  for (auto& finding : kept)
    if (finding.fault == kConfigInvalid && evidence.running && otherwise) finding.state = CauseState::latent;
  std::ranges::stable_sort(kept,
                           [&](const CauseFinding& a, const CauseFinding& b) { return more_damage(a, b, scene); });
  return kept;
}

Verdict judge_gateway(const std::vector<CauseFinding>& findings, const std::vector<const GatewayEvidence*>& ways) {
  Verdict verdict;
  const auto present = [](const CauseFinding& finding) { return finding.state == CauseState::present; };
  const auto first = std::ranges::find_if(findings, present);
  if (first != findings.end()) {
    verdict.outcome = Outcome::fault;
    verdict.finding = as_finding(*first);
    verdict.confidence = confidence(first->certainty);
    verdict.summary = first->summary;
    verdict.nel = verdict.finding->nel;
    for (auto next = std::next(first); next != findings.end(); ++next)
      if (present(*next)) verdict.also.push_back(as_finding(*next));
    return verdict;
  }
  const bool failing = std::ranges::any_of(ways, [](const auto* way) { return fails(*way); });
  const bool seen = std::ranges::any_of(ways, [](const auto* way) { return looked_at(*way); });
  if (failing || !seen) {
    verdict.summary = why_unknown(ways);
    return verdict;
  }
  verdict.outcome = Outcome::healthy;
  verdict.confidence = confidence(Certainty::strong);
  const bool proxied = std::ranges::any_of(ways, [](const auto* way) { return way->route.kind == RouteKind::proxied; });
  verdict.summary = proxied || ways.empty()
                        ? "The gateway is in order: its upstreams answer its own requests within its limits."
                        : why_unknown(ways);
  return verdict;
}

}  // namespace fix502
