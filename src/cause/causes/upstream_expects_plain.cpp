#include <fmt/format.h>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

void match_upstream_expects_plain(const Scene& scene, std::vector<CauseFinding>& found) {
  for (const auto& way : scene.ways) {
    if (!scene.route.tls.on || !way.failed()) continue;
    const Replay* plain = way.works_with("tls");
    const bool not_tls = way.own->failure == Failure::tls_not_tls;
    const bool no_tls = way.own->failure == Failure::tls_timeout || way.own->failure == Failure::tls_closed ||
                        way.own->failure == Failure::tls_reset || way.own->failure == Failure::tls_failed;
    if (!not_tls && !(no_tls && plain != nullptr)) continue;
    CauseFinding finding = scene.about(way, "upstream.expects-plain", "tls_protocol_error");
    scene.cite_log(finding, "upstream.read-timeout", &way);
    if (scene.route.tls.place.known() && !way.server->place.known()) finding.place = scene.route.tls.place;
    if (plain != nullptr)
      scene.cite_replay(finding, *plain, fmt::format("the same request without TLS: {}", outcome_of(*plain)));
    finding.signs.push_back({.kind = SignKind::configuration,
                             .text = "the gateway is set to speak TLS to it",
                             .file = finding.place.file,
                             .line = finding.place.line});
    finding.certainty = certainty_of(finding.signs);
    finding.summary = fmt::format("The gateway speaks TLS to {}, which speaks plain HTTP.", way.endpoint);
    finding.mendings.push_back({.kind = MendingKind::use_plain, .server = way.index});
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule upstream_expects_plain{
    .fault = "upstream.expects-plain",
    .explains = {"upstream.read-timeout", "upstream.closed-early", "upstream.certificate", "upstream.all-down",
                 "gateway.timeout-order"},
    .of_one_server = true,
    .match = match_upstream_expects_plain};

}  // namespace fix502::causes
