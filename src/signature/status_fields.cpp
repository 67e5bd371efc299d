// Proxy-Status (RFC 9209) and Cache-Status (RFC 9211) on top of structured fields.

#include <limits>

#include "signature/sf.hpp"
#include "signature/signature.hpp"

namespace fix502 {
namespace {

template <typename T>
std::optional<T> whole_number(const sf::Parameters& parameters, std::string_view name) {
  const auto* value = sf::parameter<std::int64_t>(parameters, name);
  if (value == nullptr || !std::in_range<T>(*value)) return {};
  return static_cast<T>(*value);
}

bool flag(const sf::Parameters& parameters, std::string_view name) {
  const auto* value = sf::parameter<bool>(parameters, name);
  return value != nullptr && *value;
}

/// Both fields are lists of items whose value, a string or a token, names the intermediary.
template <typename Read>
void each_named(std::string_view value, Read read) {
  const auto list = sf::parse_list(value);
  if (!list) return;
  for (const auto& member : *list) {
    if (member.inner) continue;
    if (const auto name = sf::text_of(member.items.front().value); !name.empty())
      read(std::string(name), member.parameters);
  }
}

}  // namespace

std::vector<ProxyStatusMember> parse_proxy_status(std::string_view value) {
  std::vector<ProxyStatusMember> members;
  each_named(value, [&](std::string name, const sf::Parameters& parameters) {
    ProxyStatusMember member;
    member.proxy = std::move(name);
    member.error = sf::text_parameter(parameters, "error");
    member.received_status = whole_number<int>(parameters, "received-status");
    member.next_hop = sf::text_parameter(parameters, "next-hop");
    member.details = sf::text_parameter(parameters, "details");
    members.push_back(std::move(member));
  });
  return members;
}

std::vector<CacheStatusMember> parse_cache_status(std::string_view value) {
  std::vector<CacheStatusMember> members;
  each_named(value, [&](std::string name, const sf::Parameters& parameters) {
    CacheStatusMember member;
    member.cache = std::move(name);
    member.hit = flag(parameters, "hit");
    member.fwd = sf::text_parameter(parameters, "fwd");
    member.fwd_status = whole_number<int>(parameters, "fwd-status");
    member.ttl = whole_number<long>(parameters, "ttl");
    member.stored = flag(parameters, "stored");
    members.push_back(std::move(member));
  });
  return members;
}

}  // namespace fix502
