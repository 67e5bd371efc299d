#include <algorithm>
#include <tuple>

#include "remedy/facts.hpp"
#include "remedy/planned.hpp"
#include "remedy/remedy.hpp"

namespace fix502 {
namespace {

struct Action {
  std::string_view id, title;
  bool automatic;
  std::string_view command;
};

constexpr Action kActions[] = {
#define ACTION(id, title, automatic, command) {id, title, automatic, command},
#include "remedy/actions.def"
#undef ACTION
};

struct Row {
  std::string_view fault, action;
  Side who;
  Outlook outlook;
  When when;
  std::string_view why;
};

constexpr Row kRows[] = {
#define REMEDY(fault, action, who, outlook, when, why) {fault, action, Side::who, Outlook::outlook, When::when, why},
#include "remedy/remedies.def"
#undef REMEDY
};

/// The step of the eight that asks whether the remedy helps in this very case.
struct Counterpart {
  std::string_view action, step;
};
constexpr Counterpart kCounterparts[] = {
    {"flush-dns", "dns-cache"},
    {"custom-dns", "custom-dns"},
    {"clear-cache", "browser-cache"},
    {"use-other-browser", "other-browser"},
    {"wait", "wait"},
    {"use-other-network", "other-device-or-network"},
};

/// Advice that fits every fault; it says nothing about a further one.
constexpr std::string_view kGeneral[] = {"wait", "retry", "contact-owner", "use-other-network"};

constexpr bool every_row_has_its_action() {
  return std::ranges::all_of(kRows, [](const Row& row) {
    return std::ranges::any_of(kActions, [&](const Action& action) { return action.id == row.action; });
  });
}
static_assert(every_row_has_its_action(), "remedies.def names an action that actions.def does not have");

Remedy make_remedy(const Row& row, const RemedyFacts& facts) {
  const auto& action = *std::ranges::find(kActions, row.action, &Action::id);
  return {.id = std::string(action.id),
          .title = std::string(action.title),
          .who = row.who,
          .outlook = row.outlook,
          .automatic = action.automatic,
          .command = fill(action.command, facts, true),
          .why = fill(row.why, facts, false)};
}

std::vector<Remedy> listed_for(std::string_view fault, const RemedyFacts& facts) {
  std::vector<Remedy> remedies;
  for (const auto& row : kRows)
    if (row.fault == fault && holds(row.when, facts)) remedies.push_back(make_remedy(row, facts));
  return remedies;
}

bool has(const std::vector<Remedy>& remedies, std::string_view id) {
  return std::ranges::find(remedies, id, &Remedy::id) != remedies.end();
}

/// What an experiment showed outweighs what the table expects: a remedy that was seen to change nothing is left out.
std::vector<Remedy> weighed(std::vector<Remedy> remedies, const std::vector<Step>& steps) {
  auto as_expected = remedies;
  for (auto& remedy : remedies) {
    const auto counterpart = std::ranges::find(kCounterparts, remedy.id, &Counterpart::action);
    if (counterpart == std::end(kCounterparts)) continue;
    const auto step = std::ranges::find(steps, counterpart->step, &Step::id);
    if (step != steps.end() && step->outlook != Outlook::unknown) remedy.outlook = step->outlook;
  }
  std::erase_if(remedies, [](const Remedy& remedy) { return remedy.outlook == Outlook::no_effect; });
  if (remedies.empty()) return as_expected;
  std::ranges::stable_sort(remedies, {}, [](const Remedy& remedy) { return std::tuple(remedy.who, remedy.outlook); });
  return remedies;
}

/// Where the caches were looked into, only one of this machine that was seen to hold the wrong answer is flushed
/// without a person.
void flush_only_what_is_there(std::vector<Remedy>& remedies, const Evidence& evidence) {
  const bool looked = std::ranges::any_of(evidence.observations,
                                          [](const Observation& seen) { return seen.as<ResolverCache>() != nullptr; });
  for (auto& remedy : remedies)
    if (looked && remedy.id == "flush-dns") remedy.automatic = remedy.outlook == Outlook::fixes;
}

/// One remedy for each further fault; it cannot mend what the verdict is about, so it only may help.
void add_further(std::vector<Remedy>& remedies, const Evidence& evidence, const Verdict& verdict) {
  for (const auto& finding : verdict.also) {
    for (auto& remedy : listed_for(finding.fault, gather_facts(evidence, &finding))) {
      if (std::ranges::find(kGeneral, remedy.id) != std::end(kGeneral)) continue;
      remedy.outlook = Outlook::may_help;
      if (!has(remedies, remedy.id)) remedies.push_back(std::move(remedy));
      break;
    }
  }
}

}  // namespace

const std::vector<AutomaticRemedy>& automatic_remedies() {
  static const std::vector<AutomaticRemedy> kAutomatic = [] {
    std::vector<AutomaticRemedy> all;
    for (const auto& action : kActions)
      if (action.automatic) all.push_back({action.id, action.title});
    return all;
  }();
  return kAutomatic;
}

bool is_meant_for(std::string_view remedy, std::string_view fault) {
  return std::ranges::any_of(kRows, [&](const Row& row) {
    return row.fault == fault && row.action == remedy && row.who == Side::visitor && row.outlook == Outlook::fixes;
  });
}

std::vector<Remedy> remedies_for(std::string_view fault) {
  RemedyFacts any;
  any.host = "the site";
  any.resolver_file = "/etc/resolv.conf";
  std::vector<Remedy> remedies;
  for (const auto& row : kRows) {
    if (row.fault != fault) continue;
    Remedy remedy = make_remedy(row, any);
    if (!has(remedies, remedy.id)) remedies.push_back(std::move(remedy));
  }
  return remedies;
}

std::vector<Remedy> planned(const Evidence& evidence, const Verdict& verdict, const std::vector<Step>& steps) {
  std::vector<Remedy> remedies;
  if (verdict.outcome != Outcome::healthy) {
    const auto* finding = verdict.finding ? &*verdict.finding : nullptr;
    const auto facts = gather_facts(evidence, finding);
    remedies = listed_for(finding ? std::string_view(finding->fault) : "inconclusive", facts);
    if (remedies.empty()) remedies = listed_for("unlisted", facts);
    remedies = weighed(std::move(remedies), steps);
  }
  flush_only_what_is_there(remedies, evidence);
  add_further(remedies, evidence, verdict);
  return remedies;
}

std::vector<Remedy> plan_remedies(const Evidence& evidence, const Verdict& verdict) {
  return planned(evidence, verdict, judge_steps(evidence, verdict));
}

}  // namespace fix502
