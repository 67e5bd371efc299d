// A stub resolver as libc has one: the hosts file first, then each resolver in turn until one gives a usable answer.

#include "demo/demo_net.hpp"

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>

namespace fix502 {
namespace {

using namespace boost::asio::experimental::awaitable_operators;

DnsQuery question(const std::string& server, const std::string& name, const char* type, Milliseconds timeout) {
  DnsQuery query;
  query.server = server;
  query.name = name;
  query.type = type;
  query.timeout = timeout;
  return query;
}

/// NOERROR and NXDOMAIN are answers; anything else makes libc ask the next server (resolv.conf(5)).
bool is_usable(const DnsExchange& dns) {
  return dns.failure == Failure::none && (dns.rcode == "NOERROR" || dns.rcode == "NXDOMAIN");
}

}  // namespace

Task<SystemLookup> DemoNet::lookup(std::string name, Milliseconds timeout) {
  SystemLookup found;
  found.name = name;
  found.addresses = host_.hosts_entry(name).addresses;
  if (!found.addresses.empty()) co_return found;
  found.failure = Failure::name_not_resolved;
  found.error = "EAI_AGAIN";
  const ResolverConfig config = host_.resolver_config();
  for (const auto& server : config.nameservers) {
    DnsQuery a = question(server, name, "A", timeout);
    DnsQuery aaaa = question(server, name, "AAAA", timeout);
    Task<DnsExchange> ask_a = real_.dns(std::move(a));
    Task<DnsExchange> ask_aaaa = real_.dns(std::move(aaaa));
    const auto [v4, v6] = co_await (std::move(ask_a) && std::move(ask_aaaa));
    if (!is_usable(v4) && !is_usable(v6)) continue;
    found.addresses = v6.addresses();
    std::ranges::copy(v4.addresses(), std::back_inserter(found.addresses));
    found.failure = found.addresses.empty() ? Failure::name_not_resolved : Failure::none;
    found.error = found.addresses.empty() ? "EAI_NONAME" : "";
    break;
  }
  co_return found;
}

}  // namespace fix502
