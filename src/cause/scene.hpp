#pragma once

// The evidence, read once, with the few questions that most rules ask.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cause/cause.hpp"

namespace fix502 {

/// One upstream server, and what its replays gave.
struct Way {
  std::size_t index = 0;
  const UpstreamServer* server = nullptr;  ///< never null
  const Replay* own = nullptr;             ///< the gateway's own request; null: not replayed
  std::vector<const Replay*> contrasts;
  std::string endpoint;

  /// The first contrast that changes `key` alone and was answered well.
  [[nodiscard]] const Replay* works_with(std::string_view key) const;
  [[nodiscard]] bool failed() const;  ///< the own request was replayed, and no whole response came
};

struct Scene {
  explicit Scene(const GatewayEvidence& evidence);

  const GatewayEvidence& seen;
  const Route& route;
  std::vector<Way> ways;  ///< not those that the configuration takes out

  /// The gateway answers the page with an error now (5xx of any make, 4xx of its own, or no answer).
  [[nodiscard]] const HttpExchange* bad_answer() const;
  [[nodiscard]] bool answers_well() const;
  /// Log lines of that fault about this upstream, or about none.
  [[nodiscard]] std::vector<const LogSign*> logged(std::string_view fault, const Way* way = nullptr) const;
  [[nodiscard]] bool is(std::string_view kind) const { return seen.kind == kind; }
  [[nodiscard]] std::optional<std::int64_t> limit(LimitKind kind) const;
  /// Where that limit is set; the route's own place for a built-in default.
  [[nodiscard]] ConfigPlace place_of(LimitKind kind) const;
  /// "proxy_read_timeout 2s, line 14 of /etc/nginx/..."
  [[nodiscard]] Sign limit_sign(LimitKind kind) const;
  [[nodiscard]] const ListenSocket* listener_at(const UpstreamServer& server) const;
  /// What the gateway itself says of this server; null: nothing. Servers of other groups may have the same name.
  [[nodiscard]] const ServerState* state_of(const UpstreamServer& server) const;
  /// The PHP-FPM pool that listens there: "listen = /run/app.sock", "9000", "127.0.0.1:9000".
  [[nodiscard]] const PoolFacts* pool_at(const UpstreamServer& server) const;

  /// A finding about one upstream, with the signs that stand for it: log lines, the replay, the gateway's answer.
  [[nodiscard]] CauseFinding about(const Way& way, std::string_view fault, std::string_view cause) const;
  /// A finding that no single upstream has.
  [[nodiscard]] CauseFinding about_gateway(std::string_view fault, std::string_view cause) const;
  /// Adds the log lines of that fault; true where there are any.
  bool cite_log(CauseFinding& finding, std::string_view fault, const Way* way = nullptr) const;
  void cite_replay(CauseFinding& finding, const Replay& replay, std::string text = {}) const;
  void cite_answer(CauseFinding& finding) const;
  /// For faults that come and go: the log shows them while the replay is answered well.
  [[nodiscard]] bool only_logged(const Way& way, std::string_view fault) const;
};

/// A whole response of the protocol that no gateway would call a failure, and no complaint about the way it was asked.
[[nodiscard]] bool answered_well(const Replay& replay);
/// A web server's complaint that plain HTTP came to its TLS port: nginx's, Apache's and Go's 400.
[[nodiscard]] bool wants_tls(const Replay& replay);
/// How sure the signs make it: by how many independent kinds there are.
[[nodiscard]] Certainty certainty_of(const std::vector<Sign>& signs);
/// "3.2 s", "250 ms"
[[nodiscard]] std::string time_text(std::int64_t ms);
[[nodiscard]] std::string size_text(std::uint64_t bytes);
/// "connection refused" or "502 Bad Gateway", of a replay.
[[nodiscard]] std::string outcome_of(const Replay& replay);
/// "/etc/nginx/nginx.conf:14"
[[nodiscard]] std::string where(const ConfigPlace& place);

}  // namespace fix502
