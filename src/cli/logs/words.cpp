#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "cli/logs/shapes.hpp"
#include "history/times.hpp"

namespace fix502 {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 39> kWords = {{
    {"upstream.connection-refused", "nothing listens at the upstream's address"},
    {"upstream.connection-timeout", "the upstream does not answer connections"},
    {"upstream.unreachable", "there is no way to the upstream's address"},
    {"upstream.name-not-resolved", "the upstream's name does not resolve"},
    {"upstream.stale-address", "the gateway keeps an address that the name has left"},
    {"upstream.all-down", "every upstream is marked down"},
    {"upstream.closed-early", "the upstream closes before it answers"},
    {"upstream.keepalive-race", "the upstream drops idle connections that are reused"},
    {"upstream.truncated", "the upstream's answers end early"},
    {"upstream.read-timeout", "the upstream answers too late"},
    {"upstream.not-http", "what the upstream sends is no HTTP"},
    {"upstream.invalid-header", "the upstream sends an invalid header"},
    {"upstream.header-too-large", "the upstream's header is larger than the buffer"},
    {"upstream.bad-chunking", "the upstream's chunks are broken"},
    {"upstream.expects-tls", "the upstream expects TLS"},
    {"upstream.expects-plain", "the upstream speaks no TLS"},
    {"upstream.certificate", "the upstream's certificate is not accepted"},
    {"upstream.sni-missing", "the upstream wants another server name"},
    {"upstream.tls-version", "no TLS version or cipher in common"},
    {"upstream.wrong-protocol", "the upstream speaks another protocol"},
    {"upstream.socket-missing", "the upstream's socket is not there"},
    {"upstream.socket-permission", "the gateway may not open the socket"},
    {"upstream.backlog-full", "the upstream's listen queue is full"},
    {"upstream.workers-exhausted", "every worker of the upstream is busy"},
    {"upstream.script-not-found", "PHP does not find the script"},
    {"upstream.loopback-family", "localhost means two addresses"},
    {"gateway.fd-limit", "the gateway is out of file descriptors"},
    {"gateway.connection-limit", "the gateway is at its limit of connections"},
    {"gateway.ephemeral-ports", "the gateway is out of local ports"},
    {"gateway.access-denied", "the kernel denies the gateway the connection"},
    {"gateway.proxy-loop", "the gateway proxies to itself"},
    {"gateway.header-limit", "the request's header is over the limit"},
    {"gateway.websocket-upgrade", "the upgrade is not passed on"},
    {"gateway.timeout-order", "an outer limit is shorter than an inner one"},
    {"gateway.config-invalid", "the configuration does not load"},
    {"origin.bad-gateway", "502, with no log that says why"},
    {"origin.unavailable", "503, with no log that says why"},
    {"origin.timeout", "504, with no log that says why"},
    {"origin.error", "the application answers 500"},
}};

}  // namespace

std::string shown(std::string_view text, std::size_t limit) {
  return printable(text, limit);
}

std::string_view words_of_fault(std::string_view fault) {
  const auto found = std::ranges::find(kWords, fault, &std::pair<std::string_view, std::string_view>::first);
  return found == kWords.end() ? std::string_view() : found->second;
}

std::string lasting(const Incident& incident) {
  return length_text(std::max(std::chrono::seconds(1), incident.last_seen - incident.first_seen));
}

std::string began_text(const Incident& incident) {
  if (!incident.began_with.empty()) return shown(incident.began_with);
  if (!incident.slow) return {};
  return fmt::format("slow since {}: {:.2f} s, where {:.2f} s was usual", utc_time(incident.slow->since),
                     incident.slow->took, incident.slow->usual);
}

std::string headline_of(const LogReport& report) {
  std::uint64_t failed = 0;
  for (const Incident& incident : report.incidents) failed += incident.failed;
  if (report.incidents.empty()) return "No incidents";
  return fmt::format("{} incident{}, {} failed request{}", report.incidents.size(),
                     report.incidents.size() == 1 ? "" : "s", failed, failed == 1 ? "" : "s");
}

std::string bytes_text(std::uint64_t bytes) {
  if (bytes < 1'000) return fmt::format("{} B", bytes);
  if (bytes < 1'000'000) return fmt::format("{:.0f} kB", static_cast<double>(bytes) / 1e3);
  if (bytes < 1'000'000'000) return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
  return fmt::format("{:.2f} GB", static_cast<double>(bytes) / 1e9);
}

}  // namespace fix502
