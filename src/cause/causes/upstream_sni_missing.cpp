#include <fmt/format.h>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

void latent(const Scene& scene, const Way& way, std::vector<CauseFinding>& found) {
  if (!scene.route.tls.sni.empty() || !way.server->is_name() || way.failed()) return;
  CauseFinding finding = scene.about_gateway("upstream.sni-missing", "tls_alert_received");
  finding.state = CauseState::latent;
  finding.upstream = way.endpoint;
  finding.certainty = Certainty::likely;
  finding.signs.push_back({.kind = SignKind::configuration,
                           .text = "TLS to a name, and no server name is sent",
                           .file = finding.place.file,
                           .line = finding.place.line});
  finding.summary = fmt::format(
      "The gateway speaks TLS to {} and sends no server name: it works until that address serves a second name.",
      way.endpoint);
  finding.mendings.push_back({.kind = MendingKind::send_sni, .server = way.index, .name = way.server->host});
  found.push_back(std::move(finding));
}

void match_upstream_sni_missing(const Scene& scene, std::vector<CauseFinding>& found) {
  for (const auto& way : scene.ways) {
    if (!scene.route.tls.on) continue;
    const Replay* named = way.works_with("sni");
    const bool fails = way.failed() && (is_tls(way.own->failure) || way.own->failure == Failure::closed_early ||
                                        way.own->failure == Failure::reset);
    if (named == nullptr || !fails) {
      latent(scene, way, found);
      continue;
    }
    const std::string name = named->varied.at("sni");
    CauseFinding finding = scene.about(way, "upstream.sni-missing", "tls_alert_received");
    finding.place = scene.route.tls.place.known() ? scene.route.tls.place : finding.place;
    finding.signs.push_back({.kind = SignKind::configuration,
                             .text = scene.route.tls.sni.empty()
                                         ? std::string("the gateway sends no server name to the upstream")
                                         : fmt::format("the gateway sends the server name {}", scene.route.tls.sni),
                             .file = finding.place.file,
                             .line = finding.place.line});
    scene.cite_replay(finding, *named,
                      fmt::format("the same request with the server name {}: {}", name, outcome_of(*named)));
    finding.certainty = certainty_of(finding.signs);
    finding.summary =
        fmt::format("{} needs a server name in the TLS greeting, and the gateway sends {}; with {} it answers.",
                    way.endpoint, scene.route.tls.sni.empty() ? "none" : scene.route.tls.sni, name);
    finding.mendings.push_back({.kind = MendingKind::send_sni, .server = way.index, .name = name});
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule upstream_sni_missing{
    .fault = "upstream.sni-missing",
    .explains = {"upstream.certificate", "upstream.tls-version", "upstream.closed-early", "upstream.expects-plain",
                 "upstream.all-down"},
    .of_one_server = true,
    .match = match_upstream_sni_missing};

}  // namespace fix502::causes
