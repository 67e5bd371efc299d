#include <fmt/format.h>

#include <algorithm>

#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

void match_upstream_workers_exhausted(const Scene& scene, std::vector<CauseFinding>& found) {
  for (const auto& way : scene.ways) {
    if (way.own != nullptr && way.own->system_error == kAgain) continue;  // its queue is full, which comes first
    const PoolFacts* pool = scene.pool_at(*way.server);
    const bool busy = pool != nullptr && pool->max_children > 0 && pool->busy >= pool->max_children;
    const ListenSocket* socket = scene.listener_at(*way.server);
    const bool waiting = socket != nullptr && socket->waiting > 0;
    const bool logged = !scene.logged("upstream.workers-exhausted").empty();
    const bool silent = way.own != nullptr && way.own->failure == Failure::response_timeout;
    const bool signs_of_wait = silent || scene.bad_answer() != nullptr ||
                               !scene.logged("upstream.read-timeout", &way).empty() ||
                               !scene.logged("upstream.backlog-full", &way).empty();
    if (!(logged || (busy && (waiting || silent)) || (waiting && silent && pool == nullptr)) || !signs_of_wait)
      continue;
    CauseFinding finding = scene.about(way, "upstream.workers-exhausted", "connection_read_timeout");
    // The application's own log names no upstream of the gateway's.
    if (scene.logged("upstream.workers-exhausted", &way).empty()) scene.cite_log(finding, "upstream.workers-exhausted");
    scene.cite_log(finding, "upstream.read-timeout", &way);
    if (busy)
      finding.signs.push_back(
          {.kind = SignKind::machine,
           .text = fmt::format("all {} workers of the pool {} are busy", pool->max_children, pool->name)});
    if (waiting)
      finding.signs.push_back(
          {.kind = SignKind::machine,
           .text = fmt::format("{} connections wait at {} to be taken", socket->waiting, way.endpoint)});
    finding.certainty = certainty_of(finding.signs);
    finding.mends = false;
    const std::string who = pool != nullptr ? fmt::format("the PHP-FPM pool {} (pm.max_children = {}, {}:{})",
                                                          pool->name, pool->max_children, pool->file, pool->line)
                                            : fmt::format("the application at {}", way.endpoint);
    finding.summary = fmt::format("Every worker of {} is busy, and new requests wait in vain.", who);
    Advice advice{
        .say = "Give the application more workers, as many as its memory allows, or find out what keeps them busy"};
    if (pool != nullptr) {
      advice.say = fmt::format(
          "At the application: raise pm.max_children in {} line {}, as far as memory allows, and reload PHP-FPM",
          pool->file, pool->line);
      advice.place = {.file = pool->file, .line = pool->line};
      advice.replace = fmt::format("pm.max_children = {}", 2 * std::max(pool->max_children, 1));
    }
    finding.advice.push_back(std::move(advice));
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule upstream_workers_exhausted{
    .fault = "upstream.workers-exhausted",
    .explains = {"upstream.read-timeout", "upstream.connection-timeout", "gateway.timeout-order",
                 "upstream.backlog-full", "upstream.all-down"},
    .of_one_server = false,
    .match = match_upstream_workers_exhausted};

}  // namespace fix502::causes
