#include <fmt/format.h>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

/// A quarter more than was measured, in whole pages; where the log alone shows it, four times what there is.
std::int64_t room_for(std::uint64_t measured, std::int64_t now) {
  constexpr std::int64_t kPage = 4096;
  const std::int64_t wanted = measured > 0 ? static_cast<std::int64_t>(measured + measured / 4) : 4 * now;
  return (wanted + kPage - 1) / kPage * kPage;
}

void match_upstream_header_too_large(const Scene& scene, std::vector<CauseFinding>& found) {
  for (const auto& way : scene.ways) {
    const auto whole = scene.limit(LimitKind::response_header);
    const auto field = scene.limit(LimitKind::response_field);
    const std::uint64_t header = way.own == nullptr ? 0 : way.own->header_bytes;
    const std::uint64_t longest = way.own == nullptr ? 0 : way.own->longest_field;
    const bool too_long = whole && header > static_cast<std::uint64_t>(*whole);
    const bool line_too_long = field && longest > static_cast<std::uint64_t>(*field);
    const bool endless = way.own != nullptr &&
                         (way.own->flaw == HeaderFlaw::never_ends || way.own->failure == Failure::header_too_large);
    const bool logged = !scene.logged("upstream.header-too-large", &way).empty();
    if (!too_long && !line_too_long && !endless && !logged) continue;
    if ((too_long || line_too_long) && !logged && scene.answers_well()) continue;  // it passes all the same
    CauseFinding finding = scene.about(way, "upstream.header-too-large", "http_response_header_section_size");
    const LimitKind kind = line_too_long && !too_long ? LimitKind::response_field : LimitKind::response_header;
    const LimitKind known = scene.route.limit(kind) != nullptr  ? kind
                            : kind == LimitKind::response_field ? LimitKind::response_header
                                                                : LimitKind::response_field;
    const std::uint64_t size = known == LimitKind::response_field ? longest : header;
    if (scene.route.limit(known) != nullptr) {
      finding.place = scene.place_of(known);
      finding.signs.push_back(scene.limit_sign(known));
    }
    if (way.own != nullptr && (too_long || line_too_long))
      scene.cite_replay(
          finding, *way.own,
          fmt::format("the upstream's header: {} in all, its longest line {}", size_text(header), size_text(longest)));
    finding.certainty = certainty_of(finding.signs);
    const auto limit = scene.limit(known);
    finding.summary =
        fmt::format("The header of the upstream's response{} does not fit{}.",
                    size > 0 && (too_long || line_too_long) ? fmt::format(" ({})", size_text(size)) : std::string(),
                    limit ? fmt::format(" into the gateway's {} ({})", size_text(static_cast<std::uint64_t>(*limit)),
                                        where(finding.place))
                          : std::string());
    if (!endless)
      finding.mendings.push_back({.kind = MendingKind::set_limit,
                                  .server = way.index,
                                  .limit = known,
                                  .amount = room_for(too_long || line_too_long ? size : 0, limit.value_or(0))});
    finding.advice.push_back({.say = "Better at the application: find out why its header is that long (Set-Cookie, "
                                     "Content-Security-Policy, Link)"});
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule upstream_header_too_large{
    .fault = "upstream.header-too-large",
    .explains = {"upstream.invalid-header", "upstream.closed-early", "upstream.not-http"},
    .of_one_server = false,
    .match = match_upstream_header_too_large};

}  // namespace fix502::causes
