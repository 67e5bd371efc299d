#include "serve/live.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "report/verdict_json.hpp"
#include "signature/works.hpp"

namespace fix502 {
namespace {

/// Whether the probe met what it would rather not have: for a person's eye, no judgement.
bool went_wrong(const Observation& observation, const Json& json, const StatusSet& expected) {
  if (const auto* http = observation.as<HttpExchange>()) return !works(*http, expected);
  const auto failure = json.find("failure");
  return failure != json.end() && *failure != "none";
}

Json probe_json(const Observation& observation, std::size_t number, const StatusSet& expected) {
  const Json whole = observation_json(observation);
  return {{"n", number},
          {"experiment", observation.experiment},
          {"says", experiment_says(observation.experiment)},
          {"probe", probe_kind(observation)},
          {"varied", observation.varied},
          {"outcome", outcome(observation)},
          {"failed", went_wrong(observation, whole, expected)},
          {"started_ms", milliseconds(observation.started)},
          {"duration_ms", milliseconds(observation.duration)},
          {"observation", whole}};
}

}  // namespace

std::string_view experiment_says(std::string_view id) {
  if (id == "machine") return "looking at this machine's settings";
  const auto found = std::ranges::find(experiments(), id, [](const Experiment* one) { return one->id; });
  return found == experiments().end() ? id : (*found)->says;
}

void LiveStory::start(const std::string& id, const Target& target, const Settings& settings) {
  Json hops = Json::array(), steps = Json::array();
  for (const PathHop& hop : judge_path({}, {})) hops.push_back(to_word(hop.hop));
  for (const Step& step : judge_steps({}, {})) steps.push_back(step.id);
  log_.add("start", {{"id", id},
                     {"url", target.url},
                     {"budget_ms", settings.timeout.count()},
                     {"hops", std::move(hops)},
                     {"steps", std::move(steps)}});
}

void LiveStory::probes(const Run& run) {
  while (told_ < run.seen().size()) {
    const Observation& observation = run.seen()[told_++];
    doing_ = experiment_says(observation.experiment);
    visited_ = visited_ || observation.experiment == "baseline";
    log_.add("probe", cleaned(probe_json(observation, told_, run.settings.expect_status)));
  }
}

void LiveStory::judge(const Evidence& so_far) {
  judged_ = so_far.observations.size();
  const Verdict verdict = diagnose(so_far);
  // What was not tried is not tried yet.
  std::vector<Step> steps = judge_steps(so_far, verdict);
  std::erase_if(steps, [](const Step& step) { return step.state == StepState::skipped; });
  picture(judge_path(so_far, verdict), steps);
}

void LiveStory::progress(Milliseconds elapsed, Milliseconds budget) {
  log_.add("progress", {{"elapsed_ms", elapsed.count()},
                        {"budget_ms", budget.count()},
                        {"left_ms", std::max(budget - elapsed, Milliseconds(0)).count()},
                        {"doing", doing_}});
}

void LiveStory::conclude(const Report& report, const Json& tree) {
  picture(report.path, report.steps);
  log_.add("report", tree);
}

void LiveStory::picture(const std::vector<PathHop>& path, const std::vector<Step>& steps) {
  for (const PathHop& hop : path) {
    const std::string id(to_word(hop.hop));
    change("hop", id, {{"hop", id}, {"state", to_word(hop.state)}, {"detail", hop.detail}});
  }
  for (const Step& step : steps)
    change("step", step.id,
           {{"id", step.id},
            {"state", to_word(step.state)},
            {"outlook", to_word(step.outlook)},
            {"finding", step.finding}});
}

void LiveStory::change(std::string_view event, const std::string& id, Json json) {
  json = cleaned(json);
  Json& last = last_[std::string(event) + id];
  if (last == json) return;
  log_.add(event, json);
  last = std::move(json);
}

}  // namespace fix502
