#include <fmt/format.h>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

constexpr int kProtocolVersion = 70;  // RFC 8446 6

void match_upstream_tls_version(const Scene& scene, std::vector<CauseFinding>& found) {
  for (const auto& way : scene.ways) {
    if (!scene.route.tls.on || !way.failed() || !is_tls(way.own->failure) || is_certificate(way.own->failure)) continue;
    const Replay* other = way.works_with("tls_version");
    if (other == nullptr && way.own->failure != Failure::tls_version && way.own->alert != kProtocolVersion) continue;
    CauseFinding finding = scene.about(way, "upstream.tls-version", "tls_protocol_error");
    if (scene.route.tls.place.known()) finding.place = scene.route.tls.place;
    for (const auto& setting : scene.route.settings)
      if (setting.directive.ends_with("ssl_protocols") || setting.directive == "SSLProxyProtocol")
        finding.place = setting.place;
    finding.signs.push_back(
        {.kind = SignKind::configuration,
         .text = fmt::format(
             "the gateway offers {} to {}",
             scene.route.tls.min_version.empty() ? "the library's oldest version" : scene.route.tls.min_version,
             scene.route.tls.max_version.empty() ? "its newest" : scene.route.tls.max_version),
         .file = finding.place.file,
         .line = finding.place.line});
    if (other != nullptr)
      scene.cite_replay(finding, *other,
                        fmt::format("the same request with {}: {}", other->tls_version, outcome_of(*other)));
    finding.certainty = certainty_of(finding.signs);
    finding.summary =
        fmt::format("The gateway and {} have no TLS version or cipher in common{}.", way.endpoint,
                    other != nullptr ? fmt::format("; the upstream speaks {}", other->tls_version) : std::string());
    if (other != nullptr)
      finding.mendings.push_back({.kind = MendingKind::tls_versions, .server = way.index, .text = other->tls_version});
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule upstream_tls_version{
    .fault = "upstream.tls-version",
    .explains = {"upstream.closed-early", "upstream.expects-plain", "upstream.all-down"},
    .of_one_server = true,
    .match = match_upstream_tls_version};

}  // namespace fix502::causes
