// Who says what about the site's name: this machine's own resolution, each of its resolvers by itself, comparison
// resolvers, and the zone's own name servers. All at once.

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <set>

#include "experiment/run.hpp"
#include "net/dns_walk.hpp"

namespace fix502 {
namespace {

using namespace boost::asio::experimental::awaitable_operators;

/// Public resolvers that validate and do not filter: by plain DNS, and two by ways that a network cannot forge.
constexpr std::string_view kPublicResolvers[] = {"1.1.1.1", "8.8.8.8", "tls://9.9.9.9", "https://1.1.1.1/dns-query"};
/// Two questions this far apart tell a record that is running out from one that stands still (TTLs are in seconds).
constexpr Milliseconds kOneTick{1'150};
/// A program would wait for a dead resolver much longer; when each has been asked in vain, a little is enough.
constexpr Milliseconds kLastHope{300};

struct NameBoard {
  std::string host;
  std::vector<const Observation*> system;
  std::vector<const Observation*> comparison;
  std::vector<const Observation*> zone;
  std::vector<std::string> working;  ///< resolvers that answered anything

  static std::set<std::string> addresses(const std::vector<const Observation*>& seen) {
    std::set<std::string> found;
    for (const Observation* one : seen)
      for (auto& address : one->as<DnsExchange>()->addresses()) found.insert(std::move(address));
    return found;
  }
};

std::vector<std::string> comparison_resolvers(const Settings& settings) {
  if (settings.compare_resolvers.empty()) return {std::begin(kPublicResolvers), std::end(kPublicResolvers)};
  std::vector<std::string> wanted = settings.compare_resolvers;
  std::erase(wanted, "none");
  return wanted;
}

bool wants(const Run& run, std::string_view type) {
  return run.settings.family == 0 || (run.settings.family == 4) == (type == "A");
}

Task<void> ask_one(Run& run, NameBoard& board, DnsRole role, std::string server, std::string type) {
  DnsQuery query;
  query.server = server;
  query.role = role;
  query.name = board.host;
  query.type = type;
  query.interface = run.settings.interface;
  Varied varied{{"resolver", server}, {"type", type}};
  const Observation* seen = co_await run.dns("names", varied, query);
  auto& list = role == DnsRole::system ? board.system : board.comparison;
  list.push_back(seen);
  const auto& dns = *seen->as<DnsExchange>();
  if (dns.failure == Failure::none && std::ranges::find(board.working, server) == board.working.end())
    board.working.push_back(server);
  if (dns.rcode == "SERVFAIL") {
    // RFC 4035 3.2.2: with CD a validating resolver gives what it refused to vouch for.
    query.checking_disabled = true;
    varied["checking"] = "disabled";
    co_await run.dns("names", std::move(varied), std::move(query));
  } else if (dns.failure == Failure::response_timeout && role == DnsRole::system && type == "A") {
    // Silent about this name, or about everything?
    query.name = ".";
    query.type = "NS";
    query.timeout = Milliseconds(1'000);
    varied["name"] = ".";
    co_await run.dns("names", std::move(varied), std::move(query));
  }
}

Task<void> ask_all(Run& run, NameBoard& board, DnsRole role, std::vector<std::string> servers) {
  std::vector<Task<void>> tasks;
  for (const auto& server : servers)
    for (const char* type : {"A", "AAAA"})
      if (wants(run, type)) tasks.push_back(ask_one(run, board, role, server, type));
  co_await all(std::move(tasks));
}

Task<void> ask_zone(Run& run, NameBoard& board, std::vector<std::string> resolvers) {
  if (!run.settings.authoritative) co_return;
  WalkOptions options;
  for (auto& resolver : resolvers) {
    const bool own = std::ranges::find(run.resolver.nameservers, resolver) != run.resolver.nameservers.end();
    options.resolvers.push_back({resolver, own ? DnsRole::system : DnsRole::comparison, {}});
  }
  options.ipv4 = true;
  options.ipv6 = run.host.interfaces().default_route_ipv6;
  options.interface = run.settings.interface;
  AskDns ask = [&run, &board](DnsQuery query) -> Task<DnsExchange> {
    Varied varied{{"resolver", query.server_name.empty() ? query.server : query.server_name}, {"type", query.type}};
    const Observation* seen = co_await run.dns("names", std::move(varied), std::move(query));
    if (seen->as<DnsExchange>()->role == DnsRole::authoritative) board.zone.push_back(seen);
    co_return *seen->as<DnsExchange>();
  };
  co_await walk_zones(std::move(ask), board.host, std::move(options));
}

/// What this machine makes of the name; does not end before its resolvers were asked by themselves as well.
Task<void> look_up(Run& run, NameBoard& board, Event& asked) {
  const Observation* seen = co_await run.lookup("names", board.host);
  for (const auto& address : seen->as<SystemLookup>()->addresses)
    if (run.settings.family == 0 || is_ipv6(address) == (run.settings.family == 6)) run.addresses.push_back(address);
  run.site_addresses = run.addresses;
  run.addressed.fire();
  co_await asked.wait();
}

/// Each of the system's resolvers by itself. Where all were asked in vain, the look-up is not waited for any longer
/// than a little: it would go on asking them for ten seconds and more.
Task<void> ask_own(Run& run, NameBoard& board, Event& asked) {
  co_await ask_all(run, board, DnsRole::system, run.resolver.nameservers);
  const bool any = std::ranges::any_of(
      board.system, [](const Observation* seen) { return seen->as<DnsExchange>()->failure == Failure::none; });
  if (any || run.resolver.nameservers.empty())
    co_await run.addressed.wait();
  else
    co_await run.addressed.wait_for(kLastHope);
  asked.fire();
}

/// Whether `mine` has nothing in common with what the zone says, or else the other resolvers.
template <typename Addresses>
bool differs(const Addresses& mine, const NameBoard& board) {
  auto theirs = NameBoard::addresses(board.zone);
  if (theirs.empty()) theirs = NameBoard::addresses(board.comparison);
  return !theirs.empty() && std::ranges::none_of(mine, [&](const auto& address) { return theirs.contains(address); });
}

/// Asks the system's resolvers once more, a second later, where their answer is not the zone's.
Task<void> ask_again(Run& run, NameBoard& board) {
  const auto mine = NameBoard::addresses(board.system);
  if (mine.empty() || !differs(mine, board)) co_return;
  Duration first{};
  for (const Observation* seen : board.system) first = std::max(first, seen->started + seen->duration);
  const auto since = std::chrono::duration_cast<Milliseconds>(run.elapsed() - first);
  if (since < kOneTick) co_await run.net.sleep(kOneTick - since);
  for (const Observation* seen : std::vector<const Observation*>(board.system)) {
    const auto& dns = *seen->as<DnsExchange>();
    if (dns.addresses().empty()) continue;
    DnsQuery query;
    query.server = dns.server;
    query.name = board.host;
    query.type = dns.type;
    query.interface = run.settings.interface;
    Varied varied{{"resolver", dns.server}, {"type", dns.type}, {"time", "a second later"}};
    co_await run.dns("names", std::move(varied), std::move(query));
  }
}

void collect_others(Run& run, const NameBoard& board) {
  run.disputed = differs(run.addresses, board);
  std::set<std::string> found;
  for (const auto* list : {&board.zone, &board.comparison, &board.system})
    for (const auto& address : NameBoard::addresses(*list)) {
      const bool known = std::ranges::find(run.addresses, address) != run.addresses.end();
      if (!known && found.insert(address).second) run.other_addresses.push_back(address);
    }
}

Task<void> this_machine(Run& run, NameBoard& board) {
  Event asked(run.io());
  co_await (look_up(run, board, asked) || ask_own(run, board, asked));
  if (run.addressed.fired()) co_return;
  SystemLookup given_up;
  given_up.name = board.host;
  given_up.failure = Failure::out_of_time;
  run.note("names", std::move(given_up));
  run.addressed.fire();
}

Task<void> ask_everybody(Run& run, NameBoard& board, bool main) {
  std::vector<std::string> resolvers = comparison_resolvers(run.settings);
  std::vector<std::string> for_walk = resolvers;
  for_walk.insert(for_walk.end(), run.resolver.nameservers.begin(), run.resolver.nameservers.end());
  std::vector<Task<void>> tasks;
  if (main)
    tasks.push_back(this_machine(run, board));
  else
    tasks.push_back(ask_all(run, board, DnsRole::system, run.resolver.nameservers));
  tasks.push_back(ask_all(run, board, DnsRole::comparison, std::move(resolvers)));
  tasks.push_back(ask_zone(run, board, std::move(for_walk)));
  co_await all(std::move(tasks));
}

/// RFC 6761 6.3: such names mean this machine, and nobody else is asked about them.
bool is_localhost(std::string_view host) {
  return host == "localhost" || host.ends_with(".localhost");
}

Task<void> names(Run& run) {
  if (run.target.host_is_address) {
    run.addresses = {run.target.host};
    run.site_addresses = run.addresses;
    run.addressed.fire();
    run.others_named.fire();
    co_return;
  }
  NameBoard board;
  board.host = run.target.host;
  if (is_localhost(board.host)) {
    Event asked(run.io());
    asked.fire();
    co_await look_up(run, board, asked);
    run.others_named.fire();
    co_return;
  }
  co_await ask_everybody(run, board, true);
  if (!run.addressed.fired()) run.addressed.fire();
  collect_others(run, board);
  run.others_named.fire();
  if (!(run.visited.fired() && run.baseline_works)) co_await ask_again(run, board);
  co_await run.visited.wait();
  // The page is elsewhere, and does not work there: that name is looked into as well.
  if (run.baseline_works || run.site.host == run.target.host || run.site.host_is_address) co_return;
  NameBoard elsewhere;
  elsewhere.host = run.site.host;
  co_await ask_everybody(run, elsewhere, false);
}

}  // namespace

extern const Experiment names_experiment{"names", Stage::start, "asking who knows the site's address", names};

}  // namespace fix502
