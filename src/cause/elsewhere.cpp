#include "cause/elsewhere.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "base/text.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

constexpr int kUnauthorized = 401;
constexpr int kCloseBy = 10;  // ports

std::string_view folder_of_socket(std::string_view path) {
  return path.substr(0, path.rfind('/') + 1);
}

bool is_close(const UpstreamServer& server, std::string_view endpoint) {
  constexpr std::string_view kUnix = "unix:";
  if (endpoint.starts_with(kUnix))
    return !server.socket.empty() && folder_of_socket(endpoint.substr(kUnix.size())) == folder_of_socket(server.socket);
  const auto place = parse_endpoint(endpoint);
  // From a socket to a port and back: another way of listening, of whichever program.
  return place && server.port != 0 && std::abs(int{place->port} - int{server.port}) <= kCloseBy;
}

}  // namespace

Elsewhere find_elsewhere(const Scene& scene, const Way& way) {
  for (const Replay* replay : way.contrasts) {
    const std::size_t beside = replay->varied.count("method");
    if (!replay->varied.contains("address") || replay->varied.size() != 1 + beside || !answered_well(*replay)) continue;
    const int status = replay->status.value_or(0);
    if (status >= 400 && status != kUnauthorized) continue;
    return {.replay = replay,
            .sure = is_close(*way.server, replay->endpoint) && !lists(scene.seen.used_elsewhere, replay->endpoint)};
  }
  return {};
}

bool add_elsewhere(const Scene& scene, const Way& way, CauseFinding& finding, MendingKind change) {
  const Elsewhere other = find_elsewhere(scene, way);
  if (other.replay == nullptr) return false;
  const std::string& endpoint = other.replay->endpoint;
  finding.signs.push_back({.kind = SignKind::replay,
                           .text = fmt::format("the same request at {}: {}", endpoint, outcome_of(*other.replay)),
                           .reproduce = other.replay->reproduce});
  finding.summary += other.sure ? fmt::format(" The application answers at {}.", endpoint)
                     : lists(scene.seen.used_elsewhere, endpoint)
                         ? fmt::format(" What this site has at {} for other pages answers this one too.", endpoint)
                         : fmt::format(" A program at {} answers this page; it may be the application.", endpoint);
  finding.mendings.push_back({.kind = change, .server = way.index, .text = endpoint});
  finding.mends = other.sure;
  return true;
}

}  // namespace fix502
