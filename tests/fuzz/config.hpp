#pragma once

// What every reader of a gateway's configuration promises, whatever it read: places lie in their files, and what is
// proposed can be carried out.

#include <string>
#include <vector>

#include "fuzz.hpp"
#include "gateway/kind.hpp"

namespace fix502::fuzz {

constexpr std::size_t kMostWays = 4;  // of a configuration that are judged

inline void promise_inside(const Configuration& configuration, const ConfigPlace& place) {
  if (!place.known() || place.end == 0) return;  // a file alone
  const auto file = configuration.files.find(place.file);
  promise(file != configuration.files.end() && place.begin <= place.end && place.end <= file->second.size());
}

inline void try_every_mending(const Configuration& configuration, const Route& route) {
  for (int kind = 0; kind <= static_cast<int>(MendingKind::loop_out); ++kind)
    for (int limit = 0; limit <= static_cast<int>(LimitKind::files); ++limit) {
      Mending mending;
      mending.kind = static_cast<MendingKind>(kind);
      if (mending.kind != MendingKind::set_limit && limit > 0) break;
      mending.limit = static_cast<LimitKind>(limit);
      mending.text = "127.0.0.1:9", mending.name = "n.test", mending.amount = 20'000;
      if (const auto proposal = configuration.propose(route, mending))
        promise(apply_edits(configuration.files, proposal->edits).has_value());
    }
}

/// The way of one request, and of some that the configuration names itself.
inline void judge(const Configuration& configuration, const Incoming& incoming) {
  for (const Problem& problem : configuration.problems) promise_inside(configuration, problem.place);
  auto ways = configuration.every_way();
  promise(ways.size() <= kMostRoutes);
  if (ways.size() > kMostWays) ways.resize(kMostWays);
  ways.push_back(incoming);
  for (const auto& way : ways) {
    const Route route = configuration.route(way);
    promise_inside(configuration, route.place);
    for (const ConfigPlace& place : route.way) promise_inside(configuration, place);
    for (const UpstreamServer& server : route.servers) promise_inside(configuration, server.place);
    for (const auto& [word, limit] : route.limits) promise_inside(configuration, limit.from.place);
    static_cast<void>(configuration.logs(route));
    try_every_mending(configuration, route);
  }
  static_cast<void>(configuration.listeners());
}

}  // namespace fix502::fuzz
