#include "cause/services.hpp"

#include <fmt/format.h>

namespace fix502 {

void add_services(const Scene& scene, CauseFinding& finding) {
  for (const auto& service : scene.seen.machine.services) {
    if (service.state == "active") continue;
    std::string text = fmt::format("{} is {}", service.unit, service.state);
    if (!service.result.empty() && service.result != "success") text += fmt::format(" ({})", service.result);
    if (service.memory_kill) text += ", killed for want of memory";
    for (const auto& line : service.last_lines) text += "; " + line;
    finding.signs.push_back({.kind = SignKind::machine, .text = std::move(text)});
    finding.advice.push_back(
        {.say = fmt::format("Start {} again", service.unit),
         .commands = {"journalctl -u " + service.unit + " -n 50", "systemctl start " + service.unit}});
  }
  for (const auto& line : scene.seen.machine.memory_kills)
    finding.signs.push_back({.kind = SignKind::machine, .text = line});
}

}  // namespace fix502
