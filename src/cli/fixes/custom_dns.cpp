// Another resolver, measured before it is set, for the system or for one browser.

#include "remedy/custom_dns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/text.hpp"
#include "cli/fix.hpp"
#include "cli/fixes/browser_dns.hpp"
#include "cli/fixes/dns_trials.hpp"
#include "repair/file_state.hpp"
#include "sys/host.hpp"
#include "sys/linux/files.hpp"

namespace fix502 {
namespace {

/// Asked for where no page is named; it exists for such purposes (RFC 2606 3).
constexpr std::string_view kNameToTry = "example.com";
constexpr std::chrono::seconds kToolTime{5};

std::vector<std::string> said_by(const std::vector<std::string>& command) {
  const std::string text = output_of(command, kToolTime);
  // "Link 2 (eth0): 192.0.2.1 192.0.2.2"
  const auto colon = text.find("):");
  std::vector<std::string> found;
  for (const auto word : words(colon == text.npos ? std::string_view{} : std::string_view(text).substr(colon + 2)))
    found.emplace_back(word);
  return found;
}

/// The interface that packets for everywhere leave by, as `ip route` names it.
std::string way_out() {
  for (const char* family : {"-4", "-6"}) {
    const std::string text = output_of({"ip", family, "route", "show", "default"}, kToolTime);
    const auto word = words(text.substr(0, text.find('\n')));
    for (std::size_t i = 0; i + 1 < word.size(); ++i)
      if (word[i] == "dev") return std::string(word[i + 1]);
  }
  return {};
}

LinkDns link_now(const std::string& interface) {
  LinkDns link;
  link.interface = interface;
  link.servers = said_by({"resolvectl", "dns", interface});
  link.domains = said_by({"resolvectl", "domain", interface});
  if (const auto mode = said_by({"resolvectl", "dnsovertls", interface}); !mode.empty()) link.over_tls = mode.front();
  const std::string index = read_text("/sys/class/net/" + interface + "/ifindex", 20);
  std::error_code ignored;
  link.managed = std::filesystem::exists("/run/systemd/netif/links/" + std::string(trim(index)), ignored);
  return link;
}

bool asks_resolved(const ResolverConfig& config) {
  return std::ranges::any_of(config.nameservers, [](const std::string& server) {
    return server == "127.0.0.53:53" || server == "127.0.0.54:53";
  });
}

bool manager_runs() {
  return trim(output_of({"nmcli", "--terse", "--fields", "RUNNING", "general"}, kToolTime)) == "running";
}

Result<Work> for_system(const DnsChoice& choice) {
  if (choice.addresses.empty())
    return fail("for the system a resolver is named by its address, or tls://ADDRESS#NAME", choice.title);
  const ResolverConfig config = this_host()->resolver_config();
  const std::string interface = way_out();
  if (manager_runs() && !interface.empty()) return dns_by_network_manager(interface, choice);
  if (asks_resolved(config)) {
    if (interface.empty()) return fail("no interface has a default route, so there is none to set a resolver for");
    return dns_by_resolved(link_now(interface), choice);
  }
  const auto state = look_at(config.path);
  if (!state) return std::unexpected(state.error());
  if (choice.addresses.front().find("]:") != std::string::npos ||
      std::ranges::count(choice.addresses.front(), ':') == 1)
    return fail("resolv.conf(5) knows no ports", choice.addresses.front());
  return dns_by_file(config.path, read_text(config.path, 1024 * 1024), state->is(FileState::Kind::link), choice);
}

std::string line_of(const DnsTrial& trial, const DnsChoice& choice) {
  return fmt::format("  {:<28}{:>6} ms  {}{}\n", printable(choice.title, 28), trial.took.count() / 1000,
                     trial.addresses.empty() ? "no address" : trial.addresses.front(),
                     trial.over_tls ? "  (over TLS)" : "");
}

}  // namespace

Result<Prepared> prepare_custom_dns(const FixRequest& request) {
  const std::string scope = request.scope.empty() ? "system" : request.scope;
  const bool system = scope == "system";
  std::vector<DnsChoice> choices = public_resolvers();
  if (!request.resolver.empty()) {
    auto choice = parse_dns_choice(request.resolver);
    if (!choice) return std::unexpected(choice.error());
    // RFC 8484 4.1.1 leaves the path open; this is the usual one.
    if (!system && choice->doh_url.empty() && !choice->addresses.empty())
      choice->doh_url =
          fmt::format("https://{}/dns-query", choice->tls_name.empty() ? choice->addresses.front() : choice->tls_name);
    choices = {*choice};
  }
  if (system && choices.front().addresses.empty()) return std::unexpected(for_system(choices.front()).error());
  const std::string name = request.has_url() && !request.diagnosis.target.host_is_address
                               ? request.diagnosis.target.host
                               : std::string(kNameToTry);
  const bool resolved = system && asks_resolved(this_host()->resolver_config());
  const DnsUse use = !system ? DnsUse::https : resolved ? DnsUse::tls_or_plain : DnsUse::plain;
  const auto trials = ranked(try_resolvers(choices, name, use));
  Prepared ready;
  if (trials.empty()) {
    ready.work.nothing = choices.size() == 1 ? fmt::format("{} does not answer from here", choices.front().title)
                                             : "none of the public resolvers answers from here";
    return ready;
  }
  fmt::print(request.out, "Asked for {}:\n", printable(name, 253));
  for (const auto& trial : trials) fmt::print(request.out, "{}", line_of(trial, choices[trial.choice]));
  DnsChoice best = choices[trials.front().choice];
  best.over_tls = trials.front().over_tls;
  if (!system) return browser_dns(request, scope, best, name);
  auto work = for_system(best);
  if (!work) return std::unexpected(work.error());
  ready.work = std::move(*work);
  if (!request.has_url())
    ready.check = [best, name, use] {
      const auto again = ranked(try_resolvers({best}, name, use));
      return Prepared::Outcome{.helped = !again.empty(), .line = fmt::format("{} answers", best.title)};
    };
  return ready;
}

}  // namespace fix502
