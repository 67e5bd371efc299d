#include "remedy/custom_dns.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "base/text.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

std::vector<std::string> blank_separated(std::string_view first, std::string_view second) {
  std::vector<std::string> all;
  for (const auto list : {first, second})
    for (const auto word : words(list)) all.emplace_back(word);
  return all;
}

struct Provider {
  std::string_view id;
  DnsChoice choice;
};

const std::vector<Provider>& providers() {
  static const std::vector<Provider> kProviders = {
#define PUBLIC_RESOLVER(word, name, ipv4, ipv6, dot, doh, source) \
  {word, {.title = name, .addresses = blank_separated(ipv4, ipv6), .tls_name = dot, .doh_url = doh}},
#include "../../data/public_resolvers.def"
#undef PUBLIC_RESOLVER
  };
  return kProviders;
}

Result<DnsChoice> no_choice(std::string_view text) {
  std::string names;
  for (const auto& provider : providers()) names += std::string(provider.id) + ", ";
  return fail(fmt::format("--resolver takes {}https://HOST/PATH, tls://ADDRESS[#NAME] or an address, not", names),
              printable(text, 80));
}

Result<DnsChoice> by_address(std::string_view text, std::string_view tls_name) {
  const auto endpoint = parse_endpoint(text);
  if (!endpoint || (!is_ipv4(endpoint->host) && !is_ipv6(endpoint->host))) return no_choice(text);
  for (const auto& provider : providers())
    if (std::ranges::find(provider.choice.addresses, endpoint->host) != provider.choice.addresses.end())
      return provider.choice;
  const bool usual = endpoint->port == 0 || endpoint->port == 53;
  return DnsChoice{.title = std::string(text),
                   .addresses = {usual ? endpoint->host : to_text(*endpoint)},
                   .tls_name = std::string(tls_name),
                   .doh_url = {}};
}

/// One of the table, by its name or one of its addresses, brings the rest along.
DnsChoice by_url(const Target& url) {
  for (const auto& [id, choice] : providers()) {
    const auto known = parse_target(choice.doh_url);
    const bool same = known && known->host == url.host;
    if (!same && std::ranges::find(choice.addresses, url.host) == choice.addresses.end()) continue;
    DnsChoice found = choice;
    found.doh_url = url.url;
    return found;
  }
  DnsChoice found{.title = url.url, .addresses = {}, .tls_name = {}, .doh_url = url.url};
  if (url.host_is_address) found.addresses = {url.host};
  return found;
}

}  // namespace

const std::vector<DnsChoice>& public_resolvers() {
  static const std::vector<DnsChoice> kChoices = [] {
    std::vector<DnsChoice> all;
    for (const auto& provider : providers()) all.push_back(provider.choice);
    return all;
  }();
  return kChoices;
}

Result<DnsChoice> parse_dns_choice(std::string_view text) {
  for (const auto& provider : providers())
    if (equals_ignoring_case(provider.id, text)) return provider.choice;
  if (text.starts_with("https://")) {
    const auto url = parse_target(text);
    if (!url) return std::unexpected(url.error());
    return by_url(*url);
  }
  if (!text.starts_with("tls://")) return by_address(text, {});
  text.remove_prefix(6);
  const auto hash = text.find('#');
  const auto name = hash == text.npos ? std::string_view{} : text.substr(hash + 1);
  const bool plain = std::ranges::all_of(name, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-';
  });
  if (!plain || (hash != text.npos && name.empty())) return no_choice(text);
  // Without a name its certificate is taken for the address (RFC 8310 8.1 asks for one or the other).
  auto choice = by_address(text.substr(0, hash), name.empty() ? text.substr(0, hash) : name);
  return choice;
}

std::vector<DnsTrial> ranked(std::vector<DnsTrial> trials) {
  std::erase_if(trials, [](const DnsTrial& trial) { return !trial.answered; });
  std::map<std::vector<std::string>, int> votes;
  for (const auto& trial : trials) ++votes[trial.addresses];
  std::ranges::stable_sort(trials, {}, [&](const DnsTrial& trial) {
    return std::tuple(trial.addresses.empty(), -votes[trial.addresses], trial.took);
  });
  return trials;
}

}  // namespace fix502
