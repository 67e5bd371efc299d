#include <fmt/format.h>

#include "cause/elsewhere.hpp"
#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

void match_upstream_not_http(const Scene& scene, std::vector<CauseFinding>& found) {
  for (const auto& way : scene.ways) {
    const bool own = way.own != nullptr && is_http(scene.route.request.protocol) &&
                     (way.own->flaw == HeaderFlaw::no_status_line || way.own->failure == Failure::not_http);
    if (!own && !scene.only_logged(way, "upstream.not-http")) continue;
    if (!own && scene.answers_well()) continue;
    CauseFinding finding = scene.about(way, "upstream.not-http", "http_protocol_error");
    finding.certainty = certainty_of(finding.signs);
    finding.mends = false;
    finding.summary = own && !way.own->looks_like.empty()
                          ? fmt::format("What {} answers is not HTTP but {}.", way.endpoint, way.own->looks_like)
                          : fmt::format("What {} answers is no HTTP response.", way.endpoint);
    (void)add_elsewhere(scene, way, finding, MendingKind::set_address);
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule upstream_not_http{
    .fault = "upstream.not-http",
    .explains = {"upstream.closed-early", "upstream.truncated", "upstream.invalid-header"},
    .of_one_server = false,
    .match = match_upstream_not_http};

}  // namespace fix502::causes
