// The limits of one route, each with the line that sets it: in the directive, in its transport, or in the global
// options. Defaults are those of modules/caddyhttp/reverseproxy/{httptransport,healthchecks}.go, of fastcgi/fastcgi.go
// beside them, and of modules/caddyhttp/server.go.

#include <algorithm>

#include "gateway/gateways/caddy/configuration.hpp"
#include "gateway/version.hpp"

namespace fix502::caddy {
namespace {

constexpr std::int64_t kSecond = 1'000, kKiB = 1024, kMiB = 1024 * kKiB;

/// Which object of the JSON has it, and with it which block of the Caddyfile.
enum class Part { handler, transport, server };
enum class Unit { time, number };

struct LimitRow {
  LimitKind kind;
  Part part;
  std::string_view directive;  ///< in the Caddyfile
  std::string_view block;      ///< that the directive stands in, within its part; empty: none
  std::string_view pointer;    ///< in the JSON
  Unit unit;
  std::int64_t builtin;    ///< 0: no limit
  std::string_view words;  ///< the same as a person writes it
};

constexpr LimitRow kBoth[] = {
    {LimitKind::connect_timeout, Part::transport, "dial_timeout", "", "/dial_timeout", Unit::time, 3 * kSecond, "3s"},
    {LimitKind::send_timeout, Part::transport, "write_timeout", "", "/write_timeout", Unit::time, 0, "none"},
    {LimitKind::retries, Part::handler, "lb_retries", "", "/load_balancing/retries", Unit::number, 0, "0"},
    {LimitKind::request_header, Part::server, "max_header_size", "", "/max_header_bytes", Unit::number, kMiB, "1MiB"},
    {LimitKind::client_timeout, Part::server, "write", "timeouts", "/write_timeout", Unit::time, 0, "none"},
};
constexpr LimitRow kFastcgi[] = {
    {LimitKind::read_timeout, Part::transport, "read_timeout", "", "/read_timeout", Unit::time, 0, "none"},
};
constexpr LimitRow kHttp[] = {
    {LimitKind::read_timeout, Part::transport, "response_header_timeout", "", "/response_header_timeout", Unit::time, 0,
     "none"},
    {LimitKind::response_header, Part::transport, "max_response_header", "", "/max_response_header_size", Unit::number,
     10 * kMiB, "10MiB"},
    {LimitKind::pool_idle, Part::transport, "keepalive", "", "/keep_alive/idle_timeout", Unit::time, 120 * kSecond,
     "2m"},
    {LimitKind::pool_size, Part::transport, "keepalive_idle_conns_per_host", "", "/keep_alive/max_idle_conns_per_host",
     Unit::number, 32, "32"},
};
constexpr LimitRow kOldDial{
    LimitKind::connect_timeout, Part::transport, "dial_timeout", "", "/dial_timeout", Unit::time, 10 * kSecond, "10s"};
/// Between two reads, which the wait for the first byte is as well: the shorter of the two ends it.
constexpr LimitRow kEachRead{
    LimitKind::read_timeout, Part::transport, "read_timeout", "", "/read_timeout", Unit::time, 0, "none"};
constexpr LimitRow kConnections{LimitKind::upstream_connections,
                                Part::transport,
                                "max_conns_per_host",
                                "",
                                "/max_conns_per_host",
                                Unit::number,
                                0,
                                "none"};
constexpr LimitRow kActive{LimitKind::check_timeout,        Part::handler, "health_timeout", "",
                           "/health_checks/active/timeout", Unit::time,    5 * kSecond,      "5s"};
constexpr LimitRow kPassive[] = {
    {LimitKind::retry_pause, Part::handler, "fail_duration", "", "/health_checks/passive/fail_duration", Unit::time, 0,
     "0"},
    {LimitKind::max_fails, Part::handler, "max_fails", "", "/health_checks/passive/max_fails", Unit::number, 1, "1"},
};

/// Finds what the JSON says, and where the Caddyfile does.
class LimitReader {
 public:
  LimitReader(Route& route, const Caddy& all, const Json& server, const Json& handler, const Node* node)
      : route_(route), all_(all), server_(server), handler_(handler), node_(node) {}

  [[nodiscard]] const Json& value(const LimitRow& row) const {
    static const Json kNone;
    const Json& part = row.part == Part::server    ? server_
                       : row.part == Part::handler ? handler_
                                                   : caddy::at(handler_, "transport");
    const Json::json_pointer pointer{std::string(row.pointer)};
    return part.is_object() && part.contains(pointer) ? part[pointer] : kNone;
  }

  void put(const LimitRow& row) {
    const Json& json = value(row);
    std::optional<std::int64_t> amount = json.is_null()             ? std::optional(row.builtin)
                                         : row.unit == Unit::time   ? milliseconds_of(json)
                                         : json.is_number_integer() ? std::optional(json.get<std::int64_t>())
                                                                    : std::nullopt;
    const bool counts = row.kind == LimitKind::retries;  // no try after the first is a limit too
    if (amount && *amount <= 0 && !counts) amount.reset();
    Limit limit{.amount = amount, .from = {.directive = std::string(row.directive), .value = {}, .place = {}}};
    if (json.is_null())
      limit.from.value = row.words;
    else
      set(limit.from, row, json);
    route_.limits[std::string(to_word(row.kind))] = std::move(limit);
  }

  /// The route's limit is this one where this one is shorter.
  void put_shorter(const LimitRow& row) {
    if (value(row).is_null()) return;
    const auto before = route_.limits.find(std::string(to_word(row.kind)));
    const Limit old = before == route_.limits.end() ? Limit{} : before->second;
    put(row);
    Limit& now = route_.limits[std::string(to_word(row.kind))];
    if (old.amount && (!now.amount || *old.amount <= *now.amount)) now = old;
  }

 private:
  void set(Setting& from, const LimitRow& row, const Json& json) const {
    const Node* line = all_.line_of(node_, row.part == Part::server, row.block, row.directive);
    from.source = row.part == Part::server ? Source::inherited : Source::set;
    from.place = line != nullptr ? line->place() : node_ != nullptr ? route_.place : all_.place_of(json);
    from.value = line != nullptr && line->words.size() > 1 ? std::string(line->word(1))
                 : json.is_string()                        ? json.get<std::string>()
                                                           : json.dump();
  }

  Route& route_;
  const Caddy& all_;
  const Json& server_;
  const Json& handler_;
  const Node* node_;
};

}  // namespace

void fill_limits(Route& route, const Caddy& configuration, const Json& server, const Json& handler, const Node* node) {
  LimitReader reader(route, configuration, server, handler, node);
  for (const auto& row : kBoth) reader.put(row);
  if (!at_least(configuration.version, "2.5.0")) reader.put(kOldDial);
  if (route.request.protocol == Protocol::fastcgi) {
    for (const auto& row : kFastcgi) reader.put(row);
  } else {
    for (const auto& row : kHttp) reader.put(row);
    reader.put_shorter(kEachRead);
    reader.put_shorter(kConnections);
  }
  if (route.check.on) reader.put(kActive);
  if (!reader.value(kPassive[0]).is_null())
    for (const auto& row : kPassive) reader.put(row);
}

}  // namespace fix502::caddy
