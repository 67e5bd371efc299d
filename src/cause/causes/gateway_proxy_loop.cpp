#include <fmt/format.h>

#include "cause/elsewhere.hpp"
#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

void match_gateway_proxy_loop(const Scene& scene, std::vector<CauseFinding>& found) {
  if (!scene.seen.loops || scene.ways.empty()) return;
  if (scene.answers_well()) return;  // it comes to an end somewhere: no loop
  CauseFinding finding = scene.about(scene.ways.front(), "gateway.proxy-loop", "proxy_loop_detected");
  finding.signs.push_back(
      {.kind = SignKind::configuration,
       .text =
           fmt::format("{} is a listener of this gateway, and the request would be sent there again", finding.upstream),
       .file = finding.place.file,
       .line = finding.place.line});
  finding.certainty = certainty_of(finding.signs);
  finding.summary = fmt::format("The gateway sends the request to itself: {} in {} leads back to it.", finding.upstream,
                                where(finding.place));
  (void)add_elsewhere(scene, scene.ways.front(), finding, MendingKind::loop_out);
  found.push_back(std::move(finding));
}

}  // namespace

extern const CauseRule gateway_proxy_loop{
    .fault = "gateway.proxy-loop",
    .explains = {"upstream.read-timeout", "gateway.connection-limit", "upstream.closed-early", "gateway.fd-limit",
                 "upstream.keepalive-race", "gateway.timeout-order", "gateway.header-limit", "upstream.not-http",
                 "upstream.all-down"},
    .of_one_server = false,
    .match = match_gateway_proxy_loop};

}  // namespace fix502::causes
