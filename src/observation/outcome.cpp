// One short phrase for each kind of observation: what a report shows in the column "what was seen".

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "observation/observation.hpp"

namespace fix502 {
namespace {

struct StatusRow {
  int status;
  std::string_view phrase;
};

constexpr StatusRow kStatuses[] = {
#define STATUS(number, phrase) {number, phrase},
#include "observation/statuses.def"
#undef STATUS
};

std::string status_line(const HttpExchange& seen) {
  const int status = *seen.status;
  if (!seen.reason.empty()) return fmt::format("{} {}", status, seen.reason);
  const auto known = std::ranges::find(kStatuses, status, &StatusRow::status);
  return known == std::end(kStatuses) ? std::to_string(status) : fmt::format("{} {}", status, known->phrase);
}

/// "a, b, c and 4 more"
std::string listed(std::span<const std::string> items) {
  constexpr std::size_t kShown = 3;
  const auto shown = items.first(std::min(items.size(), items.size() == kShown + 1 ? kShown + 1 : kShown));
  const std::string text = fmt::format("{}", fmt::join(shown, ", "));
  return shown.size() == items.size() ? text : fmt::format("{} and {} more", text, items.size() - shown.size());
}

std::string with_detail(std::string_view text, std::string_view detail) {
  return detail.empty() ? std::string(text) : fmt::format("{} ({})", text, detail);
}

std::string phrase(const HttpExchange& seen) {
  if (seen.failure == Failure::none) return seen.status ? status_line(seen) : "no answer";
  const std::string_view why = sentence(seen.failure);
  if (seen.status) return fmt::format("{}, but {}", status_line(seen), why);
  if (seen.tunnel_status) return with_detail(why, std::to_string(*seen.tunnel_status));
  return with_detail(why, seen.alert >= 0 ? std::to_string(seen.alert) : "");
}

std::string phrase(const DnsExchange& seen) {
  if (seen.failure != Failure::none) return std::string(sentence(seen.failure));
  if (!seen.rcode.empty() && seen.rcode != "NOERROR") return with_detail(seen.rcode, seen.extended_error);
  std::vector<std::string> data;
  std::vector<std::string> servers;
  std::optional<std::uint32_t> ttl;
  for (const auto& record : seen.answer) {
    if (record.type != seen.type) continue;
    data.push_back(record.data);
    ttl = std::min(ttl.value_or(record.ttl), record.ttl);
  }
  for (const auto& record : seen.authority)
    if (record.type == "NS") servers.push_back(record.data);
  if (!data.empty()) return fmt::format("{} (TTL {})", listed(data), *ttl);
  if (seen.answer.empty() && !servers.empty()) return "delegated to " + listed(servers);
  const auto alias = std::ranges::find(seen.answer, "CNAME", &DnsRecord::type);
  if (alias != seen.answer.end()) return fmt::format("alias of {}, no {} record", alias->data, seen.type);
  return fmt::format("no {} record", seen.type);
}

std::string phrase(const TcpConnect& seen) {
  return seen.failure == Failure::none ? "connected" : std::string(sentence(seen.failure));
}

std::string phrase(const SystemLookup& seen) {
  if (seen.failure != Failure::none) return with_detail(sentence(seen.failure), seen.error);
  return seen.addresses.empty() ? "no address" : listed(seen.addresses);
}

std::string phrase(const ResolverConfig& seen) {
  return seen.nameservers.empty() ? "no name server" : listed(seen.nameservers);
}

std::string phrase(const HostsEntry& seen) {
  if (seen.addresses.empty()) return "no entry for this name";
  return fmt::format("{} (line {})", listed(seen.addresses), seen.line);
}

std::string phrase(const Interfaces& seen) {
  std::vector<std::string> up;
  for (const auto& interface : seen.interfaces)
    if (interface.up && !interface.loopback && !interface.addresses.empty()) up.push_back(interface.name);
  if (up.empty()) return "no usable interface";
  if (!seen.default_route_ipv4 && !seen.default_route_ipv6) return listed(up) + ", no default route";
  const std::string_view families = !seen.default_route_ipv6   ? "IPv4 only"
                                    : !seen.default_route_ipv4 ? "IPv6 only"
                                                               : "IPv4 and IPv6";
  return fmt::format("{}, {}", listed(up), families);
}

std::string phrase(const ProxySettings& seen) {
  if (!seen.proxy.empty()) return with_detail(seen.proxy, seen.source);
  if (!seen.pac.empty()) return "a script chooses the proxy: " + seen.pac;
  return seen.bypassed_by.empty() ? "no proxy" : fmt::format("no proxy (excepted by {})", seen.bypassed_by);
}

std::string phrase(const BrowserProfile& seen) {
  std::vector<std::string> parts;
  const auto served = std::ranges::count(seen.stored, true, &StoredAnswer::served);
  for (const auto& answer : seen.stored)
    if (answer.served || served == 0)
      parts.push_back(fmt::format("{} stored, {}", answer.status, answer.served ? "served from there" : "not served"));
  if (parts.empty()) parts.emplace_back(seen.cache.empty() ? "no cache" : "nothing stored for this page");
  if (!seen.workers.empty()) parts.emplace_back("a service worker");
  if (seen.cookies && seen.cookies->count > 0)
    parts.push_back(fmt::format("{} cookies of {} bytes", seen.cookies->count, seen.cookies->bytes));
  return fmt::format("{}: {}", seen.browser, listed(parts));
}

/// "502 Bad Gateway from its cache (chromium)"
std::string phrase(const BrowserVisit& seen) {
  if (!seen.trouble.empty()) return fmt::format("{}: {}", seen.browser, seen.trouble);
  std::string text;
  if (seen.failure != Failure::none)
    text = with_detail(sentence(seen.failure), seen.net_error);
  else
    text = seen.status ? status_line(as_exchange(seen)) : "no answer";
  if (seen.from_worker) text += ", made by a service worker";
  if (seen.from_cache) text += ", from its cache";
  return fmt::format("{}: {}", seen.browser, text);
}

std::string phrase(const ResolverCache& seen) {
  const std::string who = seen.program.empty() ? seen.where : fmt::format("{} at {}", seen.program, seen.where);
  if (seen.cached == Cached::no) return fmt::format("not stored in {}", who);
  const std::string what = seen.addresses.empty() ? "no address" : listed(seen.addresses);
  if (seen.cached == Cached::unknown) return fmt::format("{} answers {}", who, what);
  return seen.ttl ? fmt::format("{} (TTL {}) stored in {}", what, *seen.ttl, who)
                  : fmt::format("{} stored in {}", what, who);
}

}  // namespace

std::string outcome(const Observation& observation) {
  return std::visit([](const auto& data) { return phrase(data); }, observation.data);
}

}  // namespace fix502
