// Limits: at the worker that the target uses, at the virtual host that counts, at the processes.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "gateway/gateways/apache/edits.hpp"

namespace fix502::apache {
namespace {

std::string time_text(std::int64_t ms) {
  return ms % 1000 == 0 ? std::to_string(ms / 1000) : fmt::format("{}ms", ms);
}

std::int64_t whole_seconds(std::int64_t ms) {
  return std::max<std::int64_t>(1, (ms + 999) / 1000);
}

std::optional<Proposal> mend_connections(Editor& editor, std::int64_t amount) {
  const Scope& main = *editor.apache().servers().main.scope;
  const auto number = [&](std::string_view key, std::int64_t otherwise) {
    const Directive* directive = main.last(key);
    return directive == nullptr ? otherwise : std::int64_t{std::atoi(std::string(directive->word(0)).c_str())};
  };
  const bool prefork = editor.apache().tree().modules.contains("mpm_prefork_module");
  const std::int64_t threads = prefork ? 1 : std::max<std::int64_t>(1, number("threadsperchild", 25));
  const std::int64_t most = number("serverlimit", prefork ? 256 : 16);
  // Rounded up to whole processes: httpd rounds down, with a warning (event.c).
  const std::int64_t processes = (amount + threads - 1) / threads;
  const std::int64_t wanted = processes * threads;
  const Directive* workers = main.last("maxrequestworkers");
  if (workers == nullptr) workers = main.last("maxclients");
  const Directive* limit = main.last("serverlimit");
  const Directive* beside = workers != nullptr ? workers : main.last("threadsperchild");
  if (beside == nullptr && !main.all("listen").empty()) beside = main.all("listen").front();
  if (beside == nullptr) return std::nullopt;
  std::vector<std::string> lines;
  if (workers == nullptr)
    lines.push_back(fmt::format("MaxRequestWorkers {}", wanted));
  else if (!editor.replace_word(*workers, 0, std::to_string(wanted)))
    return std::nullopt;
  const bool more_processes = processes > most;
  if (more_processes && limit != nullptr && !editor.replace_word(*limit, 0, std::to_string(processes)))
    return std::nullopt;
  if (more_processes && limit == nullptr) lines.insert(lines.begin(), fmt::format("ServerLimit {}", processes));
  if (!lines.empty() && !editor.insert_behind(beside->place, lines)) return std::nullopt;
  Proposal made = proposal(editor);
  made.restart = more_processes;  // ServerLimit is only read at a start
  return made;
}

/// The time for an answer: at the worker, unless the virtual host's ProxyTimeout says it already.
std::optional<Proposal> mend_time(Editor& editor, const Route& route, const Mending& mending) {
  const Limit* now = route.limit(mending.limit);
  const bool connecting = mending.limit == LimitKind::connect_timeout;
  const Directive* proxy = editor.way().asked.find_in_server("proxytimeout");
  const bool by_proxy_timeout = now != nullptr && proxy != nullptr && now->from.place == proxy->place && !connecting;
  const bool own = proxy != nullptr && proxy->scope == editor.way().asked.host->scope;
  if (by_proxy_timeout && own) {
    if (!editor.replace_word(*proxy, 0, std::to_string(whole_seconds(mending.amount)))) return std::nullopt;
    return proposal(editor);
  }
  const std::string_view key = connecting ? "connectiontimeout" : "timeout";
  // timeout= knows whole seconds only, connectiontimeout= units as well (mod_proxy.c, set_worker_param).
  const std::string value = connecting ? time_text(mending.amount) : std::to_string(whole_seconds(mending.amount));
  if (worker_of(editor.target(), mending.server) != nullptr) {
    // All members alike: a request may go to any of them.
    bool done = true;
    if (editor.target().balancer != nullptr)
      for (const Worker* member : editor.target().members) done = done && editor.set_worker(member, key, value);
    else
      done = editor.set_worker(editor.target().worker, key, value);
    if (!done) return std::nullopt;
    return proposal(editor);
  }
  const Directive& from = *editor.target().from;
  const std::string line = fmt::format("ProxyTimeout {}", whole_seconds(mending.amount));
  const bool in_server = from.scope->kind == ScopeKind::main || from.scope->kind == ScopeKind::host;
  if (!connecting && !in_server) {
    // Without a worker of its own the virtual host's ProxyTimeout counts: before the section that sends it on.
    const Scope* scope = from.scope;
    ConfigPlace place = from.place;
    for (; scope != nullptr && scope->kind != ScopeKind::main && scope->kind != ScopeKind::host; scope = scope->parent)
      place = scope->place;
    if (scope != nullptr && scope->kind == ScopeKind::host && editor.insert_before(place, {line}))
      return proposal(editor);
  }
  const bool http = is_http(route.request.protocol);
  if (!http && set_on_worker(editor, mending.server, key, value)) return proposal(editor);
  if (connecting && set_on_worker(editor, mending.server, key, value, "disablereuse=On")) return proposal(editor);
  if (in_server) {
    if (!editor.insert_behind(from.place, {line})) return std::nullopt;
    return proposal(editor);
  }
  if (set_on_worker(editor, mending.server, key, value, "disablereuse=On")) return proposal(editor);
  return std::nullopt;
}

}  // namespace

std::optional<Proposal> mend_limit(Editor& editor, const Route& route, const Mending& mending) {
  const std::string number = std::to_string(mending.amount);
  const auto in_host = [&](std::string_view name, std::string_view value) -> std::optional<Proposal> {
    const VirtualHost* host = editor.way().asked.first_host;
    if (host == nullptr || !editor.set_in_host(name, value, *host)) return std::nullopt;
    return proposal(editor);
  };
  const auto on_workers = [&](std::string_view key, std::string_view value) -> std::optional<Proposal> {
    const Target& target = editor.target();
    bool done = !target.members.empty() || target.balancer == nullptr;
    if (target.balancer != nullptr)
      for (const Worker* member : target.members) done = done && editor.set_worker(member, key, value);
    else
      done = set_on_worker(editor, mending.server, key, value,
                           target.worker == nullptr && is_http(route.request.protocol) ? "disablereuse=On" : "");
    if (!done) return std::nullopt;
    return proposal(editor);
  };
  switch (mending.limit) {
    case LimitKind::request_line:
      return in_host("LimitRequestLine", number);
    case LimitKind::request_field:
      return in_host("LimitRequestFieldSize", number);
    case LimitKind::connections:
      return mend_connections(editor, mending.amount);
    case LimitKind::client_timeout: {
      const VirtualHost* host = editor.way().asked.host;
      if (!editor.set_in_host("Timeout", std::to_string(whole_seconds(mending.amount)), *host)) return std::nullopt;
      return proposal(editor);
    }
    default:
      break;
  }
  if (!editor.way().mapping.target) return std::nullopt;
  switch (mending.limit) {
    case LimitKind::read_timeout:
    case LimitKind::send_timeout:
    case LimitKind::connect_timeout:
      return mend_time(editor, route, mending);
    case LimitKind::response_field:
      if (!is_http(route.request.protocol) && route.request.protocol != Protocol::uwsgi) return std::nullopt;
      return on_workers("responsefieldsize", number);
    case LimitKind::request_body: {
      if (!editor.set_here("LimitRequestBody", number)) return std::nullopt;
      return proposal(editor);
    }
    case LimitKind::pool_idle:
      if (mending.amount < 1000) return std::nullopt;
      return on_workers("ttl", std::to_string(mending.amount / 1000));
    case LimitKind::pool_size:
      return on_workers("smax", number);
    case LimitKind::upstream_connections:
      return on_workers("max", number);
    case LimitKind::queue_timeout:
      return on_workers("acquire", number);
    case LimitKind::retry_pause:
      if (editor.target().balancer == nullptr) return std::nullopt;
      return on_workers("retry", std::to_string(whole_seconds(mending.amount)));
    case LimitKind::retries: {
      const Balancer* balancer = editor.target().balancer;
      if (balancer == nullptr) return std::nullopt;
      const Directive* owner = editor.target().from->key.starts_with("proxypass") ? editor.target().from : nullptr;
      if (!editor.set_parameter(balancer->parameters, "maxattempts", number, owner, balancer->place))
        return std::nullopt;
      return proposal(editor);
    }
    default:
      return std::nullopt;
  }
}

}  // namespace fix502::apache
