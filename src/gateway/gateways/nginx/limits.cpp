// The limits of one place, with the defaults of the version that runs (nginx.org, ngx_http_*_module).

#include <fmt/format.h>

#include <array>
#include <functional>

#include "base/text.hpp"
#include "gateway/gateways/nginx/destination.hpp"
#include "gateway/gateways/nginx/values.hpp"

namespace fix502::nginx {
namespace {

using Parse = std::optional<std::int64_t> (*)(std::string_view);

struct LimitRow {
  LimitKind kind;
  std::string_view name;  ///< behind the family's, or whole
  std::string_view fallback;
  Parse parse;
  std::size_t word = 0;  ///< which word is the number
  bool zero_is_none = false;
};

/// Of the pass's own module: proxy_, fastcgi_ ...
constexpr auto kOfFamily = std::to_array<LimitRow>({
    {LimitKind::connect_timeout, "connect_timeout", "60s", parse_time},
    {LimitKind::send_timeout, "send_timeout", "60s", parse_time},
    {LimitKind::read_timeout, "read_timeout", "60s", parse_time},
    {LimitKind::retries, "next_upstream_tries", "0", parse_count, 0, true},
    // One page; nginx on other processors than x86 may have larger ones.
    {LimitKind::response_header, "buffer_size", "4k", parse_size},
});

constexpr auto kOfClient = std::to_array<LimitRow>({
    {LimitKind::request_body, "client_max_body_size", "1m", parse_size, 0, true},
    {LimitKind::client_timeout, "send_timeout", "60s", parse_time},
});

constexpr LimitRow kHeaderField{LimitKind::request_field, "large_client_header_buffers", "4 8k", parse_size, 1};
constexpr LimitRow kRequestLine{LimitKind::request_line, "large_client_header_buffers", "4 8k", parse_size, 1};

Setting built_in(std::string_view name, std::string_view value) {
  Setting setting;
  setting.directive = name, setting.value = value;
  return setting;
}

void put(Route& route, LimitKind kind, Limit limit) {
  route.limits.insert_or_assign(std::string(to_word(kind)), std::move(limit));
}

Limit read_limit(const Block& conf, const LimitRow& row, const std::string& name) {
  Limit limit{{}, setting_of(conf, name, row.fallback)};
  const auto parts = words(limit.from.value);
  if (row.word < parts.size()) limit.amount = row.parse(parts[row.word]);
  if (row.zero_is_none && limit.amount == 0) limit.amount.reset();
  return limit;
}

/// "max_fails=3" among the words of a server; the group's first server that has it.
Limit server_limit(const Destination& to, std::string_view key, std::string_view fallback, Parse parse) {
  Limit limit{parse(fallback), built_in(key, fallback)};
  if (to.group == nullptr) return limit;
  for (const auto* server : to.group->servers)
    for (std::size_t i = 1; i < server->args(); ++i) {
      const auto& word = server->arg(i);
      if (!word.starts_with(std::string(key) + "=")) continue;
      limit.from = {std::string(key), word.substr(key.size() + 1), Source::set, server->place};
      limit.amount = parse(limit.from.value);
      return limit;
    }
  return limit;
}

/// With a cache the file's head stands in the same buffer (src/http/ngx_http_file_cache.c).
void shorten_for_cache(Journey& journey, const Destination& to, Limit& limit) {
  constexpr std::int64_t kHead = 336 + 6 + 1;  // the head's struct, "\nKEY: " and "\n"
  if (!uses_cache(journey, to) || !limit.amount) return;
  const auto* key = effective(*journey.conf, to.family + "cache_key");
  const auto length = key == nullptr ? std::string(to.tls ? "https://" : "http://").size() + journey.proxy_host.size() +
                                           journey.in.target.size()
                                     : expand(journey, key->arg(0)).text.size();
  *limit.amount -= kHead + static_cast<std::int64_t>(length);
}

void fill_pool(Journey& journey, const Destination& to, Route& route) {
  if (to.group == nullptr) {
    put(route, LimitKind::pool_size, {0, built_in("keepalive", "none")});
    return;
  }
  const auto& block = *to.group->at->block;
  const auto own = [&](std::string_view name, std::string_view fallback, Parse parse) {
    Limit limit{{}, built_in(name, fallback)};
    if (const auto* found = block.own(name))
      limit.from.value = found->value(), limit.from.place = found->place, limit.from.source = Source::set;
    const auto parts = words(limit.from.value);
    limit.amount = parts.empty() ? std::nullopt : parse(parts[0]);
    return limit;
  };
  // Since 1.29.7 every upstream block keeps 32 connections by itself; those without a block never do.
  auto size = own("keepalive", at_least(journey.read.version, "1.29.7") ? "32 local" : "none", parse_count);
  if (!size.amount) size.amount = 0;
  const bool any = *size.amount > 0;
  put(route, LimitKind::pool_size, std::move(size));
  if (!any) return;
  put(route, LimitKind::pool_idle, own("keepalive_timeout", "60s", parse_time));
  put(route, LimitKind::pool_requests,
      own("keepalive_requests", at_least(journey.read.version, "1.19.10") ? "1000" : "100", parse_count));
}

void fill_process(const Journey& journey, Route& route) {
  const Block& main = *journey.model.http->parent;
  Limit connections{512, built_in("worker_connections", "512")};
  if (const auto* events = main.own("events"); events != nullptr && events->block)
    if (const auto* found = events->block->own("worker_connections")) {
      connections.amount = parse_count(found->arg(0));
      connections.from = {"worker_connections", found->arg(0), Source::set, found->place};
    }
  put(route, LimitKind::connections, std::move(connections));
  Limit files{{}, built_in("worker_rlimit_nofile", "as nginx was started")};
  if (const auto* found = main.own("worker_rlimit_nofile")) {
    files.amount = parse_count(found->arg(0));
    files.from = {"worker_rlimit_nofile", found->arg(0), Source::set, found->place};
  }
  put(route, LimitKind::files, std::move(files));
}

}  // namespace

void fill_limits(Journey& journey, const Destination& to, Route& route) {
  const auto& conf = *journey.conf;
  for (const auto& row : kOfFamily) put(route, row.kind, read_limit(conf, row, to.family + std::string(row.name)));
  if (auto& tries = route.limits.at("retries"); tries.amount) --*tries.amount;
  shorten_for_cache(journey, to, route.limits.at("response_header"));
  for (const auto& row : kOfClient) put(route, row.kind, read_limit(conf, row, std::string(row.name)));
  // The server's name is known from the Host line on, with TLS from the greeting on; until then the settings of the
  // address's default server apply.
  const auto& head = journey.server->block();
  const auto& line = journey.address->tls ? head : journey.address->fallback->block();
  put(route, kHeaderField.kind, read_limit(head, kHeaderField, std::string(kHeaderField.name)));
  put(route, kRequestLine.kind, read_limit(line, kRequestLine, std::string(kRequestLine.name)));
  auto all = route.limits.at("request_field");
  const auto parts = words(all.from.value);
  const auto first = parse_size(setting_of(head, "client_header_buffer_size", "1k").value);
  const auto count = parts.empty() ? std::nullopt : parse_count(parts[0]);
  if (all.amount && count && first && *count < 100'000) all.amount = *all.amount * *count + *first;
  put(route, LimitKind::request_header, std::move(all));
  const bool single = to.group == nullptr || to.group->servers.size() == 1;
  put(route, LimitKind::retry_pause, server_limit(to, "fail_timeout", "10s", parse_time));
  auto fails = server_limit(to, "max_fails", "1", parse_count);
  // A server that is alone is always tried (ngx_http_upstream_round_robin.c).
  if (single) fails.amount.reset(), fails.from.value += " (of no effect: there is one server)";
  put(route, LimitKind::max_fails, std::move(fails));
  auto connections = server_limit(to, "max_conns", "0", parse_count);
  if (connections.amount == 0) connections.amount.reset();
  put(route, LimitKind::upstream_connections, std::move(connections));
  fill_pool(journey, to, route);
  fill_process(journey, route);
}

}  // namespace fix502::nginx
