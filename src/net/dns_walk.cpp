#include "net/dns_walk.hpp"

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>

#include "net/await.hpp"
#include "net/dns_names.hpp"
#include "net/dns_roots.hpp"
#include "net/dns_walk_questions.hpp"

namespace fix502 {
namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;

constexpr int kMaxReferrals = 12;
constexpr int kMaxAliases = 8;
constexpr int kMaxDepth = 3;          // name servers whose names need a walk of their own
constexpr std::size_t kMaxAsked = 4;  // servers of the zone itself
constexpr std::size_t kMaxCuts = 6;

using Found = std::optional<Delegation>;

/// The state that the two ways share.
struct Ways {
  explicit Ways(asio::any_io_executor executor) : changed(std::move(executor)) {}
  Found root, resolvers;
  bool root_done = false;
  bool root_moves = false;     ///< some server on the way down has answered
  asio::steady_timer changed;  ///< cancelled whenever something above changes
};

/// All of them, unless the caller names others.
std::vector<ZoneServer> roots_of(const WalkOptions& options) {
  if (!options.roots.empty()) return options.roots;
  std::vector<ZoneServer> roots;
  for (const auto& [name, ipv4, ipv6] : kRootServers) {
    roots.push_back({std::string(name), std::string(ipv4)});
    roots.push_back({std::string(name), std::string(ipv6)});
  }
  return roots;
}

class Walk {
 public:
  Walk(AskDns ask, WalkOptions options) : questions_(std::move(ask), std::move(options)) {
    known_.push_back({".", roots_of(this->options()), {}});
  }

  Task<std::vector<ZoneView>> run(std::string name);

 private:
  Task<Found> find_zone(std::string name, bool* from_root);
  Task<void> root_way(std::string name, Ways& ways);
  Task<void> resolver_way(std::string name, Ways& ways);
  Task<void> until_enough(Ways& ways);
  Task<Found> down_from_root(std::string name, int depth, Ways* ways);
  Task<void> resolve_servers(Delegation& zone, int depth);
  Task<void> resolve_by_resolvers(Delegation& zone);
  Task<Found> through_resolvers(std::string name);
  Task<Found> down_from_parent(std::string name);
  Task<ZoneView> ask_servers(Delegation zone, std::string name);

  [[nodiscard]] Delegation nearest_known(const std::string& name) const;
  [[nodiscard]] const WalkOptions& options() const { return questions_.options(); }

  WalkQuestions questions_;
  std::vector<Delegation> known_;  ///< zones that referrals have led to, the root first
};

Delegation Walk::nearest_known(const std::string& name) const {
  const Delegation* nearest = &known_.front();
  for (const auto& each : known_)
    if (is_within(name, each.zone) && label_count(each.zone) > label_count(nearest->zone)) nearest = &each;
  return *nearest;
}

/// Addresses for the servers that came without: from the resolvers, or by a walk of their own.
Task<void> Walk::resolve_servers(Delegation& zone, int depth) {
  if (zone.unresolved.empty() || chosen_servers(zone.servers, options(), 2).size() == 2) co_return;
  co_await resolve_by_resolvers(zone);
  for (const auto& name : zone.unresolved) {
    // A server that stands in its own zone cannot be found by asking that zone.
    if (!zone.servers.empty() || depth >= kMaxDepth || is_within(name, zone.zone)) continue;
    std::string wanted = name;
    Found home = co_await down_from_root(wanted, depth + 1, nullptr);
    if (!home) continue;
    std::string type = options().ipv4 ? "A" : "AAAA";
    const auto answer = co_await questions_.ask_zone(std::move(*home), std::move(wanted), std::move(type));
    if (!answer) continue;
    for (const auto& address : answer->addresses()) zone.servers.push_back({name, address});
  }
}

Task<void> Walk::resolve_by_resolvers(Delegation& zone) {
  std::vector<std::string> names = zone.unresolved;
  names.resize(std::min(names.size(), kMaxAsked));
  std::vector<std::string> types;
  if (options().ipv4) types.emplace_back("A");
  if (options().ipv6) types.emplace_back("AAAA");
  for (const auto& answer : co_await questions_.ask_resolvers(std::move(names), std::move(types)))
    for (const auto& address : answer.addresses()) {
      const ZoneServer server{answer.name, address};
      if (std::ranges::find(zone.servers, server) == zone.servers.end()) zone.servers.push_back(server);
    }
}

/// Referral after referral. The last zone that was reached counts even if none of its servers answers: that is then the
/// finding. A silent root or top level domain is none; there it is the way that is barred.
Task<Found> Walk::down_from_root(std::string name, int depth, Ways* ways) {
  Delegation zone = nearest_known(name);
  for (int referrals = 0; referrals < kMaxReferrals; ++referrals) {
    const auto answer = co_await questions_.ask_zone(zone, name, "A");
    if (!answer) break;
    if (ways && !std::exchange(ways->root_moves, true)) ways->changed.cancel();
    Delegation next = referral_in(*answer, zone.zone);
    if (next.zone.empty()) {
      // The root gives nobody's address: somebody on the way answers in its place.
      if (zone.zone == "." && !answer->answer.empty()) co_return std::nullopt;
      if (std::string apex = apex_in(*answer, zone.zone); !apex.empty()) zone.zone = std::move(apex);
      co_return answer->authoritative ? Found(std::move(zone)) : std::nullopt;
    }
    co_await resolve_servers(next, depth);
    if (!next.servers.empty()) known_.push_back(next);
    zone = std::move(next);
  }
  if (label_count(zone.zone) < 2 || zone.servers.empty()) co_return std::nullopt;
  co_return Found(std::move(zone));
}

Task<void> Walk::root_way(std::string name, Ways& ways) {
  ways.root = co_await down_from_root(std::move(name), 0, &ways);
  ways.root_done = true;
  ways.changed.cancel();
}

/// NS for the name and everything above it, all at once: the deepest that has any is the zone.
Task<Found> Walk::through_resolvers(std::string name) {
  auto cuts = cuts_of(name, label_count(name) > 1 ? 2 : 1);
  cuts.resize(std::min(cuts.size(), kMaxCuts));
  std::vector<std::string> types{"NS"};
  Delegation zone;
  for (const auto& answer : co_await questions_.ask_resolvers(std::move(cuts), std::move(types))) {
    for (const auto& record : answer.answer) {
      if (record.type != "NS" || record.name != answer.name) continue;
      if (label_count(record.name) < label_count(zone.zone)) continue;
      if (record.name != zone.zone) zone = Delegation{record.name, {}, {}};
      if (std::ranges::find(zone.unresolved, record.data) == zone.unresolved.end())
        zone.unresolved.push_back(record.data);
    }
  }
  co_await resolve_by_resolvers(zone);
  if (zone.servers.empty()) co_return co_await down_from_parent(std::move(name));
  co_return Found(std::move(zone));
}

/// Resolvers that cannot say whose the name is often know the level above it (a broken zone is just that): its servers
/// refer to the zone's.
Task<Found> Walk::down_from_parent(std::string name) {
  std::vector<std::string> top{name.substr(name.rfind('.') + 1)};
  if (top.front() == name) co_return std::nullopt;
  std::vector<std::string> types{"NS"};
  Delegation parent{top.front(), {}, {}};
  for (const auto& answer : co_await questions_.ask_resolvers(top, std::move(types)))
    for (const auto& record : answer.answer)
      if (record.type == "NS" && std::ranges::find(parent.unresolved, record.data) == parent.unresolved.end())
        parent.unresolved.push_back(record.data);
  co_await resolve_by_resolvers(parent);
  if (parent.servers.empty()) co_return std::nullopt;
  known_.push_back(std::move(parent));
  co_return co_await down_from_root(std::move(name), 0, nullptr);
}

Task<void> Walk::resolver_way(std::string name, Ways& ways) {
  ways.resolvers = co_await through_resolvers(std::move(name));
  ways.changed.cancel();
}

/// Ends when there is no use in waiting on: the root's way has arrived, or the resolvers' has and the root's has had
/// its time. Where nothing arrives, both ways end by themselves.
Task<void> Walk::until_enough(Ways& ways) {
  std::optional<asio::steady_timer::time_point> arrived;
  while (true) {
    const auto now = asio::steady_timer::clock_type::now();
    if (ways.root || (ways.resolvers && ways.root_done)) co_return;
    if (ways.resolvers && !arrived) arrived = now;
    const auto until = arrived ? *arrived + (ways.root_moves ? options().moving_grace : options().silent_grace)
                               : asio::steady_timer::time_point::max();
    if (until <= now) co_return;
    ways.changed.expires_at(until);
    co_await ways.changed.async_wait(kAwait);
  }
}

Task<Found> Walk::find_zone(std::string name, bool* from_root) {
  Ways ways(co_await asio::this_coro::executor);
  co_await ((root_way(name, ways) && resolver_way(name, ways)) || until_enough(ways));
  *from_root = ways.root.has_value();
  co_return ways.root ? std::move(ways.root) : std::move(ways.resolvers);
}

Task<ZoneView> Walk::ask_servers(Delegation zone, std::string name) {
  ZoneView view;
  view.zone = zone.zone;
  view.name = name;
  view.servers = chosen_servers(zone.servers, options(), kMaxAsked);
  view.answers = co_await questions_.ask_authorities(view.servers, zone.zone, std::move(name));
  co_return view;
}

Task<std::vector<ZoneView>> Walk::run(std::string name) {
  std::vector<ZoneView> views;
  for (int links = 0; links <= kMaxAliases && !name.empty(); ++links) {
    bool from_root = false;
    Found zone = co_await find_zone(name, &from_root);
    if (!zone) break;
    ZoneView view = co_await ask_servers(std::move(*zone), std::move(name));
    view.from_root = from_root;
    name = alias_out_of(view.zone, view.answers);
    const bool seen = std::ranges::find(views, name, &ZoneView::name) != views.end() || name == view.name;
    views.push_back(std::move(view));
    if (seen) break;
  }
  co_return views;
}

}  // namespace

Task<std::vector<ZoneView>> walk_zones(AskDns ask, std::string name, WalkOptions options) {
  Walk walk(std::move(ask), std::move(options));
  co_return co_await walk.run(std::move(name));
}

}  // namespace fix502
