#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "cause/rule.hpp"

namespace fix502::causes {
namespace {

constexpr int kSwitching = 101;

bool wants_upgrade(const Incoming& incoming) {
  return std::ranges::any_of(incoming.headers,
                             [](const NameValue& header) { return equals_ignoring_case(header.name, "upgrade"); });
}

void match_gateway_websocket_upgrade(const Scene& scene, std::vector<CauseFinding>& found) {
  if (scene.route.passes_upgrade || !is_http(scene.route.request.protocol)) return;
  for (const auto& way : scene.ways) {
    const auto upgraded = std::ranges::find_if(way.contrasts, [](const Replay* replay) {
      return replay->varied.contains("upgrade") && replay->status == kSwitching;
    });
    const auto refused = std::ranges::find_if(scene.seen.answers, [](const GatewayAnswer& answer) {
      return answer.varied == "upgrade" && answer.http.status != kSwitching;
    });
    // An application may take WebSocket connections where no visitor wants one: then it is a matter for later.
    const bool wanted = scene.route.asks_upgrade || wants_upgrade(scene.seen.incoming) ||
                        (refused != scene.seen.answers.end() && scene.bad_answer() == nullptr && !scene.answers_well());
    const bool takes = upgraded != way.contrasts.end();
    const bool present = takes && wanted;
    if (!takes && !scene.route.asks_upgrade) continue;
    CauseFinding finding = scene.about_gateway("gateway.websocket-upgrade", "http_upgrade_failed");
    finding.upstream = way.endpoint;
    finding.state = present ? CauseState::present : CauseState::latent;
    finding.signs.push_back({.kind = SignKind::configuration,
                             .text = "the Upgrade and Connection headers do not reach the upstream",
                             .file = finding.place.file,
                             .line = finding.place.line});
    if (takes) scene.cite_replay(finding, **upgraded, fmt::format("{} takes a WebSocket handshake: 101", way.endpoint));
    if (refused != scene.seen.answers.end()) {
      finding.signs.push_back(
          {.kind = SignKind::answer,
           .text = fmt::format("through the gateway the same handshake gets {}",
                               refused->http.status ? std::to_string(*refused->http.status)
                                                    : std::string(sentence(refused->http.failure)))});
      finding.now = true;
    }
    finding.certainty = present ? certainty_of(finding.signs) : Certainty::guess;
    finding.summary =
        fmt::format("{} takes WebSocket connections, and the gateway does not pass the Upgrade header on ({}).",
                    way.endpoint, where(finding.place));
    finding.mendings.push_back({.kind = MendingKind::pass_upgrade, .server = way.index});
    found.push_back(std::move(finding));
  }
}

}  // namespace

extern const CauseRule gateway_websocket_upgrade{.fault = "gateway.websocket-upgrade",
                                                 .explains = {},
                                                 .of_one_server = false,
                                                 .match = match_gateway_websocket_upgrade};

}  // namespace fix502::causes
