#include <fmt/format.h>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

void match_upstream_wrong_protocol(const Scene& scene, std::vector<CauseFinding>& found) {
  for (const auto& way : scene.ways) {
    if (way.own == nullptr || !(way.failed() || way.own->status == 400)) continue;
    const Replay* other = way.works_with("protocol");
    Protocol speaks = Protocol::http1_1;
    const bool told = !way.own->looks_like.empty() && way.own->looks_like != "TLS" &&
                      way.own->looks_like != title(scene.route.request.protocol) &&
                      !(way.own->looks_like == "HTTP" && is_http(scene.route.request.protocol)) &&
                      way.own->looks_like != "SSH";
    if (other == nullptr && !told) continue;
    if (other != nullptr) (void)from_word(other->varied.at("protocol"), speaks);
    CauseFinding finding = scene.about(way, "upstream.wrong-protocol", "http_protocol_error");
    for (const auto* fault : {"upstream.closed-early", "upstream.read-timeout", "upstream.not-http"})
      scene.cite_log(finding, fault, &way);
    const std::string what = other != nullptr ? std::string(title(speaks)) : way.own->looks_like;
    if (other != nullptr) scene.cite_replay(finding, *other, fmt::format("asked in {}: {}", what, outcome_of(*other)));
    finding.signs.push_back({.kind = SignKind::configuration,
                             .text = fmt::format("the gateway is set to speak {}", title(scene.route.request.protocol)),
                             .file = finding.place.file,
                             .line = finding.place.line});
    finding.certainty = certainty_of(finding.signs);
    finding.summary = fmt::format("The gateway speaks {} to {}, which speaks {}.", title(scene.route.request.protocol),
                                  way.endpoint, what);
    if (other != nullptr) {
      // With an error page it speaks that protocol, and is perhaps not the application; PHP-FPM has one for the script
      // that we had to guess.
      finding.mends = other->status.value_or(0) < 400 || speaks == Protocol::fastcgi;
      const auto script = other->varied.find("script");
      finding.mendings.push_back({.kind = MendingKind::speak,
                                  .server = way.index,
                                  .text = script == other->varied.end() ? std::string() : script->second,
                                  .protocol = speaks});
    }
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule upstream_wrong_protocol{
    .fault = "upstream.wrong-protocol",
    .explains = {"upstream.closed-early", "upstream.not-http", "upstream.read-timeout", "upstream.truncated",
                 "upstream.invalid-header", "upstream.all-down", "gateway.timeout-order", "upstream.script-not-found",
                 "upstream.keepalive-race"},
    .of_one_server = true,
    .match = match_upstream_wrong_protocol};

}  // namespace fix502::causes
