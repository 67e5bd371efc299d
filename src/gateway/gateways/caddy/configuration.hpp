#pragma once

#include "gateway/gateways/caddy/caddyfile.hpp"
#include "gateway/gateways/caddy/json_places.hpp"

namespace fix502::caddy {

/// The request on its way through the routes; they change it.
struct Asked {
  Incoming incoming;
  std::string path, query;
  std::string root;  ///< that `root` has set, as written; empty: none

  explicit Asked(const Incoming& from);
  [[nodiscard]] std::string target() const { return query.empty() ? path : path + "?" + query; }
  [[nodiscard]] std::string header(std::string_view name) const;
};

/// A member; null where the JSON is no object or has none of that name.
[[nodiscard]] const Json& at(const Json& json, std::string_view key);
/// The text; empty where it is none.
[[nodiscard]] std::string text_of(const Json& json);

/// Where a walk through the routes ends.
struct Journey {
  const Json* handler = nullptr;  ///< the reverse_proxy
  std::string answer;             ///< or what answers by itself
  bool php = false;               ///< a rewrite to index.php was assumed
  std::vector<std::string> notes;
};

enum class Match { no, yes, unknown };
[[nodiscard]] Match matches(const Json& route, const Asked& asked);
/// Walks the routes in their order; true where something has answered.
[[nodiscard]] bool walk(const Json& routes, Asked& asked, Journey& journey, int depth = 0);

/// A duration as Caddy's JSON has it (nanoseconds, or "10s"), in milliseconds.
[[nodiscard]] std::optional<std::int64_t> milliseconds_of(const Json& value);

class Caddy final : public Configuration {
 public:
  Json root;                      ///< adapted, or the file itself
  std::vector<Node> nodes;        ///< of the Caddyfile; empty for JSON
  std::string main_file, folder;  ///< its file, and the process's working directory
  bool is_json = false;
  JsonPlaces places;         ///< of `root` in its file, where that is JSON and what Caddy runs
  std::string running_from;  ///< "http://localhost:2019/config": where `root` was got, where it is not the file's

  [[nodiscard]] std::string_view kind() const override { return "caddy"; }
  [[nodiscard]] Route route(const Incoming& incoming) const override;
  [[nodiscard]] std::vector<Incoming> every_way() const override;
  [[nodiscard]] std::vector<Listener> listeners() const override;
  [[nodiscard]] std::vector<LogPlace> logs(const Route& route) const override;
  [[nodiscard]] std::optional<Proposal> propose(const Route& route, const Mending& mending) const override;
  [[nodiscard]] std::optional<Proposal> propose_json(const Route& route, const Mending& mending) const;

  /// The directive of the Caddyfile that became this handler; null: none is known.
  [[nodiscard]] const Node* node_of(const Json& handler, std::string_view host) const;
  /// Where a value of `root` is written; what has no line in a file is named by the admin API's path.
  [[nodiscard]] ConfigPlace place_of(const Json& value) const;
  /// The directive at a route's place.
  [[nodiscard]] const Node* node_at(const ConfigPlace& place) const;
  /// The line of that name: in the directive itself or its transport, or in the global options for servers, there in a
  /// block of theirs where one is named. Null: the Caddyfile does not have it.
  [[nodiscard]] const Node* line_of(const Node* directive, bool of_server, std::string_view block,
                                    std::string_view name) const;
  /// The nearest directive of that name in the blocks round another one, the innermost first; null: none.
  [[nodiscard]] const Node* beside(const Node& directive, std::string_view name) const;
};

/// What a reverse_proxy directive names as upstreams: its words and those of "to".
[[nodiscard]] std::vector<const Token*> upstream_tokens(const Node& node);
/// "https://h:1" is "h:1", "unix//p" is as it is, "localhost" is "localhost:80".
[[nodiscard]] std::string dial_of(std::string_view upstream);
/// An endpoint as Caddy writes it: "unix:/p" is "unix//p".
[[nodiscard]] std::string as_upstream(const std::string& endpoint);

/// An endpoint of a listener: ":8080", "127.0.0.1:8080", "tcp/:80-90" (its first port).
[[nodiscard]] std::pair<std::string, std::uint16_t> listen_of(std::string_view text);

/// `node`: the directive in the Caddyfile; null: not known.
void fill_limits(Route& route, const Caddy& configuration, const Json& server, const Json& handler, const Node* node);
/// The request as Go's client sends it; `transport` for FastCGI.
void fill_headers(Route& route, const Json& handler, const Asked& asked);
void fill_fastcgi(Route& route, const Caddy& configuration, const Json& transport, const Asked& asked,
                  const Node* node);
void fill_route(Route& route, const Caddy& configuration, const Json& server, const Journey& journey,
                const Asked& asked);

}  // namespace fix502::caddy
