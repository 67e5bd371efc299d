#include <fmt/format.h>

#include <algorithm>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

void match_upstream_script_not_found(const Scene& scene, std::vector<CauseFinding>& found) {
  if (scene.route.request.protocol != Protocol::fastcgi) return;
  // The gateway may have found another script than was replayed: a page that answers is no page that is missing.
  const bool page_is_there = std::ranges::any_of(scene.seen.answers, [](const GatewayAnswer& answer) {
    return answer.varied.empty() && answer.http.status && *answer.http.status < 400;
  });
  if (page_is_there) return;
  for (const auto& way : scene.ways) {
    const bool own =
        way.own != nullptr && (way.own->errors.contains("Primary script unknown") ||
                               (way.own->status == 404 && way.own->body_sample.starts_with("File not found.")));
    if (!own && (way.own != nullptr || scene.logged("upstream.script-not-found", &way).empty())) continue;
    CauseFinding finding = scene.about(way, "upstream.script-not-found", "http_request_error");
    const auto param = std::ranges::find(scene.route.request.params, "SCRIPT_FILENAME", &NameValue::name);
    const std::string script = param == scene.route.request.params.end() ? std::string() : param->value;
    if (const Setting* from = scene.route.setting("SCRIPT_FILENAME"); from != nullptr && from->place.known())
      finding.place = from->place;
    finding.signs.push_back({.kind = SignKind::configuration,
                             .text = script.empty() ? std::string("the gateway names no script (SCRIPT_FILENAME)")
                                                    : fmt::format("the gateway names {}", script),
                             .file = finding.place.file,
                             .line = finding.place.line});
    scene.cite_answer(finding);
    finding.certainty = certainty_of(finding.signs);
    finding.summary =
        script.empty()
            ? fmt::format("The gateway names no script to {} (SCRIPT_FILENAME is not sent).", way.endpoint)
            : fmt::format("The gateway names the script {}, which is not there for the application.", script);
    if (const Replay* other = way.works_with("script")) {
      scene.cite_replay(finding, *other,
                        fmt::format("asked for {}: {}", other->varied.at("script"), outcome_of(*other)));
      finding.summary += fmt::format(" {} is.", other->varied.at("script"));
      finding.mendings.push_back(
          {.kind = MendingKind::script_file, .server = way.index, .text = other->varied.at("script")});
    }
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule upstream_script_not_found{.fault = "upstream.script-not-found",
                                                 .explains = {},
                                                 .of_one_server = false,
                                                 .match = match_upstream_script_not_found};

}  // namespace fix502::causes
