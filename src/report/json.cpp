// The report as product.md "The report" promises it: names and their order are the interface, and so are the nulls.

#include <cmath>

#include "base/text.hpp"
#include "report/edge_report.hpp"
#include "report/phrases.hpp"
#include "report/report.hpp"
#include "report/verdict_json.hpp"

namespace fix502 {

Json rounded(double confidence) {
  return std::isfinite(confidence) ? std::round(confidence * 1000.0) / 1000.0 : 0.0;
}

Json milliseconds(Duration duration) {
  return std::chrono::round<std::chrono::milliseconds>(duration).count();
}

namespace {

template <typename Enum>
Json word(Enum value) {
  return text_or_null(to_word(value));
}

Json hop_of(std::string_view fault) {
  const auto* info = find_fault(fault);
  return info ? word(info->hop) : Json(nullptr);
}

Json target_json(const Target& target) {
  return {{"url", target.url}, {"scheme", target.scheme}, {"host", target.host}, {"port", target.port}};
}

Json also_json(const Finding& finding) {
  return {{"fault", finding.fault},           {"confidence", rounded(confidence(finding.certainty))},
          {"title", title_of(finding.fault)}, {"hop", hop_of(finding.fault)},
          {"side", word(finding.side)},       {"cause", text_or_null(finding.cause)},
          {"summary", finding.summary},       {"evidence", finding.cites}};
}

Json step_json(const Step& step) {
  return {{"id", step.id},
          {"state", to_word(step.state)},
          {"outlook", to_word(step.outlook)},
          {"finding", step.finding},
          {"evidence", step.evidence}};
}

Json remedy_json(const Remedy& remedy) {
  return {{"id", remedy.id},
          {"title", remedy.title},
          {"who", word(remedy.who)},
          {"outlook", to_word(remedy.outlook)},
          {"automatic", remedy.automatic},
          {"command", remedy.command},
          {"why", remedy.why}};
}

Json hop_json(const PathHop& hop) {
  return {{"hop", to_word(hop.hop)}, {"state", to_word(hop.state)}, {"detail", hop.detail}};
}

template <typename T>
Json array_of(const std::vector<T>& items, Json (*one)(const T&)) {
  Json json = Json::array();
  for (const auto& item : items) json.push_back(one(item));
  return json;
}

}  // namespace

Json observation_json(const Observation& observation) {
  Json json = to_json(observation);
  json["started_ms"] = milliseconds(observation.started);
  json["duration_ms"] = milliseconds(observation.duration);
  return json;
}

Json verdict_json(const Verdict& verdict, const std::string& title) {
  const Finding none;
  const Finding& finding = verdict.finding ? *verdict.finding : none;
  Json json = {{"outcome", to_word(verdict.outcome)},
               {"fault", text_or_null(finding.fault)},
               {"hop", hop_of(finding.fault)},
               {"side", word(finding.side)},
               {"scope", to_word(finding.scope)},
               {"cause", text_or_null(finding.cause)},
               {"confidence", rounded(verdict.confidence)},
               {"title", title},
               {"summary", verdict.summary},
               {"subject", text_or_null(finding.subject)},
               {"evidence", verdict.evidence},
               {"alternatives", Json::array()},
               {"also", Json::array()},
               {"nel", verdict.nel},
               {"answered_by", text_or_null(verdict.answered_by)}};
  for (const auto& other : verdict.alternatives)
    json["alternatives"].push_back(
        {{"fault", other.fault}, {"confidence", rounded(other.confidence)}, {"title", title_of(other.fault)}});
  for (const auto& further : verdict.also) json["also"].push_back(also_json(further));
  return json;
}

// A report may come from a recorded run, which anybody may have written.
Json cleaned(const Json& json) {
  if (json.is_string()) return printable(json.get_ref<const std::string&>(), std::string::npos, true);
  if (json.is_array()) {
    Json result = Json::array();
    for (const auto& item : json) result.push_back(cleaned(item));
    return result;
  }
  if (!json.is_object()) return json;
  Json result = Json::object();
  for (const auto& [key, value] : json.items()) result[printable(key, std::string::npos)] = cleaned(value);
  return result;
}

Json report_tree(const Report& report) {
  const auto& evidence = report.evidence;
  Json json = {{"schema", "fix502.report/1"},
               {"version", evidence.version},
               {"target", target_json(evidence.target)},
               {"started_at", evidence.started_at},
               {"duration_ms", milliseconds(evidence.duration)},
               {"requests_sent", evidence.requests_sent},
               {"interrupted", evidence.interrupted},
               {"not_tried", evidence.not_tried},
               {"verdict", verdict_json(report.verdict, headline(report))},
               {"steps", array_of(report.steps, step_json)},
               {"remedies", array_of(report.remedies, remedy_json)},
               {"path", array_of(report.path, hop_json)},
               {"observations", array_of(evidence.observations, observation_json)}};
  if (report.comparison) json["edge_and_origin"] = comparison_json(*report.comparison);
  return cleaned(json);
}

std::string report_json(const Report& report) {
  return report_tree(report).dump(2) + "\n";
}

}  // namespace fix502
