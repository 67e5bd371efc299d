#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"
#include "fault/said.hpp"

namespace fix502::faults {
namespace {

std::optional<Finding> match(const Picture& picture) {
  const HttpExchange* error = steady_error(picture);
  if (error == nullptr) return std::nullopt;
  if (!picture.seen.settings.origin) return as_the_answer_says(picture, "cdn.origin-config");
  // A broken certificate of the edge's own is no setting towards the origin.
  if (is_tls(error->failure)) return std::nullopt;
  const Observation* same = nullptr;
  const Observation* plain = nullptr;
  for (const Observation* seen : picture.of("origin")) (seen->varied_in("scheme").empty() ? same : plain) = seen;
  const auto good = [&](const Observation* seen) {
    return seen != nullptr && picture.works(*seen->as<HttpExchange>());
  };
  const Observation* works = good(same) ? same : good(plain) ? plain : nullptr;
  if (works == nullptr) return as_the_answer_says(picture, "cdn.origin-config");
  // The CDN says that it does not accept the origin's certificate, and it is not acceptable: then that is the fault.
  if (said_fault(*error) == "cdn.origin-tls" && works->as<HttpExchange>()->verify_error != 0) return std::nullopt;
  // Every edge fails; where one works it is the edge, not the settings.
  if (std::ranges::any_of(picture.site_addresses,
                          [](const auto& view) { return view.tries.first_working() != nullptr; }))
    return std::nullopt;
  Finding finding = about_error(picture, Certainty::strong, {});
  finding.scope = Scope::everyone;
  finding.cites.push_back(works->id);
  if (same != nullptr && same != works) finding.cites.push_back(same->id);
  const auto& origin = *works->as<HttpExchange>();
  std::string differs = "port, Host, server name, or the origin's firewall";
  if (works == plain)
    differs = "the origin answers plain HTTP and not TLS";
  else if (has_status(error, {521, 522, 523}))
    differs = "the port, or the origin's firewall towards the CDN";
  else if (has_status(error, {525, 526}))
    differs = "TLS: the name or certificate that the CDN expects";
  if (is_connect(error->failure)) differs = "the edge itself does not answer";
  finding.subject = differs;
  finding.summary =
      fmt::format("Asked directly, the origin {} answers {}; through the edge it is {}. What differs: {}.",
                  to_text(*picture.seen.settings.origin), story(origin), story(*error), differs);
  return finding;
}

}  // namespace

extern const Fault cdn_origin_config{
    .info = {.id = "cdn.origin-config",
             .hop = Hop::cdn,
             .side = Side::owner,
             .title = "The origin works, but the CDN does not reach it rightly",
             .meaning = "The origin works when it is asked directly, and fails through the CDN or gateway: their "
                        "settings for it differ from what it needs."},
    .layer = Layer::site,
    .explains = {"origin.", "cdn.origin-unreachable", "cdn.origin-bad-response", "cdn.origin-tls"},
    .match = match,
};

}  // namespace fix502::faults
