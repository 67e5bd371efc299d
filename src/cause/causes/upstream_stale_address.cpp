#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "cause/rule.hpp"
#include "target/target.hpp"

namespace fix502::causes {
namespace {

/// "http://127.0.0.1:8000/", "192.0.2.1:80": it names an address, not a group.
bool addresses_in(std::string_view text) {
  if (const auto scheme = text.find("://"); scheme != std::string_view::npos) text.remove_prefix(scheme + 3);
  text = text.substr(0, text.find('/'));
  const auto colon = text.rfind(':');
  const auto host = text.substr(0, colon);
  return is_ipv4(host) || (host.starts_with('[') && host.ends_with(']'));
}

/// A name that is looked up once is a fault in waiting; a name of the hosts file or of this machine never moves.
void latent(const Scene& scene, const Way& way, CauseFinding finding, std::vector<CauseFinding>& found) {
  if (way.server->host == "localhost" || scene.seen.resolver.empty()) return;
  finding.state = CauseState::latent;
  finding.certainty = Certainty::likely;
  finding.signs = {{.kind = SignKind::configuration,
                    .text = fmt::format("{} is looked up once, when the gateway starts", way.server->host),
                    .file = finding.place.file,
                    .line = finding.place.line}};
  finding.summary = fmt::format(
      "The gateway looks {} up once, at its start: when the name moves, every request fails until somebody reloads it.",
      way.server->host);
  finding.mendings.push_back({.kind = MendingKind::resolve_again, .server = way.index, .text = scene.seen.resolver});
  found.push_back(std::move(finding));
}

void match_upstream_stale_address(const Scene& scene, std::vector<CauseFinding>& found) {
  for (const auto& way : scene.ways) {
    if (!way.server->is_name() || !way.server->resolved_once || way.own == nullptr || way.own->addresses.empty())
      continue;
    const auto current = [&](std::string_view text) {
      return std::ranges::any_of(way.own->addresses,
                                 [&](const std::string& address) { return text.contains(address); });
    };
    const auto old_line = std::ranges::find_if(scene.seen.log, [&](const LogSign& sign) {
      return !sign.secondary && addresses_in(sign.upstream) && !current(sign.upstream) &&
             sign.upstream.ends_with(fmt::format(":{}", way.server->port));
    });
    const ServerState* state = scene.state_of(*way.server);
    const bool old_state = state != nullptr && addresses_in(state->address) && !current(state->address);
    const auto old_link = std::ranges::find_if(scene.seen.machine.running_addresses, [&](const std::string& address) {
      return address.ends_with(fmt::format(":{}", way.server->port)) && !current(address);
    });
    // Where the old server still takes connections nothing names its address; the hosts file does, by its time.
    const bool moved = lists(scene.seen.machine.moved_names, way.server->host) && scene.ways.size() == 1;
    const bool seen = old_line != scene.seen.log.end() || old_state ||
                      (old_link != scene.seen.machine.running_addresses.end() && scene.route.servers.size() == 1) ||
                      (moved && scene.bad_answer() != nullptr);
    // The fresh address works and the page does not: what differs is the address that the gateway still has.
    const bool contrast = scene.bad_answer() != nullptr && answered_well(*way.own) && scene.ways.size() == 1;
    CauseFinding finding = scene.about(way, "upstream.stale-address", "connection_refused");
    if (!seen || scene.answers_well() || !answered_well(*way.own)) {
      if (seen || contrast) continue;
      latent(scene, way, std::move(finding), found);
      continue;
    }
    std::string old;
    bool only_moved = false;
    if (old_line != scene.seen.log.end()) {
      old = old_line->upstream;
      finding.signs.push_back({.kind = SignKind::log,
                               .text = fmt::format("{} lines name {}", old_line->count, old),
                               .file = old_line->file,
                               .count = old_line->count,
                               .first_seen = old_line->first_seen,
                               .last_seen = old_line->last_seen,
                               .sample = old_line->sample});
      finding.failed += old_line->count;
    } else if (old_state || old_link != scene.seen.machine.running_addresses.end()) {
      old = old_state ? state->address : *old_link;
      finding.signs.push_back({.kind = SignKind::machine, .text = "the running gateway has " + old});
    } else {
      only_moved = true;
      old = "what it looked up at its start";
      finding.signs.push_back({.kind = SignKind::machine,
                               .text = fmt::format("the hosts file, which has {}, was changed after the gateway had "
                                                   "started",
                                                   way.server->host)});
    }
    scene.cite_replay(finding, *way.own,
                      fmt::format("{} is {} now, and answers there", way.server->host, way.own->addresses.front()));
    finding.certainty = certainty_of(finding.signs);
    // A hosts file is changed for other reasons too.
    if (only_moved) finding.certainty = std::min(finding.certainty, Certainty::strong);
    finding.summary = fmt::format(
        "The gateway still sends to {}, an address that {} has left; the name is {} now, and answers there.", old,
        way.server->host, way.own->addresses.front());
    if (!scene.seen.resolver.empty())
      finding.mendings.push_back(
          {.kind = MendingKind::resolve_again, .server = way.index, .text = scene.seen.resolver});
    finding.mendings.push_back({.kind = MendingKind::reload_only, .server = way.index});
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule upstream_stale_address{
    .fault = "upstream.stale-address",
    .explains = {"upstream.connection-refused", "upstream.connection-timeout", "upstream.unreachable",
                 "upstream.all-down", "upstream.closed-early"},
    .of_one_server = false,
    .match = match_upstream_stale_address};

}  // namespace fix502::causes
