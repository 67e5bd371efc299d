#include <fmt/format.h>

#include <algorithm>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

struct Refused {
  std::string_view kind;
  HeaderFlaw flaw;
};
/// Which gateway answers with an error for which flaw: seen with nginx 1.22, HAProxy 2.6, Apache 2.4, Caddy 2.6. What
/// is not here is passed on, or was not tried.
constexpr Refused kRefused[] = {
    {"nginx", HeaderFlaw::no_colon},
    {"haproxy", HeaderFlaw::no_colon},
    {"apache", HeaderFlaw::no_colon},
    {"caddy", HeaderFlaw::no_colon},
    {"nginx", HeaderFlaw::space_before_colon},
    {"haproxy", HeaderFlaw::space_before_colon},
    {"apache", HeaderFlaw::space_before_colon},
    {"nginx", HeaderFlaw::bad_name},
    {"haproxy", HeaderFlaw::bad_name},
    {"apache", HeaderFlaw::bad_name},
    {"nginx", HeaderFlaw::bad_byte},
    {"apache", HeaderFlaw::bad_byte},
    {"haproxy", HeaderFlaw::twice_length},
    {"caddy", HeaderFlaw::twice_length},
    {"haproxy", HeaderFlaw::bad_length},
    {"apache", HeaderFlaw::bad_length},
    {"caddy", HeaderFlaw::bad_length},
    {"haproxy", HeaderFlaw::bad_coding},
    {"caddy", HeaderFlaw::bad_coding},
    {"haproxy", HeaderFlaw::bad_status},
    {"caddy", HeaderFlaw::bad_status},
    {"nginx", HeaderFlaw::bad_status},
};

bool refuses(std::string_view kind, HeaderFlaw flaw) {
  return std::ranges::any_of(kRefused, [&](const Refused& row) { return row.kind == kind && row.flaw == flaw; });
}

void match_upstream_invalid_header(const Scene& scene, std::vector<CauseFinding>& found) {
  for (const auto& way : scene.ways) {
    const HeaderFlaw flaw = way.own == nullptr ? HeaderFlaw::none : way.own->flaw;
    const bool own = flaw != HeaderFlaw::none && flaw != HeaderFlaw::no_status_line && flaw != HeaderFlaw::never_ends;
    const bool logged = !scene.logged("upstream.invalid-header", &way).empty();
    if (!own && !logged) continue;
    if (own && !logged && !refuses(scene.seen.kind, flaw) && scene.bad_answer() == nullptr) continue;
    if (own && !logged && scene.answers_well()) continue;
    CauseFinding finding = scene.about(way, "upstream.invalid-header", "http_protocol_error");
    finding.certainty = certainty_of(finding.signs);
    finding.summary = own && !way.own->flawed_line.empty()
                          ? fmt::format("The upstream's response has a header line that the gateway refuses: \"{}\".",
                                        way.own->flawed_line)
                          : std::string("The upstream's response has a header line that the gateway refuses.");
    finding.mendings.push_back(
        {.kind = MendingKind::tolerate_header, .server = way.index, .text = std::string(to_word(flaw))});
    finding.advice.push_back({.say = "Better at the application: send the header as RFC 9110 section 5 has it"});
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule upstream_invalid_header{.fault = "upstream.invalid-header",
                                               .explains = {"upstream.closed-early", "upstream.truncated"},
                                               .of_one_server = false,
                                               .match = match_upstream_invalid_header};

}  // namespace fix502::causes
