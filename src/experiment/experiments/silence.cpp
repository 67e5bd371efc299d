// Where there is silence: does the address answer anything at all, do small packets get through, is there another way?

#include <fmt/format.h>

#include <algorithm>

#include "experiment/run.hpp"

namespace fix502 {
namespace {

/// Small enough for every path (RFC 791 576 bytes, RFC 8200 1280 bytes, less headers).
constexpr int kSmallSegment = 536;
constexpr int kSmallSegmentIpv6 = 1220;
constexpr std::uint16_t kOtherPorts[] = {80, 443};

bool is_silent(const HttpExchange& http) {
  return http.failure == Failure::connect_timeout || http.failure == Failure::response_timeout ||
         http.failure == Failure::tls_timeout || http.failure == Failure::stalled ||
         http.failure == Failure::unreachable;
}

Task<void> knock(Run& run, Varied varied, std::string address, std::uint16_t port, std::string interface) {
  co_await run.tcp("silence", std::move(varied), std::move(address), port, std::move(interface));
}

Task<void> with_small_packets(Run& run) {
  HttpRequest request = run.page_at(run.site_addresses);
  request.url = run.site.url;
  request.max_segment = std::ranges::all_of(run.site_addresses, is_ipv6) ? kSmallSegmentIpv6 : kSmallSegment;
  Varied varied{{"segment", fmt::format("{}", request.max_segment)}};
  Ask ask{"silence", std::move(varied), std::move(request)};
  co_await run.ask(std::move(ask));
}

void knock_from_elsewhere(Run& run, const std::string& address, std::vector<Task<void>>& tasks) {
  const Interfaces interfaces = run.host.interfaces();
  int ways = 0;
  for (const auto& interface : interfaces.interfaces) {
    if (interface.loopback || !interface.up) continue;
    for (const auto& own : interface.addresses)
      if (is_ipv6(own) == is_ipv6(address) && ++ways <= 3)
        tasks.push_back(knock(run, {{"interface", interface.name}, {"from", own}, {"address", address}}, address,
                              run.site.port, own));
  }
}

Task<void> listen(Run& run) {
  if (run.site_addresses.empty() || !run.proxy_url.empty()) co_return;
  const bool late = !run.visited.fired();
  const auto* http = run.baseline == nullptr ? nullptr : run.baseline->as<HttpExchange>();
  if (!late && (http == nullptr || !is_silent(*http))) co_return;
  std::vector<Task<void>> tasks;
  std::size_t asked = 0;
  for (const auto& address : run.site_addresses) {
    if (++asked > 3) break;
    tasks.push_back(knock(run, {{"address", address}}, address, run.site.port, {}));
    for (const std::uint16_t port : kOtherPorts)
      if (port != run.site.port)
        tasks.push_back(knock(run, {{"address", address}, {"port", fmt::format("{}", port)}}, address, port, {}));
    knock_from_elsewhere(run, address, tasks);
  }
  if (run.repeatable()) tasks.push_back(with_small_packets(run));
  co_await all(std::move(tasks));
}

}  // namespace

extern const Experiment silence_experiment{"silence", Stage::failing, "listening where there is silence", listen};

}  // namespace fix502
