#include "serve/allowed.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

constexpr std::string_view kWhy = "this server is not allowed to connect to that address";

/// 4 or 16 bytes; an IPv4 address inside of an IPv6 one (::ffff:0:0/96) is the IPv4 address that it leads to. Empty: no
/// address. A zone ("%eth0") is not part of it.
std::string bytes_of(std::string_view text) {
  std::string address(text.substr(0, text.find('%')));
  char bytes[16];
  if (inet_pton(AF_INET, address.c_str(), bytes) == 1) return {bytes, 4};
  if (inet_pton(AF_INET6, address.c_str(), bytes) != 1) return {};
  constexpr std::string_view kMapped("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
  if (std::string_view(bytes, 12) == kMapped) return {bytes + 12, 4};
  return {bytes, 16};
}

std::vector<Network> networks(std::initializer_list<std::string_view> texts) {
  std::vector<Network> all;
  for (const std::string_view text : texts)
    if (auto network = parse_network(text)) all.push_back(std::move(*network));
  return all;
}

bool held_by(const std::vector<Network>& all, std::string_view bytes) {
  return std::ranges::any_of(all, [&](const Network& one) { return one.holds(bytes); });
}

/// RFC 3927, RFC 4291 2.5.6, and the address at which AWS has the same services over IPv6.
const std::vector<Network>& link_local() {
  static const std::vector<Network> kAll = networks({"169.254.0.0/16", "fe80::/10", "fd00:ec2::254"});
  return kAll;
}

/// The IANA IPv4 and IPv6 special-purpose address registries: what is not globally reachable, or leads to where IPv4
/// addresses hide inside (6to4, Teredo, NAT64); multicast.
const std::vector<Network>& special() {
  static const std::vector<Network> kAll = networks(
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

bool Network::holds(std::string_view address) const {
  if (address.size() != bytes.size()) return false;
  for (int bit = 0; bit < bits; bit += 8) {
    const auto at = static_cast<std::size_t>(bit / 8);
    const int kept = std::min(8, bits - bit);
    const auto mask = static_cast<unsigned char>(0xff << (8 - kept));
    if ((static_cast<unsigned char>(address[at]) & mask) != (static_cast<unsigned char>(bytes[at]) & mask))
      return false;
  }
  return true;
}

Result<Network> parse_network(std::string_view text) {
  const auto slash = std::min(text.find('/'), text.size());
  Network network;
  network.bytes = bytes_of(text.substr(0, slash));
  network.bits = static_cast<int>(network.bytes.size()) * 8;
  if (network.bytes.empty()) return fail("that is no network, such as 10.0.0.0/8", printable(text, 60));
  if (slash == text.size()) return network;
  const std::string_view digits = text.substr(slash + 1);
  int bits = -1;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size() || bits < 0 || bits > network.bits)
    return fail("that is no network, such as 10.0.0.0/8", printable(text, 60));
  network.bits = bits;
  return network;
}

bool AllowedTargets::allows(std::string_view address) const {
  const std::string bytes = bytes_of(address);
  if (bytes.empty()) return false;
  if (held_by(allowed_, bytes)) return true;
  if (held_by(link_local(), bytes)) return false;
  return !serves_others_ || !held_by(special(), bytes);
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
