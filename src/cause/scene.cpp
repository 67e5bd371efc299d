#include "cause/scene.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"

namespace fix502 {
namespace {

constexpr int kPlainToTls = 400;

bool names(const LogSign& sign, const Way& way) {
  if (sign.upstream.empty()) return true;
  return sign.upstream == way.endpoint || sign.upstream == way.server->name || sign.upstream.contains(way.endpoint) ||
         (way.own != nullptr && sign.upstream == way.own->endpoint) ||
         (way.own != nullptr && std::ranges::any_of(way.own->addresses, [&](const std::string& address) {
            return sign.upstream.contains(address);
          }));
}

bool is_error(const HttpExchange& http) {
  return http.failure != Failure::none || !http.status || *http.status >= 500;
}

}  // namespace

const Replay* Way::works_with(std::string_view key) const {
  const auto found = std::ranges::find_if(contrasts, [&](const Replay* replay) {
    const std::size_t beside = replay->varied.count("method");
    // Every HTTP server has a 400 for what it does not understand.
    if (key == "protocol" && replay->status == 400) return false;
    return replay->varied.contains(std::string(key)) && replay->varied.size() == 1 + beside && answered_well(*replay);
  });
  return found == contrasts.end() ? nullptr : *found;
}

bool Way::failed() const {
  return own != nullptr && (own->failure != Failure::none || own->flaw != HeaderFlaw::none);
}

Scene::Scene(const GatewayEvidence& evidence) : seen(evidence), route(evidence.route) {
  for (std::size_t i = 0; i < route.servers.size(); ++i) {
    if (route.servers[i].disabled) continue;
    Way way{.index = i, .server = &route.servers[i], .own = nullptr, .contrasts = {}, .endpoint = {}};
    way.endpoint = way.server->endpoint();
    for (const auto& replay : seen.replays) {
      if (replay.server != i) continue;
      if (!replay.is_own())
        way.contrasts.push_back(&replay);
      else if (way.own == nullptr || (way.own->failure == Failure::none && replay.failure != Failure::none))
        way.own = &replay;  // of several addresses of one name the one that fails
    }
    ways.push_back(std::move(way));
  }
}

const HttpExchange* Scene::bad_answer() const {
  const auto found = std::ranges::find_if(
      seen.answers, [](const GatewayAnswer& answer) { return answer.varied.empty() && is_error(answer.http); });
  return found == seen.answers.end() ? nullptr : &found->http;
}

bool Scene::answers_well() const {
  return std::ranges::any_of(seen.answers, [](const GatewayAnswer& answer) { return answer.varied.empty(); }) &&
         bad_answer() == nullptr;
}

std::vector<const LogSign*> Scene::logged(std::string_view fault, const Way* way) const {
  std::vector<const LogSign*> signs;
  for (const auto& sign : seen.log)
    if (sign.fault == fault && (way == nullptr || names(sign, *way))) signs.push_back(&sign);
  return signs;
}

std::optional<std::int64_t> Scene::limit(LimitKind kind) const {
  const Limit* found = route.limit(kind);
  return found == nullptr ? std::nullopt : found->amount;
}

ConfigPlace Scene::place_of(LimitKind kind) const {
  const Limit* found = route.limit(kind);
  return found != nullptr && found->from.place.known() ? found->from.place : route.place;
}

Sign Scene::limit_sign(LimitKind kind) const {
  const Limit* found = route.limit(kind);
  if (found == nullptr) return {.kind = SignKind::configuration, .text = "no such limit is known"};
  const Setting& from = found->from;
  return {.kind = SignKind::configuration,
          .text = fmt::format("{} {}{}", from.directive, from.value,
                              from.source == Source::builtin ? " (the built-in default)" : ""),
          .file = from.place.file,
          .line = from.place.line};
}

const ListenSocket* Scene::listener_at(const UpstreamServer& server) const {
  const auto takes = [&](const ListenSocket& socket) {
    if (!server.socket.empty()) return socket.path == server.socket;
    if (socket.port != server.port || socket.port == 0) return false;
    return socket.address == server.host || socket.address == "0.0.0.0" ||
           (socket.address == "::" && !socket.only_ipv6) || (socket.address == "::" && server.host.contains(':'));
  };
  const auto found = std::ranges::find_if(seen.machine.listening, takes);
  return found == seen.machine.listening.end() ? nullptr : &*found;
}

const ServerState* Scene::state_of(const UpstreamServer& server) const {
  const auto& states = seen.machine.servers;
  const auto found = std::ranges::find_if(states, [&](const ServerState& state) {
    return server.name.contains('/') && !state.upstream.empty()
               ? server.name == fmt::format("{}/{}", state.upstream, state.server)
               : state.address == server.endpoint() || state.address == server.name;
  });
  return found == states.end() ? nullptr : &*found;
}

const PoolFacts* Scene::pool_at(const UpstreamServer& server) const {
  for (const auto& pool : seen.machine.pools) {
    const bool socket = !server.socket.empty() && pool.listen == server.socket;
    const bool port = server.port != 0 && (pool.listen == std::to_string(server.port) ||
                                           pool.listen.ends_with(fmt::format(":{}", server.port)));
    if (socket || port) return &pool;
  }
  return nullptr;
}

CauseFinding Scene::about_gateway(std::string_view fault, std::string_view cause) const {
  CauseFinding finding;
  finding.fault = fault;
  finding.cause = cause;
  finding.place = route.place;
  finding.now = bad_answer() != nullptr;
  return finding;
}

CauseFinding Scene::about(const Way& way, std::string_view fault, std::string_view cause) const {
  CauseFinding finding = about_gateway(fault, cause);
  finding.upstream = way.endpoint;
  finding.upstream_name = way.server->name == way.endpoint ? route.upstream : way.server->name;
  if (way.server->place.known()) finding.place = way.server->place;
  if (way.own != nullptr && (way.failed() || !answered_well(*way.own))) cite_replay(finding, *way.own);
  cite_log(finding, fault, &way);
  cite_answer(finding);
  return finding;
}

bool Scene::cite_log(CauseFinding& finding, std::string_view fault, const Way* way) const {
  const auto signs = logged(fault, way);
  for (const LogSign* sign : signs) {
    finding.signs.push_back(
        {.kind = SignKind::log,
         .text = fmt::format("{} line{} of {}", sign->count, sign->count == 1 ? "" : "s", sign->file),
         .file = sign->file,
         .line = 0,
         .count = sign->count,
         .first_seen = sign->first_seen,
         .last_seen = sign->last_seen,
         .sample = sign->sample,
         .reproduce = {}});
    finding.failed += sign->count;
  }
  return !signs.empty();
}

void Scene::cite_replay(CauseFinding& finding, const Replay& replay, std::string text) const {
  if (text.empty()) {
    std::string varied;
    for (const auto& [key, value] : replay.varied) varied += fmt::format(" with {} {}", key, value);
    text = fmt::format("the gateway's own request sent to {}{}: {}", replay.endpoint, varied, outcome_of(replay));
  }
  finding.signs.push_back(
      {.kind = SignKind::replay, .text = std::move(text), .file = {}, .reproduce = replay.reproduce});
}

void Scene::cite_answer(CauseFinding& finding) const {
  const HttpExchange* bad = bad_answer();
  if (bad == nullptr) return;
  const std::string said =
      bad->failure == Failure::none && bad->status ? std::to_string(*bad->status) : std::string(sentence(bad->failure));
  finding.signs.push_back(
      {.kind = SignKind::answer, .text = fmt::format("the gateway answers the page now: {}", said)});
}

bool Scene::only_logged(const Way& way, std::string_view fault) const {
  return !way.failed() && !logged(fault, &way).empty();
}

bool answered_well(const Replay& replay) {
  return replay.failure == Failure::none && replay.flaw == HeaderFlaw::none && replay.status && *replay.status < 500 &&
         !wants_tls(replay);
}

bool wants_tls(const Replay& replay) {
  return replay.status == kPlainToTls &&
         (contains_ignoring_case(replay.body_sample, "plain HTTP request was sent to HTTPS port") ||
          contains_ignoring_case(replay.body_sample, "speaking plain HTTP to an SSL-enabled server port") ||
          contains_ignoring_case(replay.body_sample, "sent an HTTP request to an HTTPS server"));
}

Certainty certainty_of(const std::vector<Sign>& signs) {
  std::set<SignKind> kinds;
  for (const auto& sign : signs) kinds.insert(sign.kind);
  if (kinds.size() >= 2)
    return kinds.contains(SignKind::replay) || kinds.size() >= 3 ? Certainty::proven : Certainty::strong;
  return kinds.contains(SignKind::configuration) || kinds.empty() ? Certainty::guess : Certainty::likely;
}

std::string time_text(std::int64_t ms) {
  if (ms < 1000) return fmt::format("{} ms", ms);
  return ms % 1000 == 0 ? fmt::format("{} s", ms / 1000) : fmt::format("{:.1f} s", static_cast<double>(ms) / 1000.0);
}

std::string size_text(std::uint64_t bytes) {
  return bytes >= 1024 && bytes % 1024 == 0 ? fmt::format("{} KiB", bytes / 1024) : fmt::format("{} bytes", bytes);
}

std::string outcome_of(const Replay& replay) {
  if (replay.failure != Failure::none) return std::string(sentence(replay.failure));
  if (replay.flaw != HeaderFlaw::none && !replay.flawed_line.empty())
    return fmt::format("{}, with the header line \"{}\"", replay.status.value_or(0), replay.flawed_line);
  return replay.status ? fmt::format("{}", *replay.status) : "answered";
}

std::string where(const ConfigPlace& place) {
  if (!place.known()) return "the built-in default";
  return place.line > 0 ? fmt::format("{}:{}", place.file, place.line) : place.file;
}

}  // namespace fix502
