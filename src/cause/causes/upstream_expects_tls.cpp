#include <fmt/format.h>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

void match_upstream_expects_tls(const Scene& scene, std::vector<CauseFinding>& found) {
  for (const auto& way : scene.ways) {
    if (scene.route.tls.on || way.own == nullptr) continue;
    const Replay* tls = way.works_with("tls");
    const bool said = wants_tls(*way.own) || way.own->looks_like == "TLS";
    if (!said && !(way.failed() && tls != nullptr)) continue;
    CauseFinding finding = scene.about(way, "upstream.expects-tls", "http_protocol_error");
    for (const auto* fault : {"upstream.closed-early", "upstream.not-http"}) scene.cite_log(finding, fault, &way);
    if (tls != nullptr)
      scene.cite_replay(finding, *tls, fmt::format("the same request over TLS: {}", outcome_of(*tls)));
    finding.signs.push_back({.kind = SignKind::configuration,
                             .text = "the gateway is set to speak plain to it",
                             .file = finding.place.file,
                             .line = finding.place.line});
    finding.certainty = certainty_of(finding.signs);
    finding.summary = fmt::format("The gateway speaks plain HTTP to {}, which expects TLS.", way.endpoint);
    Mending mending{.kind = MendingKind::use_tls, .server = way.index};
    if (tls != nullptr) {
      if (const auto trust = tls->varied.find("trust"); trust != tls->varied.end()) mending.text = trust->second;
      if (!mending.text.empty() && !tls->chain.empty() && !tls->chain.front().names.empty())
        mending.name = tls->chain.front().names.front();  // only what is verified needs a name
    }
    finding.mendings.push_back(std::move(mending));
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule upstream_expects_tls{
    .fault = "upstream.expects-tls",
    .explains = {"upstream.closed-early", "upstream.not-http", "upstream.wrong-protocol", "upstream.read-timeout",
                 "upstream.invalid-header", "upstream.all-down", "upstream.keepalive-race"},
    .of_one_server = false,
    .match = match_upstream_expects_tls};

}  // namespace fix502::causes
