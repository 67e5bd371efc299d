#include "serve/site.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/text.hpp"
#include "serve/lists.hpp"
#include "target/target.hpp"

namespace fix502 {
namespace {

/// Of one client that others share the server with.
constexpr double kProbesAtOnce = 200, kProbesPerSecond = 20;
constexpr std::chrono::milliseconds kLastWords{50};

/// A coroutine of a reply that is there already.
Task<Reply> at_once(Reply reply) {
  co_return reply;
}

double burst_of(double per_minute) {
  return per_minute > 0 ? std::max(per_minute, 1.0) : 0;
}

}  // namespace

bool SiteOptions::serves_others() const {
  return !(address.starts_with("127.") || address == "::1");
}

bool fits(std::string_view route, std::string_view path, std::vector<std::string>& parts) {
  parts.clear();
  while (true) {
    const auto hole = route.find("{}");
    if (hole == route.npos) return route == path;
    if (path.substr(0, hole) != route.substr(0, hole)) return false;
    route.remove_prefix(hole + 2);
    path.remove_prefix(hole);
    const auto end = std::min(path.find('/'), path.size());
    if (end == 0) return false;
    parts.emplace_back(path.substr(0, end));
    path.remove_prefix(end);
  }
}

Site::Site(boost::asio::io_context& loop, SiteOptions options, const ServeWorld& world, Settings settings,
           History* history)
    : loop_(loop),
      options_(std::move(options)),
      world_(world),
      history_(history),
      guards_{.serves_others = options_.serves_others(),
              .tls = !options_.tls.certificate.empty(),
              .token = options_.token.empty() ? new_secret() : options_.token,
              .name = options_.name},
      allowed_(options_.serves_others(), options_.allowed),
      orders_(burst_of(options_.per_minute), options_.per_minute / 60),
      probes_(kProbesAtOnce, kProbesPerSecond),
      assets_(options_.assets),
      diagnoses_(loop, world, allowed_),
      watches_(loop, world, allowed_, history),
      remedies_(loop, world, diagnoses_),
      prober_(loop, world, allowed_, std::move(settings)),
      routes_(routes()),
      server_(loop, [this](Request& request) { return handle(request); }) {}

std::vector<Site::Route> Site::routes() {
  const auto now = [](auto answer) { return [answer](const Request& request) { return at_once(answer(request)); }; };
  return {
      {"GET", "/probe", Needs::token_of_others, false, [this](auto& request) { return prober_.probe_reply(request); }},
      {"GET", "/metrics", Needs::token_of_others, false, [this](auto&) { return prober_.metrics_reply(figures()); }},
      {"GET", "/api/openapi.json", Needs::nothing, false, now([this](auto& request) { return asset(request); })},
      {"GET", "/api/about", Needs::token, false, now([this](auto&) { return about_reply(guards_.serves_others); })},
      {"POST", "/api/session", Needs::nothing, false, now([this](auto& request) { return begin_session(request); })},
      {"GET", "/api/faults", Needs::token, false, now([](auto&) { return faults_reply(); })},
      {"GET", "/api/history", Needs::token, false,
       now([this](auto& request) { return history_reply(history_, request, world_.host.now()); })},
      {"GET", "/api/diagnoses", Needs::token, false, now([this](auto&) { return diagnoses_.list(); })},
      {"POST", "/api/diagnoses", Needs::token, true, now([this](auto& request) { return diagnoses_.begin(request); })},
      {"GET", "/api/diagnoses/{}", Needs::token, false,
       now([this](auto& request) { return diagnoses_.show(request); })},
      {"DELETE", "/api/diagnoses/{}", Needs::token, false,
       now([this](auto& request) { return diagnoses_.remove(request); })},
      {"GET", "/api/diagnoses/{}/events", Needs::token_or_query, false,
       now([this](auto& request) { return diagnoses_.events(request); })},
      {"GET", "/api/diagnoses/{}/report", Needs::token, false,
       now([this](auto& request) { return diagnoses_.file(request); })},
      {"GET", "/api/remedies", Needs::token, false, [this](auto&) { return remedies_.list(); }},
      {"GET", "/api/remedies/{}", Needs::token, false, [this](auto& request) { return remedies_.plan(request); }},
      {"POST", "/api/remedies/{}/apply", Needs::token, false,
       [this](auto& request) { return remedies_.apply(request); }},
      {"GET", "/api/remedies/{}/progress", Needs::token, false,
       now([this](auto& request) { return remedies_.progress(request); })},
      {"POST", "/api/remedies/{}/stop", Needs::token, false,
       now([this](auto& request) { return remedies_.stop(request); })},
      {"POST", "/api/remedies/{}/undo", Needs::token, false, [this](auto& request) { return remedies_.undo(request); }},
      {"GET", "/api/watches", Needs::token, false, now([this](auto&) { return watches_.list(); })},
      {"POST", "/api/watches", Needs::token, true, now([this](auto& request) { return watches_.add(request); })},
      {"GET", "/api/watches/events", Needs::token_or_query, false,
       now([this](auto& request) { return watches_.events(request); })},
      {"GET", "/api/watches/{}", Needs::token, false, now([this](auto& request) { return watches_.show(request); })},
      {"DELETE", "/api/watches/{}", Needs::token, false,
       now([this](auto& request) { return watches_.remove(request); })},
  };
}

/// What every request must show.
std::optional<Reply> Site::refusal(const Request& request) const {
  if (!is_own_host(guards_, request.field("host")))
    return problem_reply(Refusal::host, "the Host field does not name this server");
  if (is_cross_site(guards_, request)) return problem_reply(Refusal::cross_site);
  const bool changes = request.method != "GET";
  const std::string_view type = request.field("content-type");
  if (changes && !request.body.empty() && lower(trim(type.substr(0, type.find(';')))) != "application/json")
    return problem_reply(Refusal::not_json);
  return std::nullopt;
}

std::optional<Reply> Site::refusal(const Route& route, const Request& request) {
  const bool open = route.needs == Needs::nothing || (route.needs == Needs::token_of_others && !guards_.serves_others);
  if (!open && !has_token(guards_, request, route.needs == Needs::token_or_query))
    return problem_reply(Refusal::token, "send Authorization: Bearer TOKEN");
  if (guards_.serves_others && route.path.starts_with("/api/remedies"))
    return problem_reply(Refusal::not_allowed, "remedies change this machine: only its own user may have them");
  const auto now = std::chrono::steady_clock::now();
  std::optional<std::chrono::seconds> wait;
  if (route.counted && options_.per_minute > 0) wait = orders_.take(client_of(request.client), now);
  if (route.path == "/probe" && guards_.serves_others) wait = probes_.take(client_of(request.client), now);
  if (wait) return problem_reply(Refusal::too_often, "wait a little", *wait);
  return std::nullopt;
}

Task<Reply> Site::handle(Request& request) {
  if (auto refused = refusal(request)) co_return std::move(*refused);
  bool known = false;
  for (const Route& route : routes_) {
    if (!fits(route.path, request.path, request.parts)) continue;
    known = true;
    if (route.method != request.method) continue;
    if (auto refused = refusal(route, request)) co_return std::move(*refused);
    Task<Reply> answer = route.answer(request);
    co_return co_await std::move(answer);
  }
  if (known) co_return problem_reply(Refusal::method);
  if (request.method != "GET") co_return problem_reply(Refusal::not_found);
  co_return asset(request);
}

Reply Site::asset(const Request& request) const {
  auto reply = assets_.reply(request);
  if (reply) return std::move(*reply);
  return problem_reply(Refusal::not_found);
}

Reply Site::begin_session(const Request& request) {
  const auto body = read_body(request, {"key"});
  if (!body || !body->contains("key") || !(*body)["key"].is_string())
    return problem_reply(Refusal::bad_request, "it needs a key, a text");
  if (!same_secret((*body)["key"].get<std::string>(), key_))
    return problem_reply(Refusal::not_allowed, "the key is wrong, or was used already");
  key_.clear();
  return json_reply({{"token", guards_.token}});
}

Result<std::string> Site::open() {
  if (guards_.token.empty()) return fail("this system gives no random numbers for a token");
  if (guards_.tls)
    if (const auto ready = server_.use_tls(options_.tls); !ready) return std::unexpected(ready.error());
  const auto port = server_.listen(options_.address, options_.port);
  if (!port) return std::unexpected(port.error());
  guards_.port = *port;
  const std::string address =
      fmt::format("{}://{}/", guards_.tls ? "https" : "http",
                  to_text(Endpoint{options_.name.empty() ? options_.address : options_.name, *port}));
  // The token of others is theirs: it stands in a file.
  return options_.token.empty() ? address + "#token=" + guards_.token : address;
}

std::string Site::address_with_key() {
  key_ = new_secret();
  return fmt::format("http://{}/#key={}", to_text(Endpoint{options_.address, guards_.port}), key_);
}

ServerFigures Site::figures() const {
  const WebServer::Counts counts = server_.counts();
  return {.connections = counts.open,
          .diagnoses = diagnoses_.running(),
          .watches = watches_.count(),
          .requests = counts.requests,
          .refused = counts.refused,
          .made_room = counts.made_room,
          .diagnoses_begun = diagnoses_.begun()};
}

Task<void> Site::close() {
  boost::asio::steady_timer timer(loop_);
  const auto pause = [&]() -> Task<void> {
    timer.expires_after(kLastWords);
    co_await timer.async_wait(boost::asio::use_awaitable);
  };
  diagnoses_.stop_all();
  watches_.stop_all();
  prober_.stop();
  remedies_.stop_all();
  // Readers of events hear of the end before their connections are closed.
  while (diagnoses_.running() > 0 || watches_.count() > 0 || prober_.is_busy() || remedies_.is_busy()) co_await pause();
  co_await pause();
  server_.stop();
  while (server_.counts().open > 0) co_await pause();
}

}  // namespace fix502
