#include <fmt/format.h>

#include <algorithm>

#include "fault/clock.hpp"
#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

/// With this machine's clock set right, the dates would be good: then the certificate is not at fault.
bool only_our_clock(const Picture& picture, const HttpExchange& error) {
  if (error.failure != Failure::cert_expired && error.failure != Failure::cert_not_yet_valid) return false;
  const auto clock = read_clock(picture.seen);
  return clock && std::abs(clock->ahead_seconds) >= kNoticeableSeconds &&
         good_at_right_time(picture.seen, error, *clock);
}

std::string names_of(const Certificate& leaf) {
  std::string names;
  for (const auto& name : leaf.names)
    if (names.size() < 40) names += (names.empty() ? "" : ", ") + name;
  return names.empty() ? leaf.subject : names;
}

std::string what_is_wrong(const HttpExchange& error, const std::string& host) {
  const Certificate* leaf = error.chain.empty() ? nullptr : &error.chain.front();
  switch (error.failure) {
    case Failure::cert_expired:
      return "The site's certificate has expired";
    case Failure::cert_not_yet_valid:
      return "The site's certificate is not valid yet";
    case Failure::cert_name:
      return leaf == nullptr ? "The site's certificate is for another name"
                             : fmt::format("The site's certificate is for {}, not for {}", names_of(*leaf), host);
    case Failure::cert_issuer:
      return "The site's certificate comes from an issuer that browsers do not trust, or its chain is incomplete";
    case Failure::tls_version:
      return "The site has no TLS version or cipher in common with a current browser";
    case Failure::tls_alert:
      return fmt::format("The site refuses the TLS greeting with an alert ({})", error.alert);
    default:
      return "The site's TLS greeting fails";
  }
}

std::optional<Finding> match_gateway_tls(const Picture& picture) {
  const HttpExchange* error = steady_error(picture);
  if (error == nullptr) return std::nullopt;
  const bool mine = is_certificate(error->failure) || error->failure == Failure::tls_alert ||
                    error->failure == Failure::tls_version || error->failure == Failure::tls_failed;
  if (!mine || only_our_clock(picture, *error)) return std::nullopt;
  Finding finding =
      about_error(picture, error->failure == Failure::tls_failed ? Certainty::likely : Certainty::strong, {});
  finding.scope = Scope::everyone;
  for (const Observation* seen : picture.of("tls"))
    if (finding.cites.size() < 8) finding.cites.push_back(seen->id);
  finding.summary = what_is_wrong(*error, picture.page.host) + ".";
  return finding;
}

}  // namespace

extern const Fault gateway_tls{
    .info = {.id = "gateway.tls",
             .hop = Hop::gateway,
             .side = Side::owner,
             .title = "The site's own TLS is broken",
             .meaning = "The site's certificate or its TLS settings are broken, so browsers refuse to go on."},
    .layer = Layer::site,
    .explains = {},
    .match = match_gateway_tls,
};

}  // namespace fix502::faults
