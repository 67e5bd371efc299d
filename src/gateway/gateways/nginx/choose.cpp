#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/nginx/journey.hpp"
#include "target/target.hpp"

namespace fix502::nginx {
namespace {

const Server* by_name(Journey& journey, const Address& address, const std::string& host) {
  if (const auto found = address.exact.find(host); found != address.exact.end()) return found->second;
  // "*.example.test": the longest first, and it takes any number of labels.
  for (auto dot = host.find('.'); dot != std::string::npos; dot = host.find('.', dot + 1))
    if (const auto found = address.head.find(host.substr(dot)); found != address.head.end() && dot > 0)
      return found->second;
  for (auto dot = host.rfind('.'); dot != std::string::npos && dot > 0; dot = host.rfind('.', dot - 1))
    if (const auto found = address.tail.find(host.substr(0, dot + 1)); found != address.tail.end())
      return found->second;
  for (const auto& [name, server] : address.patterns)
    if (name->pattern != nullptr && journey.match(*name->pattern, host)) return server;
  return nullptr;
}

/// The sockets that could take a connection to this port, the most exact first (ngx_http_init_connection()).
std::vector<const Address*> candidates(const Journey& journey) {
  const auto& in = journey.in;
  const std::string wanted = !in.address.empty() ? in.address : is_ipv4(in.host) || is_ipv6(in.host) ? in.host : "";
  std::vector<const Address*> exact, wild, others;
  for (const auto& address : journey.model.addresses) {
    if (address.port != in.port) continue;
    const bool six = address.address.contains(':'), any = address.address == "0.0.0.0" || address.address == "::";
    if (!any)
      (address.address == wanted ? exact : others).push_back(&address);
    else if (wanted.empty() || six == wanted.contains(':') || (six && address.both_families))
      (six ? wild.insert(wild.end(), &address) : wild.insert(wild.begin(), &address));
  }
  if (!exact.empty()) return exact;
  if (!in.address.empty()) return wild;
  wild.insert(wild.end(), others.begin(), others.end());
  return wild;
}

}  // namespace

bool choose_server(Journey& journey) {
  auto& in = journey.in;
  in.host = lower(in.host);
  if (in.host.ends_with('.')) in.host.pop_back();
  const auto sockets = candidates(journey);
  if (sockets.empty()) {
    journey.note(fmt::format("no listen directive has port {}", in.port));
    return false;
  }
  const auto named = std::ranges::find_if(
      sockets, [&](const auto* address) { return by_name(journey, *address, in.host) != nullptr; });
  journey.address = named == sockets.end() ? sockets.front() : *named;
  if (sockets.size() > 1 && in.address.empty() &&
      std::ranges::any_of(sockets, [](const auto* a) { return a->address != "0.0.0.0" && a->address != "::"; }))
    journey.note(fmt::format("which address the visitor connects to is not known; {}:{} is taken",
                             journey.address->address, journey.address->port));
  const auto* found = by_name(journey, *journey.address, in.host);
  journey.server = found == nullptr ? journey.address->fallback : found;
  journey.conf = &journey.server->block();
  for (const auto& [server, listen] : journey.address->servers)
    if (server == journey.server && listen->at != nullptr) journey.way.push_back(listen->at->place);
  journey.way.push_back(journey.server->at->place);
  if ((in.scheme == "https") == journey.address->tls) return true;
  journey.note(journey.address->tls ? "the port speaks TLS, and the request is plain"
                                    : "the port is plain, and the request comes with TLS");
  return false;
}

}  // namespace fix502::nginx
