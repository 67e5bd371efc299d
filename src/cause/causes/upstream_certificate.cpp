#include <fmt/format.h>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

/// Which of the three it is, and what ends it. To stop verifying is no mending.
void describe(const Scene& scene, const Way& way, CauseFinding& finding) {
  const Failure failure = way.own->failure;
  const Certificate none;
  const Certificate& leaf = way.own->chain.empty() ? none : way.own->chain.front();
  if (failure == Failure::cert_expired || failure == Failure::cert_not_yet_valid) {
    finding.summary = fmt::format("The certificate of {} ({}) {}, and the gateway verifies it.", way.endpoint,
                                  leaf.subject, failure == Failure::cert_expired ? "has expired" : "is not valid yet");
    finding.advice.push_back({.say = "Renew the upstream's certificate"});
  } else if (failure == Failure::cert_name) {
    const Replay* named = way.works_with("name");
    std::string names;
    for (const auto& name : leaf.names) names += (names.empty() ? "" : ", ") + name;
    finding.summary = fmt::format("The certificate of {} is for {}, and the gateway wants {}.", way.endpoint,
                                  names.empty() ? leaf.subject : names,
                                  scene.route.tls.name.empty() ? way.server->host : scene.route.tls.name);
    if (named != nullptr) {
      finding.mendings.push_back(
          {.kind = MendingKind::verify_name, .server = way.index, .name = named->varied.at("name")});
      finding.mends = true;
      scene.cite_replay(finding, *named,
                        fmt::format("verified for the name {}: {}", named->varied.at("name"), outcome_of(*named)));
    }
  } else {
    finding.summary = fmt::format("The certificate of {} is signed by {}, which the gateway does not trust.",
                                  way.endpoint, leaf.issuer);
    if (const Replay* trusted = way.works_with("trust")) {
      finding.mendings.push_back(
          {.kind = MendingKind::trust_file, .server = way.index, .text = trusted->varied.at("trust")});
      finding.mends = true;
      scene.cite_replay(finding, *trusted,
                        fmt::format("verified with {}: {}", trusted->varied.at("trust"), outcome_of(*trusted)));
    } else {
      finding.advice.push_back({.say = fmt::format("Give the gateway the certificate of {} to trust", leaf.issuer)});
    }
  }
}

void match_upstream_certificate(const Scene& scene, std::vector<CauseFinding>& found) {
  for (const auto& way : scene.ways) {
    const bool own = way.own != nullptr && is_certificate(way.own->failure);
    const bool only_log = !way.failed() && !scene.logged("upstream.certificate", &way).empty() && !scene.answers_well();
    if (!scene.route.tls.on || (!own && !only_log)) continue;
    CauseFinding finding = scene.about(way, "upstream.certificate", "tls_certificate_error");
    if (scene.route.tls.place.known()) finding.place = scene.route.tls.place;
    finding.certainty = certainty_of(finding.signs);
    finding.mends = false;
    if (own) describe(scene, way, finding);
    if (finding.summary.empty())
      finding.summary = fmt::format("The gateway does not accept the certificate of {}.", way.endpoint);
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule upstream_certificate{.fault = "upstream.certificate",
                                            .explains = {"upstream.all-down", "upstream.closed-early"},
                                            .of_one_server = true,
                                            .match = match_upstream_certificate};

}  // namespace fix502::causes
