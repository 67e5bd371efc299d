#include "inspect/inspect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "cause/cause.hpp"
#include "inspect/ask.hpp"
#include "inspect/candidates.hpp"
#include "inspect/way.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostWays = 24;  // judged in one run
constexpr int kDeepest = 3;            // gateways behind each other

/// The gateways that this way leads to, on the same machine.
void follow(InspectRun& run, std::size_t from, int depth) {
  if (depth >= kDeepest) return;
  const GatewayEvidence before = run.seen.ways[from].evidence;
  for (const auto& server : before.route.servers) {
    for (std::size_t i = 0; i < run.seen.gateways.size(); ++i) {
      const FoundGateway& inner = run.seen.gateways[i];
      if ((i == run.seen.ways[from].gateway && before.loops) ||
          !listens_at(*inner.configuration, server, before.machine.own_addresses))
        continue;
      Incoming incoming = as_incoming(before.route, server, before.incoming);
      Route route = inner.configuration->route(incoming);
      if (route.kind != RouteKind::proxied || run.seen.ways.size() >= kMostWays) continue;
      if (const Limit* limit = route.limit(LimitKind::read_timeout); limit != nullptr && limit->amount)
        run.seen.ways[from].evidence.machine.inner_limits.push_back(
            {.endpoint = server.endpoint(),
             .read_timeout_ms = static_cast<std::uint64_t>(*limit->amount),
             .said = fmt::format("{} behind it waits {}: {} {}", inner.kind->title, time_text(*limit->amount),
                                 limit->from.directive, where(limit->from.place))});
      run.seen.ways.push_back(
          {.gateway = i, .evidence = begin_way(inner, std::move(incoming), std::move(route), before.url)});
      const std::size_t to = run.seen.ways.size() - 1;
      look_at_way(run, inner, run.seen.ways[to].evidence, false);
      follow(run, to, depth + 1);
    }
  }
}

void add_way(InspectRun& run, std::size_t index, Incoming incoming, const std::string& url, bool check_it) {
  const FoundGateway& gateway = run.seen.gateways[index];
  if (incoming.address.empty()) incoming.address = door_of(*gateway.configuration, incoming);
  Route route = gateway.configuration->route(incoming);
  run.seen.ways.push_back(
      {.gateway = index, .evidence = begin_way(gateway, std::move(incoming), std::move(route), url)});
  const std::size_t at = run.seen.ways.size() - 1;
  look_at_way(run, gateway, run.seen.ways[at].evidence, check_it);
  follow(run, at, 0);
}

/// How well a gateway fits the page: it listens on its port, it sends it on, it knows the host's name.
int fit(const FoundGateway& gateway, const Incoming& incoming) {
  const auto listeners = gateway.configuration->listeners();
  const bool port =
      std::ranges::any_of(listeners, [&](const Listener& listener) { return listener.port == incoming.port; });
  Incoming asked = incoming;
  asked.address = door_of(*gateway.configuration, incoming);
  const Route route = gateway.configuration->route(asked);
  if (!port && route.kind != RouteKind::proxied) return 0;
  return (port ? 4 : 0) +
         (route.kind == RouteKind::proxied    ? 2
          : route.kind == RouteKind::answered ? 1
                                              : 0) +
         (gateway.master ? 1 : 0);
}

/// Where no listener has the page's port, somebody in front (a load balancer, a CDN) changes it: the listener that
/// knows the name is meant.
Incoming at_other_port(const FoundGateway& gateway, Incoming incoming) {
  const auto listeners = gateway.configuration->listeners();
  if (std::ranges::any_of(listeners, [&](const Listener& listener) { return listener.port == incoming.port; }))
    return incoming;
  for (const auto& listener : listeners) {
    if (std::ranges::find(listener.names, incoming.host) == listener.names.end()) continue;
    incoming.port = listener.port;
    incoming.scheme = listener.tls ? "https" : "http";
    break;
  }
  return incoming;
}

void inspect_page(InspectRun& run, const Target& target) {
  const Incoming incoming = incoming_for(target, run.question.headers);
  std::size_t best = 0;
  int most = 0;
  for (std::size_t i = 0; i < run.seen.gateways.size(); ++i) {
    const int now = fit(run.seen.gateways[i], at_other_port(run.seen.gateways[i], incoming));
    if (now > most) most = now, best = i;
  }
  const Incoming asked = at_other_port(run.seen.gateways[best], incoming);
  if (asked.port != incoming.port)
    run.seen.notes.push_back(fmt::format("no gateway here listens on port {}; {} is taken for what stands behind it",
                                         incoming.port, asked.port));
  add_way(run, best, asked, target.url, true);
}

void inspect_all(InspectRun& run) {
  std::set<std::string> done;
  for (std::size_t i = 0; i < run.seen.gateways.size(); ++i) {
    bool check_it = true;
    for (auto& incoming : run.seen.gateways[i].configuration->every_way()) {
      const Route route = run.seen.gateways[i].configuration->route(incoming);
      if (!done.insert(fmt::format("{} {} {} {}", i, route.upstream, route.place.file, route.place.line)).second)
        continue;
      if (run.seen.ways.size() >= kMostWays || run.left() < Milliseconds(1'000)) {
        run.seen.notes.push_back("not every way was judged: there are too many for the time; name a URL");
        return;
      }
      add_way(run, i, incoming, {}, check_it);
      check_it = false;
    }
    if (check_it) {  // it sends nothing on, and may be broken all the same
      run.seen.ways.push_back({.gateway = i, .evidence = begin_way(run.seen.gateways[i], {}, {}, {})});
      look_at_way(run, run.seen.gateways[i], run.seen.ways.back().evidence, true);
    }
  }
}

}  // namespace

Incoming incoming_for(const Target& target, const std::vector<NameValue>& headers) {
  Incoming incoming;
  incoming.scheme = target.scheme;
  incoming.host = target.host;
  incoming.port = target.port;
  incoming.target = target.path;
  // What every browser sends; more would only make a request that no visitor makes.
  incoming.headers = {{"User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) fix502"},
                      {"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"},
                      {"Accept-Language", "en"}};
  for (const auto& header : headers) {
    std::erase_if(incoming.headers, [&](const NameValue& own) { return equals_ignoring_case(own.name, header.name); });
    incoming.headers.push_back(header);
  }
  return incoming;
}

Result<Inspection> inspect(const GatewayQuestion& question) {
  Inspection seen;
  InspectRun run{question, seen, std::chrono::steady_clock::now() + question.timeout};
  run.say("finding the gateways");
  auto gateways = find_gateways(question.wish, seen.notes);
  if (!gateways) return std::unexpected(gateways.error());
  seen.gateways = std::move(*gateways);
  if (seen.gateways.empty()) {
    seen.notes.push_back("no nginx, HAProxy, Apache or Caddy runs on this machine; name one with --kind and --config");
    return seen;
  }
  if (question.target)
    inspect_page(run, *question.target);
  else
    inspect_all(run);
  return seen;
}

}  // namespace fix502
