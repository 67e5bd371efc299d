#include <fmt/format.h>

#include <algorithm>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

void match_upstream_all_down(const Scene& scene, std::vector<CauseFinding>& found) {
  std::vector<const ServerState*> down;
  for (const auto& way : scene.ways)
    if (const ServerState* state = scene.state_of(*way.server); state != nullptr && state->down) down.push_back(state);
  const bool all = !down.empty() && down.size() == scene.ways.size();
  const bool logged = !scene.logged("upstream.all-down").empty();
  const bool by_file = !scene.route.servers.empty() && scene.ways.empty();
  if ((!all && !logged && !by_file) || scene.answers_well() || (scene.ways.empty() && !by_file)) return;
  CauseFinding finding = scene.about_gateway("upstream.all-down", "destination_unavailable");
  scene.cite_log(finding, "upstream.all-down");
  for (const auto* state : down)
    finding.signs.push_back(
        {.kind = SignKind::machine,
         .text = fmt::format("the gateway says of {}: {} {}", state->server, state->state, state->reason)});
  scene.cite_answer(finding);
  const bool by_hand = std::ranges::any_of(down, &ServerState::by_hand);
  for (const auto& way : scene.ways) {
    if (way.own == nullptr || !answered_well(*way.own)) continue;
    scene.cite_replay(finding, *way.own,
                      fmt::format("{} answers the gateway's own request: {}", way.endpoint, outcome_of(*way.own)));
    if (const Replay* check = way.works_with("check"); check != nullptr && scene.route.check.on && !by_hand)
      finding.mendings.push_back(
          {.kind = MendingKind::check_path, .server = way.index, .text = check->varied.at("check")});
  }
  if (by_file) {
    finding.place = scene.route.servers.front().place;
    finding.signs.push_back({.kind = SignKind::configuration,
                             .text = "every server is taken out by the configuration",
                             .file = finding.place.file,
                             .line = finding.place.line});
  }
  finding.certainty = certainty_of(finding.signs);
  if (scene.route.check.on && scene.route.check.place.known()) finding.place = scene.route.check.place;
  finding.summary = fmt::format("The gateway sends to none of its upstreams ({}): {}.", scene.route.upstream,
                                by_hand                ? "somebody has put them into maintenance"
                                : scene.route.check.on ? fmt::format("its health check ({} {}) fails",
                                                                     scene.route.check.method, scene.route.check.path)
                                                       : "it counts all of them as failed");
  if (by_file) {
    finding.mends = false;
  } else if (by_hand) {
    finding.mends = false;
    for (const auto* state : down)
      finding.advice.push_back(
          {.say = "Take it out of maintenance, on the gateway's runtime socket",
           .commands = {fmt::format("set server {}/{} state ready", state->upstream, state->server)}});
  } else {
    finding.mendings.push_back({.kind = MendingKind::reload_only});
  }
  found.push_back(std::move(finding));
}

}  // namespace

extern const CauseRule upstream_all_down{
    .fault = "upstream.all-down", .explains = {}, .of_one_server = false, .match = match_upstream_all_down};

}  // namespace fix502::causes
