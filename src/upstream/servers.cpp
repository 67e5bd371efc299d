// A name's addresses, a route's servers: who is asked, and how many at once.

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include "upstream/contrasts.hpp"
#include "upstream/side_by_side.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostToOne = 12;  // requests to one server

struct Found {
  std::vector<std::string> addresses;
  Failure failure = Failure::none;
  std::string detail;
};

void add_answers(Found& found, const DnsExchange& answer) {
  if (answer.failure != Failure::none)
    found.detail = answer.rcode.empty() ? std::string(sentence(answer.failure)) : answer.rcode;
  for (const auto& address : answer.addresses())
    if (std::ranges::find(found.addresses, address) == found.addresses.end()) found.addresses.push_back(address);
}

/// As the gateway does it: its own resolver, or getaddrinfo(3).
Task<Found> look_up(Net& net, UpstreamServer server, Milliseconds timeout) {
  Found found;
  if (server.resolver.empty() || server.resolved_by_host_file) {
    const SystemLookup lookup = co_await net.lookup(server.host, timeout);
    found.addresses = lookup.addresses;
    found.failure = lookup.failure;
    found.detail = lookup.error;
    co_return found;
  }
  for (const char* type : {"A", "AAAA"}) {
    DnsQuery query;
    query.server = server.resolver;
    query.name = server.host;
    query.type = type;
    query.timeout = std::min(timeout, query.timeout);
    const DnsExchange answer = co_await net.dns(std::move(query));
    add_answers(found, answer);
    if (found.detail.empty()) found.detail = answer.rcode;
  }
  if (found.addresses.empty()) found.failure = Failure::name_not_resolved;
  co_return found;
}

Replay not_resolved(const ReplayRequest& own, Found found) {
  Replay seen;
  seen.server = own.index;
  seen.endpoint = own.endpoint();
  seen.varied = own.varied;
  seen.protocol = own.request.protocol;
  seen.reached = Phase::resolve;
  seen.failure = found.failure == Failure::none ? Failure::name_not_resolved : found.failure;
  seen.detail = std::move(found.detail);
  return seen;
}

/// A name's IPv6 address on a machine without IPv6 is none that a gateway would try (AI_ADDRCONFIG).
void drop_foreign_family(std::vector<Replay>& replays) {
  const bool reached = std::ranges::any_of(replays, [](const Replay& replay) { return !is_connect(replay.failure); });
  if (!reached) return;
  std::erase_if(replays, [](const Replay& replay) {
    return replay.endpoint.starts_with('[') && !replay.endpoint.starts_with("[::1]") &&
           (replay.failure == Failure::unreachable || replay.failure == Failure::local_address);
  });
}

}  // namespace

Task<std::vector<Replay>> replay_server(Net& net, ReplayRequest own) {
  std::vector<ReplayRequest> wanted;
  if (!own.server.socket.empty() || !own.server.is_name() || !own.address.empty()) {
    wanted.push_back(std::move(own));
    co_return co_await side_by_side(std::move(wanted), kMostAtOnce);
  }
  Found found = co_await look_up(net, own.server, own.limits.whole);
  if (found.addresses.empty()) {
    std::vector<Replay> only;
    only.push_back(not_resolved(own, std::move(found)));
    co_return only;
  }
  for (const auto& address : found.addresses) {
    if (wanted.size() == kMostAddresses) break;
    ReplayRequest one = own;
    one.address = address;
    one.addresses = found.addresses;
    wanted.push_back(std::move(one));
  }
  std::vector<Replay> seen = co_await side_by_side(std::move(wanted), kMostAtOnce);
  drop_foreign_family(seen);
  co_return seen;
}

namespace {

/// One server: its own request, and where that went wrong the contrasts.
Task<std::vector<Replay>> replay_one(Net& net, ReplayRequest own, Contrasting with) {
  std::vector<Replay> seen = co_await replay_server(net, own);
  const auto wrong = std::ranges::find_if(seen, went_wrong);
  const Replay about = wrong == seen.end() ? seen.front() : *wrong;
  // The address that failed is the one to vary.
  const auto& addresses = about.addresses;
  if (own.server.is_name() && !addresses.empty()) {
    own.addresses = addresses;
    const auto tried = std::ranges::find_if(addresses, [&](const std::string& address) {
      ReplayRequest there = own;
      there.address = address;
      return there.endpoint() == about.endpoint;
    });
    if (tried != addresses.end()) own.address = *tried;
  }
  with.most = std::min(with.most, kMostToOne - std::min(kMostToOne, seen.size()));
  for (auto& more : co_await contrasts(std::move(own), about, std::move(with))) seen.push_back(std::move(more));
  co_return seen;
}

}  // namespace

Task<std::vector<Replay>> replay_route(Net& net, Route route, Contrasting with, Milliseconds whole) {
  std::vector<Task<std::vector<Replay>>> tasks;
  for (std::size_t i = 0; i < route.servers.size() && tasks.size() < kMostServers; ++i)
    if (!route.servers[i].disabled) tasks.push_back(replay_one(net, own_request(route, i, whole), with));
  std::vector<Replay> all;
  for (auto& some : co_await all_of(std::move(tasks), kMostServers))
    for (auto& replay : some) all.push_back(std::move(replay));
  co_return all;
}

}  // namespace fix502
