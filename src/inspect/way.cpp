#include "inspect/way.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <functional>
#include <future>
#include <set>

#include "base/text.hpp"
#include "cause/cause.hpp"
#include "cause/scene.hpp"
#include "inspect/ask.hpp"
#include "inspect/candidates.hpp"
#include "inspect/log_signs.hpp"
#include "inspect/stored_error.hpp"
#include "net/real_net.hpp"
#include "owner/disk_files.hpp"
#include "owner/machine.hpp"
#include "sys/held_signals.hpp"
#include "sys/host.hpp"
#include "upstream/contrasts.hpp"

namespace fix502 {
namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;

constexpr Milliseconds kUsualIdle{8'000};  // Node, gunicorn, Apache and uwsgi drop sooner
constexpr Milliseconds kLongestIdle{20'000};
constexpr std::size_t kMostWatched = 4;  // upstream servers whose idle connections are watched
constexpr Milliseconds kUpgradeTime{3'000};
constexpr std::size_t kMoreTimes = 4;  // a page is asked for that may fail now and then

/// Runs a task on a loop of its own until it is done, the time is used up, or somebody interrupts.
void run_task(InspectRun& run, Milliseconds longest, const std::function<Task<void>(Net& net)>& make) {
  asio::io_context loop;
  const auto net = real_net(loop);
  asio::steady_timer deadline(loop, std::min(longest, run.left()));
  deadline.async_wait([&](const boost::system::error_code& error) {
    if (!error) loop.stop();
  });
  std::exception_ptr broken;
  asio::co_spawn(loop, make(*net), [&](std::exception_ptr error) {
    broken = error;
    loop.stop();
  });
  if (run_until_signal(loop)) run.seen.interrupted = true;
  if (broken) std::rethrow_exception(broken);
}

/// Name servers that this machine asks; the one that knows the upstream's name is what a gateway could ask again.
Task<std::string> resolver_that_knows(Net& net, std::string name) {
  const ResolverConfig config = this_host()->resolver_config();
  for (const auto& server : config.nameservers) {
    DnsQuery query;
    query.server = server;
    query.name = name;
    query.timeout = Milliseconds(1'000);
    const DnsExchange exchange = co_await net.dns(std::move(query));
    if (!exchange.addresses().empty()) co_return server;
  }
  co_return std::string();
}

Task<void> answers_into(Net& net, GatewayEvidence& way, Milliseconds longest) {
  way.answers = co_await ask_gateway(net, way.incoming, std::max<std::size_t>(way.route.servers.size(), 1), longest);
}

Task<void> replays_into(Net& net, GatewayEvidence& way, Contrasting with, Milliseconds longest) {
  way.replays = co_await replay_route(net, way.route, std::move(with), longest);
  if (way.incoming.address.empty()) co_return;
  const bool upgraded = std::ranges::any_of(
      way.replays, [](const Replay& replay) { return replay.varied.contains("upgrade") && replay.status == 101; });
  if (upgraded) {
    GatewayAnswer answer = co_await ask_for_upgrade(net, way.incoming, kUpgradeTime);
    way.answers.push_back(std::move(answer));
  }
}

Task<void> resolver_into(Net& net, GatewayEvidence& way) {
  const auto named = std::ranges::find_if(way.route.servers, [](const UpstreamServer& server) {
    const bool asks_nobody = !server.resolved_by_host_file && server.resolver.empty();
    return server.is_name() && (server.resolved_once || asks_nobody) && server.host != "localhost";
  });
  if (named != way.route.servers.end()) way.resolver = co_await resolver_that_knows(net, named->host);
}

/// The log has failures of this way, and the page came: it may fail now and then.
bool fails_now_and_then(const GatewayEvidence& way) {
  const bool logged = std::ranges::any_of(way.log, [](const LogSign& sign) { return !sign.secondary; });
  return logged && way.route.kind == RouteKind::proxied && Scene(way).answers_well();
}

Task<void> ask_more(Net& net, Incoming incoming, std::vector<GatewayAnswer>& answers, Milliseconds longest) {
  answers = co_await ask_gateway(net, std::move(incoming), kMoreTimes, longest);
}

/// Answers, replays and the resolver's word side by side.
Task<void> ask_all(Net& net, GatewayEvidence& way, Contrasting with, Milliseconds longest, bool ask) {
  auto answers = [&]() -> Task<void> {
    if (ask) co_await answers_into(net, way, longest);
  };
  auto replays = [&]() -> Task<void> {
    if (!way.loops) co_await replays_into(net, way, std::move(with), longest);
  };
  co_await (answers() && resolver_into(net, way) && replays());
}

/// The page fails now, and it is known why: the owner need not wait for what may be wrong besides.
bool is_explained(const GatewayEvidence& way) {
  return std::ranges::any_of(find_causes(way),
                             [](const CauseFinding& cause) { return cause.state == CauseState::present && cause.now; });
}

/// Whether it is worth to watch how long the upstream keeps an idle connection, and for how long.
Milliseconds idle_time(const InspectRun& run, const GatewayEvidence& way) {
  if (!way.route.pool || (run.question.idle_probe && run.question.idle_probe->count() == 0)) return Milliseconds(0);
  const Scene scene(way);
  if (scene.ways.empty() ||
      std::ranges::none_of(scene.ways, [](const Way& one) { return one.own != nullptr && answered_well(*one.own); }))
    return Milliseconds(0);
  const bool suspected =
      !scene.logged("upstream.closed-early").empty() || !scene.logged("upstream.keepalive-race").empty();
  if (!suspected && is_explained(way)) return Milliseconds(0);
  Milliseconds longest = run.question.idle_probe.value_or(suspected ? kLongestIdle : kUsualIdle);
  // Longer than the gateway itself keeps a connection is of no interest.
  if (const auto pool = scene.limit(LimitKind::pool_idle))
    longest = std::min(longest, Milliseconds(*pool) + Milliseconds(500));
  return std::min(longest, run.left());
}

/// All of them side by side.
Task<void> watch_each(GatewayEvidence& way, std::vector<std::size_t> servers, std::size_t from, Milliseconds longest) {
  if (from >= servers.size()) co_return;
  auto one = [](GatewayEvidence& seen, std::size_t server, Milliseconds time) -> Task<void> {
    IdleWatch watched = co_await watch_idle(own_request(seen.route, server, time), time);
    watched.server = server;
    seen.idle.push_back(watched);
  };
  co_await (one(way, servers[from], longest) && watch_each(way, servers, from + 1, longest));
}

void watch_idle_of(InspectRun& run, GatewayEvidence& way) {
  const Milliseconds longest = idle_time(run, way);
  if (longest.count() <= 0) return;
  run.say("watching how long the application keeps an idle connection");
  std::vector<std::size_t> servers;
  for (const auto& one : Scene(way).ways)
    if (one.own != nullptr && answered_well(*one.own) && servers.size() < kMostWatched) servers.push_back(one.index);
  run_task(run, longest + Milliseconds(2'000), [&](Net&) { return watch_each(way, servers, 0, longest); });
}

std::vector<std::string> known_addresses(const GatewayEvidence& way) {
  std::vector<std::string> addresses;
  for (const auto& server : way.route.servers)
    if (!server.host.empty() && !server.is_name()) addresses.push_back(server.host);
  return addresses;
}

MachineQuestion machine_question(const FoundGateway& gateway, const GatewayEvidence& way) {
  MachineQuestion question;
  question.kind = gateway.kind->id;
  question.master = gateway.master ? gateway.master->pid : 0;
  for (const int pid : gateway.processes)
    if (!gateway.master || pid != gateway.master->pid) question.workers.push_back(pid);
  question.route = way.route;
  question.control = gateway.operation.control;
  question.names = known_addresses(way);
  return question;
}

/// "localhost" is either loopback address.
std::vector<std::string> endpoints_of(UpstreamServer server) {
  if (server.host != "localhost") return {server.endpoint()};
  std::vector<std::string> endpoints;
  for (const char* address : {"127.0.0.1", "::1"}) {
    server.host = address;
    endpoints.push_back(server.endpoint());
  }
  return endpoints;
}

/// "127.0.0.1:80" as somebody may have written it; empty for what is not this machine's.
std::string by_localhost(std::string_view endpoint) {
  const auto place = parse_endpoint(endpoint);
  const bool loopback = place && (place->host == "127.0.0.1" || place->host == "::1");
  return loopback ? fmt::format("localhost:{}", place->port) : std::string();
}

/// Takes out what other sites of this gateway use, or what is written anywhere in the configuration, for there may be
/// more ways than are looked at: it belongs to another application. What this site uses for other pages may be the same
/// one, and is noted.
void drop_taken(const FoundGateway& gateway, GatewayEvidence& way, std::vector<std::string>& candidates) {
  if (candidates.empty()) return;  // to look at every way takes its time
  std::set<std::string> taken;
  for (const auto& other : gateway.configuration->every_way()) {
    const Route route = gateway.configuration->route(other);
    const bool same_site = route.server == way.route.server && other.host == way.incoming.host;
    for (const auto& server : route.servers) {
      for (const auto& endpoint : endpoints_of(server)) {
        if (!same_site)
          taken.insert(endpoint);
        else if (!lists(way.used_elsewhere, endpoint))
          way.used_elsewhere.push_back(endpoint);
      }
    }
  }
  std::erase_if(candidates, [&](const std::string& endpoint) {
    const std::string by_name = by_localhost(endpoint);
    const bool written = std::ranges::any_of(gateway.configuration->files, [&](const auto& file) {
      return file.second.contains(endpoint) || (!by_name.empty() && file.second.contains(by_name));
    });
    return taken.contains(endpoint) || (written && !lists(way.used_elsewhere, endpoint));
  });
}

Contrasting contrasting(const FoundGateway& gateway, GatewayEvidence& way) {
  DiskFiles files(gateway.root);
  Contrasting with;
  with.visitor_host = way.incoming.host;
  for (const auto& server : way.route.servers)
    for (const auto& endpoint : likely_endpoints(way.machine, server, gateway.processes))
      if (!lists(with.endpoints, endpoint)) with.endpoints.push_back(endpoint);
  drop_taken(gateway, way, with.endpoints);
  if (way.route.tls.on) with.trust_files = trust_candidates(*gateway.configuration, way.route, files);
  with.scripts = script_candidates(*gateway.configuration, way.route, files);
  with.check = way.route.check;
  with.upgrade = !way.route.passes_upgrade && is_http(way.route.request.protocol);
  return with;
}

}  // namespace

GatewayEvidence begin_way(const FoundGateway& gateway, Incoming incoming, Route route, const std::string& url) {
  GatewayEvidence way;
  way.kind = gateway.kind->id;
  way.gateway_version = gateway.configuration->version;
  way.running = gateway.master.has_value();
  way.url = url;
  way.main_file = gateway.request.config;
  way.problems = gateway.configuration->problems;
  way.route = std::move(route);
  way.incoming = std::move(incoming);
  return way;
}

void look_at_way(InspectRun& run, const FoundGateway& gateway, GatewayEvidence& way, bool check_it) {
  auto checked = std::async(std::launch::async, [&] { return check_it ? check(gateway) : Checked{}; });
  std::vector<std::string> log_notes;
  auto logs = std::async(std::launch::async, [&] { return log_signs(run.question, gateway, way, log_notes); });
  if (way.route.kind == RouteKind::proxied) {
    run.say("looking at this machine");
    way.machine = look_at_gateway_machine(machine_question(gateway, way));
    way.loops = loops(*gateway.configuration, way.incoming, way.machine.own_addresses);
    run.say("asking the gateway, and the application as the gateway does");
    const Milliseconds longest = std::min(run.question.replay_timeout, run.left());
    const bool ask = way.running && !way.incoming.address.empty();
    Contrasting with = contrasting(gateway, way);
    GatewayEvidence asked = way;  // what is cut off by the clock must not be half written
    run_task(run, 3 * longest + Milliseconds(2'000),
             [&](Net& net) { return ask_all(net, asked, std::move(with), longest, ask); });
    way.answers = std::move(asked.answers);
    way.replays = std::move(asked.replays);
    way.resolver = std::move(asked.resolver);
    run.seen.requests_sent += static_cast<int>(way.replays.size());
  } else if (way.running && !way.incoming.address.empty()) {
    run_task(run, run.question.replay_timeout,
             [&](Net& net) { return answers_into(net, way, run.question.replay_timeout); });
  }
  run.seen.requests_sent += static_cast<int>(way.answers.size());
  way.log = logs.get();
  for (auto& note : log_notes) way.notes.push_back(std::move(note));
  if (fails_now_and_then(way)) {
    const Milliseconds longest = std::min(run.question.replay_timeout, run.left());
    std::vector<GatewayAnswer> more;
    run_task(run, longest + Milliseconds(500), [&](Net& net) { return ask_more(net, way.incoming, more, longest); });
    run.seen.requests_sent += static_cast<int>(more.size());
    way.answers.insert(way.answers.end(), more.begin(), more.end());
  }
  if (way.route.cached && !way.route.cache_folder.empty())
    way.stored = find_stored_error(gateway.root + way.route.cache_folder, way.incoming);
  if (!run.seen.interrupted) watch_idle_of(run, way);
  if (const Checked said = checked.get(); said.ran && !said.good) {
    way.check_said = said.said;
    way.check_file = said.file;
    way.check_line = said.line;
  }
  if (Scene(way).bad_answer() != nullptr || !way.log.empty())
    if (std::string note = better_format(*gateway.kind, gateway.configuration->logs(way.route)); !note.empty())
      way.notes.push_back(std::move(note));
  look_again(way.machine);
  for (const auto& unseen : way.machine.unseen) way.notes.push_back(unseen);
}

}  // namespace fix502
