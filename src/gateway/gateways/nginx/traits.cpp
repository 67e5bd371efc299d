// What a route has or does not, in words that no gateway's own settings stand in.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/nginx/destination.hpp"
#include "gateway/gateways/nginx/values.hpp"

namespace fix502::nginx {
namespace {

/// Settings that a person or a rule may want to see, where they are written.
constexpr std::string_view kShown[] = {"next_upstream",
                                       "ssl_protocols",
                                       "next_upstream_timeout",
                                       "buffering",
                                       "buffers",
                                       "busy_buffers_size",
                                       "request_buffering",
                                       "intercept_errors",
                                       "cache",
                                       "cache_valid",
                                       "cache_use_stale",
                                       "cache_lock",
                                       "no_cache",
                                       "cache_bypass",
                                       "ignore_client_abort",
                                       "socket_keepalive",
                                       "bind",
                                       "http_version",
                                       "ssl_session_reuse",
                                       "ssl_verify",
                                       "ssl_server_name",
                                       "ssl_name",
                                       "keep_conn",
                                       "index",
                                       "max_temp_file_size",
                                       "limit_rate"};
constexpr std::string_view kShownPlain[] = {
    "resolver",  "resolver_timeout", "error_page", "keepalive_timeout", "client_header_timeout", "client_body_timeout",
    "limit_req", "limit_conn"};

bool is_error_code(std::string_view word) {
  return word == "any" || (word.size() == 3 && word[0] == '5');
}

bool stores_errors(const Block& conf, const std::string& family) {
  for (const auto* valid : effective_all(conf, family + "cache_valid"))
    for (std::size_t i = 0; i + 1 < valid->args(); ++i)
      if (is_error_code(valid->arg(i)) && parse_time(valid->arg(valid->args() - 1)) != 0) return true;
  return false;
}

std::string cache_folder(const Journey& journey, const Destination& to) {
  const auto zone = setting_of(*journey.conf, to.family + "cache", "off").value;
  const auto found = journey.model.cache_zones.find(zone);
  return found == journey.model.cache_zones.end() ? std::string() : under(journey.read.prefix, found->second->arg(0));
}

const NameValue* field(const std::vector<NameValue>& fields, std::string_view name) {
  const auto found =
      std::ranges::find_if(fields, [&](const auto& item) { return equals_ignoring_case(item.name, name); });
  return found == fields.end() ? nullptr : &*found;
}

/// The header as it would be sent for a request that asks for WebSocket.
bool passes_upgrade(const Journey& journey, const Destination& to) {
  if (to.family != "proxy_" || protocol_of(journey, to) != Protocol::http1_1) return false;
  Journey asking(journey);
  for (const auto* name : {"Upgrade", "Connection"})
    std::erase_if(asking.in.headers, [&](const auto& item) { return equals_ignoring_case(item.name, name); });
  asking.in.headers.push_back({"Upgrade", "websocket"});
  asking.in.headers.push_back({"Connection", "Upgrade"});
  const auto sent = http_headers(asking, to, false);
  const auto *upgrade = field(sent, "Upgrade"), *connection = field(sent, "Connection");
  return upgrade != nullptr && equals_ignoring_case(upgrade->value, "websocket") && connection != nullptr &&
         contains_ignoring_case(connection->value, "upgrade");
}

bool asks_upgrade(const Journey& journey, const Destination& to) {
  for (const auto* header : effective_all(*journey.conf, to.family + "set_header"))
    if (equals_ignoring_case(header->arg(0), "Upgrade") ||
        (equals_ignoring_case(header->arg(0), "Connection") && contains_ignoring_case(header->arg(1), "upgrade")))
      return true;
  const auto name = journey.location == nullptr ? std::string() : lower(journey.location->name);
  for (const std::string_view word : {"socket", "/ws", "/wss", "sockjs", "/cable", "/hub", "/realtime"}) {
    const auto at = name.find(word);
    if (at == std::string::npos) continue;
    const char behind = at + word.size() < name.size() ? name[at + word.size()] : '/';
    if (word == "socket" || behind == '/' || behind == '$' || behind == '(' || behind == '.') return true;
  }
  return false;
}

void fill_pool_traits(Journey& journey, const Destination& to, Route& route) {
  const auto& size = route.limits.at("pool_size");
  route.pool_from = size.from;
  route.pool_wanted = size.amount.value_or(0) > 0;
  const bool keeps = to.family == "grpc_" || route.request.keeps_connection;
  route.pool = route.pool_wanted && keeps && to.family != "uwsgi_" && to.family != "scgi_";
  // ngx_http_upstream_next(): a used connection that fails does not count as a try, but only where "error" is allowed.
  const auto when = setting_of(*journey.conf, to.family + "next_upstream", "error timeout").value;
  const auto next = words(when);
  const auto allows = [&](std::string_view word) { return std::ranges::find(next, word) != next.end(); };
  route.pool_retried = allows("error") && !allows("off");
  route.retries_unsafe = allows("non_idempotent") && !allows("off");
}

}  // namespace

bool uses_cache(const Journey& journey, const Destination& to) {
  if (to.family == "grpc_") return false;
  const auto zone = setting_of(*journey.conf, to.family + "cache", "off").value;
  if (zone.empty() || zone == "off") return false;
  const auto methods = setting_of(*journey.conf, to.family + "cache_methods", "").value;
  return journey.in.method == "GET" || journey.in.method == "HEAD" ||
         contains_ignoring_case(methods, journey.in.method);
}

void fill_traits(Journey& journey, const Destination& to, Route& route) {
  const auto& conf = *journey.conf;
  route.passes_upgrade = passes_upgrade(journey, to);
  route.asks_upgrade = asks_upgrade(journey, to);
  route.cached = uses_cache(journey, to);
  if (route.cached) {
    route.stores_errors = stores_errors(conf, to.family);
    route.cache_folder = cache_folder(journey, to);
  }
  fill_pool_traits(journey, to, route);
  for (const auto name : kShown)
    for (const auto* found : effective_all(conf, to.family + std::string(name)))
      route.settings.push_back(
          {found->name(), found->value(), found->parent == &conf ? Source::set : Source::inherited, found->place});
  for (const auto name : kShownPlain)
    for (const auto* found : effective_all(conf, name))
      route.settings.push_back(
          {found->name(), found->value(), found->parent == &conf ? Source::set : Source::inherited, found->place});
}

}  // namespace fix502::nginx
