#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

std::optional<Finding> match(const Picture& picture) {
  const HttpExchange* error = steady_error(picture);
  if (error == nullptr || !picture.seen.settings.origin) return std::nullopt;
  const Observation* same = nullptr;
  const Observation* plain = nullptr;
  for (const Observation* seen : picture.of("origin")) (seen->varied_in("scheme").empty() ? same : plain) = seen;
  const auto good = [&](const Observation* seen) {
    return seen != nullptr && picture.works(*seen->as<HttpExchange>());
  };
  const Observation* works = good(same) ? same : good(plain) ? plain : nullptr;
  if (works == nullptr) return std::nullopt;
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
  else if (is_connect(error->failure) || has_status(error, {521, 522, 523}))
    differs = "the port, or the origin's firewall towards the CDN";
  else if (has_status(error, {525, 526}))
    differs = "TLS: the name or certificate that the CDN expects";
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
