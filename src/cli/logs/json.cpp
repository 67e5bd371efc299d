#include "base/text.hpp"
#include "cli/logs/shapes.hpp"
#include "history/times.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kTop = 5;

Json shown_or_null(std::string_view text) {
  return text.empty() ? Json(nullptr) : Json(shown(text, 1000));
}

Json names_of(const Tally& tally, std::size_t most) {
  Json names = Json::array();
  for (const auto& [name, count] : tally.top(most)) names.push_back(shown(name));
  return names;
}

Json counts_of(const Tally& tally, std::size_t most) {
  Json counts = Json::object();
  for (const auto& [name, count] : tally.top(most)) counts[shown(name)] = count;
  return counts;
}

Json incident_json(const Incident& incident, const LogReport& report) {
  Json json = {{"fault", incident.fault},
               {"cause", shown_or_null(incident.cause)},
               {"gateway", shown_or_null(incident.gateway)},
               {"upstream", shown_or_null(incident.upstream)},
               {"first_seen", utc_time(incident.first_seen)},
               {"last_seen", utc_time(incident.last_seen)},
               {"failed", incident.failed},
               {"requests", incident.requests ? Json(*incident.requests) : Json(nullptr)},
               {"urls", names_of(incident.urls, kTop)},
               {"sample", shown(incident.sample, 4096)}};
  json["file"] = report.files.empty() ? Json(nullptr) : Json(shown(report.files.at(incident.file), 1000));
  json["sureness"] = to_word(incident.sureness);
  json["made_by"] = shown_or_null(incident.made_by);
  json["retried"] = incident.retried;
  json["consequences"] = incident.folded;
  json["application_lines"] = incident.lines;
  json["tried"] = names_of(incident.tried, 16);
  json["hosts"] = names_of(incident.hosts, 8);
  json["statuses"] = counts_of(incident.statuses, 8);
  json["because"] = shown_or_null(incident.because);
  json["began_with"] = incident.began_with.empty()
                           ? Json(nullptr)
                           : Json{{"at", utc_time(incident.changed_at)}, {"line", shown(incident.began_with)}};
  json["slow_since"] = incident.slow ? Json{{"at", utc_time(incident.slow->since)},
                                            {"seconds", incident.slow->took},
                                            {"usual_seconds", incident.slow->usual}}
                                     : Json(nullptr);
  return json;
}

}  // namespace

Json logs_json(const LogReport& report) {
  Json json = {{"schema", "fix502.logs/1"},   {"version", FIX502_VERSION},         {"files", report.files.size()},
               {"bytes", report.stats.bytes}, {"interrupted", report.interrupted}, {"incidents", Json::array()}};
  for (const Incident& incident : report.incidents) json["incidents"].push_back(incident_json(incident, report));
  json["unknown"] = {{"lines", report.stats.unknown}, {"shapes", counts_of(report.stats.unknown_shapes, 10)}};
  json["odd"] = {{"huge", report.stats.huge},
                 {"without_time", report.stats.timeless},
                 {"future", report.stats.future},
                 {"backward", report.stats.backward}};
  json["formats"] = Json::array();
  for (const std::string& format : report.formats) json["formats"].push_back(shown(format));
  json["problems"] = Json::array();
  for (const Error& problem : report.stats.problems) json["problems"].push_back(shown(problem.message()));
  return json;
}

}  // namespace fix502
