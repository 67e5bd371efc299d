#include <fmt/format.h>

#include <algorithm>

#include "gateway/gateways/haproxy/configuration.hpp"

namespace fix502::haproxy {
namespace {

constexpr std::int64_t kBufsize = 16'384, kMaxrewrite = 1'024;
constexpr std::int64_t kOverhead = 134;  // measured with 2.6: what a header of one field cannot use of the buffer

Setting setting_of(const Applies& from, std::string directive, std::string value) {
  return {.directive = std::move(directive),
          .value = std::move(value),
          .source = from.line == nullptr ? Source::builtin
                    : from.own           ? Source::set
                                         : Source::inherited,
          .place = from.line == nullptr ? ConfigPlace{} : from.line->place()};
}

void put(Route& route, LimitKind kind, std::optional<std::int64_t> amount, Setting from) {
  route.limits[std::string(to_word(kind))] = {.amount = amount, .from = std::move(from)};
}

void put_timeout(Route& route, const Model& model, const Section& section, LimitKind kind, std::string_view name,
                 std::string_view fallback = {}) {
  Applies line = model.applies(section, {"timeout", name});
  if (line.line == nullptr && !fallback.empty()) line = model.applies(section, {"timeout", fallback});
  const std::string directive = fmt::format("timeout {}", line.line == nullptr ? name : line.line->word(1));
  if (line.line == nullptr) {
    put(route, kind, std::nullopt, setting_of(line, directive, "none"));
    return;
  }
  const std::int64_t ms = milliseconds_of(line.line->word(2));
  put(route, kind, ms > 0 ? std::optional(ms) : std::nullopt,
      setting_of(line, directive, std::string(line.line->word(2))));
}

const Line* global_line(const Model& model, std::string_view name) {
  const Section* global = model.global();
  if (global == nullptr) return nullptr;
  const Line* found = nullptr;
  for (const auto& line : global->lines)
    if (line.word(0) == name) found = &line;
  return found;
}

void put_global(Route& route, const Model& model, LimitKind kind, std::string_view name,
                std::optional<std::int64_t> builtin, std::string_view words) {
  const Line* line = global_line(model, name);
  put(route, kind, line == nullptr ? builtin : std::optional(size_of(line->word(1))),
      setting_of({line, true}, std::string(name), line == nullptr ? std::string(words) : std::string(line->word(1))));
}

void put_header(Route& route, const Model& model) {
  const Line* size = global_line(model, "tune.bufsize");
  const Line* rewrite = global_line(model, "tune.maxrewrite");
  const std::int64_t buffer = size == nullptr ? kBufsize : std::max<std::int64_t>(size_of(size->word(1)), 0);
  const std::int64_t kept =
      rewrite == nullptr ? kMaxrewrite : std::clamp<std::int64_t>(size_of(rewrite->word(1)), 0, buffer / 2);
  const Setting from = setting_of({size, true}, "tune.bufsize", std::to_string(buffer));
  const std::int64_t room = std::max<std::int64_t>(buffer - kept - kOverhead, 0);
  for (const LimitKind kind : {LimitKind::response_header, LimitKind::request_header}) put(route, kind, room, from);
}

}  // namespace

void fill_limits(Route& route, const Model& model, const Section& front, const Section& back,
                 const std::vector<ServerLine>& servers) {
  put_timeout(route, model, back, LimitKind::connect_timeout, "connect");
  put_timeout(route, model, back, LimitKind::read_timeout, "server");
  put_timeout(route, model, back, LimitKind::send_timeout, "server");
  put_timeout(route, model, back, LimitKind::queue_timeout, "queue", "connect");
  put_timeout(route, model, back, LimitKind::check_timeout, "check", "connect");
  put_timeout(route, model, front, LimitKind::client_timeout, "client");
  const Applies retries = model.applies(back, {"retries"});
  put(route, LimitKind::retries, retries.line == nullptr ? 3 : size_of(retries.line->word(1)),
      setting_of(retries, "retries", retries.line == nullptr ? "3" : std::string(retries.line->word(1))));
  put_header(route, model);
  const Applies maxconn = model.applies(front, {"maxconn"});
  if (maxconn.line != nullptr)
    put(route, LimitKind::connections, size_of(maxconn.line->word(1)),
        setting_of(maxconn, "maxconn", std::string(maxconn.line->word(1))));
  else
    put_global(route, model, LimitKind::connections, "maxconn", std::nullopt, "as many as the descriptors allow");
  put_global(route, model, LimitKind::files, "ulimit-n", std::nullopt, "as many as maxconn needs");
  if (servers.empty()) return;
  const ServerLine& first = servers.front();
  const Applies own{first.line, true};
  if (first.connections)
    put(route, LimitKind::upstream_connections, first.connections,
        setting_of(own, "maxconn", std::to_string(*first.connections)));
  if (first.check)
    put(route, LimitKind::max_fails, first.fall.value_or(3),
        setting_of(first.fall ? own : Applies{}, "fall", std::to_string(first.fall.value_or(3))));
  if (!route.pool) return;
  put(route, LimitKind::pool_idle, first.pool_purge_ms.value_or(5'000),
      setting_of(first.pool_purge_ms ? own : Applies{}, "pool-purge-delay",
                 fmt::format("{}ms", first.pool_purge_ms.value_or(5'000))));
  route.pool_from = setting_of({}, "http-reuse", "safe");
  if (const Applies reuse = model.applies(back, {"http-reuse"}); reuse.line != nullptr)
    route.pool_from = setting_of(reuse, "http-reuse", std::string(reuse.line->word(1)));
}

}  // namespace fix502::haproxy
