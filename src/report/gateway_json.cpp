// Schema fix502.gateway/1 (product.md).

#include <fmt/format.h>

#include "base/text.hpp"
#include "cause/scene.hpp"
#include "report/edge_report.hpp"
#include "report/gateway_phrases.hpp"
#include "report/gateway_report.hpp"
#include "report/verdict_json.hpp"

namespace fix502 {
namespace {

Json time_or_null(const Sign& sign, WallTime time) {
  return sign.count == 0 ? Json(nullptr) : Json(moment(time));
}

Json sign_json(const Sign& sign, const std::string& id) {
  Json json = {{"id", id}, {"kind", to_word(sign.kind)}, {"text", sign.text}};
  if (!sign.file.empty()) json["file"] = sign.file;
  if (sign.line > 0) json["line"] = sign.line;
  if (sign.kind == SignKind::log) {
    json["count"] = sign.count;
    json["first_seen"] = time_or_null(sign, sign.first_seen);
    json["last_seen"] = time_or_null(sign, sign.last_seen);
    json["sample"] = text_or_null(sign.sample);
  }
  if (!sign.reproduce.empty()) json["reproduce"] = sign.reproduce;
  return json;
}

Json fix_json(const std::optional<GatewayFix>& fix) {
  if (!fix) return nullptr;
  return {{"title", fix->title}, {"diff", fix->diff}, {"commands", fix->commands}, {"automatic", fix->automatic}};
}

Json advice_json(const Advice& advice) {
  Json json = {{"say", advice.say}, {"commands", advice.commands}};
  if (advice.place.known()) {
    json["file"] = advice.place.file;
    json["line"] = advice.place.line;
    json["replace"] = advice.replace;
  }
  return json;
}

Json finding_json(const GatewayFinding& finding, std::size_t number) {
  const CauseFinding& cause = finding.cause;
  Json json = {{"fault", cause.fault},
               {"state", to_word(cause.state)},
               {"gateway", finding.gateway},
               {"file", text_or_null(cause.place.file)},
               {"line", cause.place.line > 0 ? Json(cause.place.line) : Json(nullptr)},
               {"upstream", text_or_null(cause.upstream)},
               {"upstream_name", text_or_null(cause.upstream_name)},
               {"cause", text_or_null(cause.cause)},
               {"confidence", rounded(confidence(cause.certainty))},
               {"summary", cause.summary},
               {"failed", cause.failed},
               {"evidence", Json::array()},
               {"fix", fix_json(finding.fix)},
               {"advice", Json::array()}};
  for (std::size_t i = 0; i < cause.signs.size(); ++i)
    json["evidence"].push_back(sign_json(cause.signs[i], sign_id(number, i)));
  for (const auto& advice : cause.advice) json["advice"].push_back(advice_json(advice));
  return json;
}

Json gateway_json_of(const GatewaySeen& gateway) {
  Json json = {{"kind", gateway.kind},
               {"version", text_or_null(gateway.version)},
               {"config", text_or_null(gateway.main_file)},
               {"running", gateway.running},
               {"files", gateway.files},
               {"problems", Json::array()}};
  for (const auto& problem : gateway.problems)
    json["problems"].push_back({{"fatal", problem.fatal},
                                {"what", problem.what},
                                {"file", text_or_null(problem.place.file)},
                                {"line", problem.place.line}});
  return json;
}

Json limit_json(const std::string& word, const Limit& limit) {
  LimitKind kind{};
  const bool known = from_word(word, kind);
  return {{"limit", word},
          {"amount", limit.amount ? Json(*limit.amount) : Json(nullptr)},
          {"unit", known ? unit(kind) : ""},
          {"directive", limit.from.directive},
          {"value", limit.from.value},
          {"source", to_word(limit.from.source)},
          {"file", text_or_null(limit.from.place.file)},
          {"line", limit.from.place.line > 0 ? Json(limit.from.place.line) : Json(nullptr)}};
}

Json route_json(const GatewayEvidence& way) {
  const Route& route = way.route;
  Json json = {{"gateway", way.kind},
               {"url", text_or_null(way.url)},
               {"state", to_word(route.kind)},
               {"server", route.server},
               {"location", route.location},
               {"answer", text_or_null(route.answer)},
               {"file", text_or_null(route.place.file)},
               {"line", route.place.line > 0 ? Json(route.place.line) : Json(nullptr)},
               {"upstream", text_or_null(route.upstream)},
               {"protocol", to_word(route.request.protocol)},
               {"tls", route.tls.on},
               {"upstreams", Json::array()},
               {"limits", Json::array()},
               {"notes", route.notes}};
  for (const auto& server : route.servers)
    json["upstreams"].push_back({{"address", server.endpoint()},
                                 {"file", text_or_null(server.place.file)},
                                 {"line", server.place.line},
                                 {"backup", server.backup},
                                 {"disabled", server.disabled}});
  for (const auto& [word, limit] : route.limits) json["limits"].push_back(limit_json(word, limit));
  return json;
}

Json applied_json(const std::optional<Applied>& applied) {
  if (!applied) return nullptr;
  Json json = Json::array();
  for (const auto& change : applied->changes)
    json.push_back({{"fault", change.fault},
                    {"title", change.title},
                    {"kept", change.kept},
                    {"said", change.said},
                    {"undo", change.undo > 0 ? Json(change.undo) : Json(nullptr)}});
  return json;
}

}  // namespace

std::string gateway_json(const GatewayReport& report) {
  Json json = {{"schema", "fix502.gateway/1"},
               {"version", report.version},
               {"target", nullptr},
               {"started_at", report.started_at},
               {"duration_ms", milliseconds(report.duration)},
               {"requests_sent", report.requests_sent},
               {"interrupted", report.interrupted},
               {"verdict", verdict_json(report.verdict, gateway_headline(report))},
               {"findings", Json::array()},
               {"gateways", Json::array()},
               {"routes", Json::array()},
               {"applied", applied_json(report.applied)},
               {"checked", report.checked},
               {"notes", report.notes}};
  if (report.target)
    json["target"] = {{"url", report.target->url},
                      {"scheme", report.target->scheme},
                      {"host", report.target->host},
                      {"port", report.target->port}};
  for (std::size_t i = 0; i < report.findings.size(); ++i)
    json["findings"].push_back(finding_json(report.findings[i], i));
  for (const auto& gateway : report.gateways) json["gateways"].push_back(gateway_json_of(gateway));
  for (const auto& way : report.ways) json["routes"].push_back(route_json(way));
  if (report.comparison) {
    Json& sides = json["edge_and_origin"] = comparison_json(*report.comparison);
    sides["observations"] = Json::array();
    for (const auto& seen : report.edge_observations) sides["observations"].push_back(observation_json(seen));
  }
  return cleaned(json).dump(2) + "\n";
}

}  // namespace fix502
