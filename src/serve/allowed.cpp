#include "serve/allowed.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

constexpr std::string_view kWhy = "this server is not allowed to connect to that address";

constexpr std::string_view kNoNetwork = "that is no network, such as 10.0.0.0/8";

/// ::ffff:0:0/96 (RFC 4291 2.5.5.2): an IPv4 address inside.
bool is_mapped(const Address& address) {
  constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return address.ipv6 && std::ranges::equal(std::span(address.bytes).first<12>(), kMapped);
}

/// Where a packet to it goes: a mapped one to the IPv4 address, a zone ("%eth0") is not part of it.
std::optional<Address> address_of(std::string_view text) {
  auto address = parse_address(text.substr(0, text.find('%')));
  if (!address || !is_mapped(*address)) return address;
  Address inside;
  std::ranges::copy(std::span(address->bytes).last<4>(), inside.bytes.begin());
  return inside;
}

std::vector<Prefix> networks(std::initializer_list<std::string_view> texts) {
  std::vector<Prefix> all;
  for (const std::string_view text : texts)
    if (const auto network = parse_network(text)) all.push_back(*network);
  return all;
}

bool held_by(const std::vector<Prefix>& all, const Address& address) {
  return std::ranges::any_of(all, [&](const Prefix& one) { return one.contains(address); });
}

/// RFC 3927, RFC 4291 2.5.6, and the address at which AWS has the same services over IPv6.
const std::vector<Prefix>& link_local() {
  static const std::vector<Prefix> kAll = networks({"169.254.0.0/16", "fe80::/10", "fd00:ec2::254"});
  return kAll;
}

/// The IANA IPv4 and IPv6 special-purpose address registries: what is not globally reachable, or leads to where IPv4
/// addresses hide inside (6to4, Teredo, NAT64); multicast.
const std::vector<Prefix>& special() {
  static const std::vector<Prefix> kAll = networks(
      {"0.0.0.0/8",     "10.0.0.0/8",     "100.64.0.0/10",  "127.0.0.0/8",    "172.16.0.0/12",   "192.0.0.0/24",
       "192.0.2.0/24",  "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",  "198.51.100.0/24", "203.0.113.0/24",
       "224.0.0.0/3",   "::/96",          "64:ff9b::/96",   "64:ff9b:1::/48", "100::/64",        "2001::/23",
       "2001:db8::/32", "2002::/16",      "fc00::/7",       "fec0::/10",      "ff00::/8"});
  return kAll;
}

/// The address of "192.0.2.1:53", "[2001:db8::1]:53", "tls://192.0.2.1#name"; a host's name where it is one.
std::string host_of_server(std::string_view server) {
  if (server.starts_with("tls://")) server.remove_prefix(6);
  server = server.substr(0, server.find('#'));
  const auto endpoint = parse_endpoint(server);
  return endpoint ? endpoint->host : std::string{};
}

}  // namespace

Result<Prefix> parse_network(std::string_view text) {
  if (!text.contains('/')) {
    const auto address = address_of(text);
    if (!address) return fail(std::string(kNoNetwork), printable(text, 60));
    return Prefix{*address, address->ipv6 ? 128 : 32};
  }
  const auto network = parse_prefix(text);
  // What is inside of it is compared as IPv4.
  if (!network || is_mapped(network->address)) return fail(std::string(kNoNetwork), printable(text, 60));
  return *network;
}

bool AllowedTargets::allows(std::string_view text) const {
  const auto address = address_of(text);
  if (!address) return false;
  if (held_by(allowed_, *address)) return true;
  if (held_by(link_local(), *address)) return false;
  return !serves_others_ || !held_by(special(), *address);
}

bool is_refusal(const HttpExchange& exchange) {
  return exchange.failure == Failure::local_denied && exchange.detail == kWhy;
}

Task<HttpExchange> GuardedNet::http(HttpRequest request) {
  // Through a proxy it is the proxy that connects, and only the operator can have set it.
  const auto target = parse_target(request.url);
  if (target && target->host_is_address && request.proxy.empty() && request.addresses.empty())
    request.addresses = {target->host};
  const bool literal_refused = target && target->host_is_address && !allowed_.allows(target->host);
  const std::size_t given = request.addresses.size();
  if (request.proxy.empty())
    std::erase_if(request.addresses, [&](const std::string& address) { return !allowed_.allows(address); });
  const bool none_left = given > 0 && request.addresses.empty();
  if (!literal_refused && !none_left) co_return co_await real_.http(std::move(request));
  HttpExchange refused;
  refused.url = std::move(request.url);
  refused.method = std::move(request.method);
  refused.client = std::move(request.client.id);
  refused.failure = Failure::local_denied;
  refused.reached = Phase::connect;
  refused.detail = kWhy;
  co_return refused;
}

Task<DnsExchange> GuardedNet::dns(DnsQuery query) {
  // The resolvers that the operator's system is set to may be anywhere; every other server is somebody else's word.
  bool allowed = query.role == DnsRole::system;
  if (query.server.starts_with("https://")) {
    std::erase_if(query.server_addresses, [&](const std::string& address) { return !allowed_.allows(address); });
    const auto url = parse_target(query.server);
    allowed = allowed || (url && (url->host_is_address ? allowed_.allows(url->host) : !query.server_addresses.empty()));
  } else {
    allowed = allowed || allowed_.allows(host_of_server(query.server));
  }
  if (allowed) co_return co_await real_.dns(std::move(query));
  DnsExchange refused;
  refused.server = std::move(query.server);
  refused.server_name = std::move(query.server_name);
  refused.role = query.role;
  refused.zone = std::move(query.zone);
  refused.name = std::move(query.name);
  refused.type = std::move(query.type);
  refused.failure = Failure::local_denied;
  co_return refused;
}

Task<TcpConnect> GuardedNet::tcp(std::string address, std::uint16_t port, std::string interface, Milliseconds timeout) {
  if (allowed_.allows(address)) co_return co_await real_.tcp(std::move(address), port, std::move(interface), timeout);
  TcpConnect refused;
  refused.address = std::move(address);
  refused.port = port;
  refused.failure = Failure::local_denied;
  refused.detail = kWhy;
  co_return refused;
}

}  // namespace fix502
