#include <fmt/format.h>

#include <algorithm>

#include "fault/rule.hpp"

namespace fix502::faults {
namespace {

/// nsswitch sources that can find a name on the internet (nsswitch.conf(5), nss-resolve(8), nss_mdns).
constexpr std::string_view kNetworkSources[] = {"dns",  "resolve", "mdns", "mdns4", "mdns6",
                                                "wins", "ldap",    "sss",  "nis"};

std::optional<Finding> match_device_resolver_config(const Picture& picture) {
  if (picture.resolver_config == nullptr || picture.names.resolves() || picture.names.lookup == nullptr)
    return std::nullopt;
  const auto& config = *picture.resolver_config->as<ResolverConfig>();
  const bool files_only =
      !config.sources.empty() && std::ranges::none_of(config.sources, [](const std::string& source) {
        return std::ranges::find(kNetworkSources, source) != std::end(kNetworkSources);
      });
  const bool uses_resolve = std::ranges::find(config.sources, "resolve") != config.sources.end();
  const bool no_server = config.nameservers.empty() && !uses_resolve;
  if (!files_only && !no_server) return std::nullopt;
  const bool would_resolve = picture.names.truth() == NameAnswer::addresses;
  Finding finding;
  finding.certainty = would_resolve ? Certainty::proven : Certainty::strong;
  finding.scope = Scope::only_you;
  if (files_only) finding.subject = "nsswitch";
  finding.cause = "dns_error";
  finding.nel = "dns.name_not_resolved";
  finding.cites = {picture.resolver_config->id, picture.names.lookup->id};
  finding.summary = files_only ? "This machine is set to look names up in its hosts file alone (nsswitch.conf), so it "
                                 "finds no site's address."
                               : "This machine has no name server set, so it finds no site's address.";
  return finding;
}

}  // namespace

extern const Fault device_resolver_config{
    .info = {.id = "device.resolver-config",
             .hop = Hop::device,
             .side = Side::visitor,
             .title = "This machine has no way to look up names",
             .meaning = "This machine's own settings leave names no way to be resolved: no name server is set, or only "
                        "the hosts file is asked."},
    .layer = Layer::visitor,
    .explains = {"dns."},
    .match = match_device_resolver_config,
};

}  // namespace fix502::faults
