#include <fmt/format.h>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

void match_upstream_bad_chunking(const Scene& scene, std::vector<CauseFinding>& found) {
  for (const auto& way : scene.ways) {
    const bool own = way.own != nullptr && way.own->body_end == BodyEnd::bad_chunk;
    if (!own && !scene.only_logged(way, "upstream.bad-chunking")) continue;
    CauseFinding finding = scene.about(way, "upstream.bad-chunking", "http_response_transfer_coding");
    if (own && finding.signs.empty()) scene.cite_replay(finding, *way.own);
    scene.cite_log(finding, "upstream.truncated", &way);
    finding.certainty = certainty_of(finding.signs);
    finding.summary =
        fmt::format("{} sends its response in chunks whose framing is broken (RFC 9112 7.1).", way.endpoint);
    if (const Replay* old = way.works_with("http"); old != nullptr) {
      scene.cite_replay(finding, *old, fmt::format("asked in HTTP/1.0 it sends no chunks: {}", outcome_of(*old)));
      finding.mendings.push_back({.kind = MendingKind::unchunked, .server = way.index});
    }
    finding.advice.push_back(
        {.say = "Better at the application: let its server do the framing, and set no Transfer-Encoding by hand"});
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule upstream_bad_chunking{
    .fault = "upstream.bad-chunking",
    .explains = {"upstream.truncated", "upstream.invalid-header", "upstream.closed-early", "upstream.not-http"},
    .of_one_server = false,
    .match = match_upstream_bad_chunking};

}  // namespace fix502::causes
