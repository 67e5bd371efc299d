#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>

#include "faulty/http_answers.hpp"
#include "faulty/serve.hpp"

namespace fix502::faulty {
namespace {

using namespace asio::experimental::awaitable_operators;

const Answer kDefaultAnswer = [] {
  Answer answer;
  answer.body = "<!doctype html><title>It works</title><h1>It works</h1>\n";
  return answer;
}();

/// What a route may ask about a request besides the request.
struct Situation {
  const Request& request;
  Stream& stream;
  milliseconds since_ready;
  std::optional<milliseconds> pause;  // since the listener's last request
  bool is_first_on_connection;
};

bool is_one_of(const std::vector<std::string>& wanted, const std::string& value) {
  return wanted.empty() || std::ranges::any_of(wanted, [&](const auto& one) { return same_name(one, value); });
}

bool starts_with_one_of(const std::vector<std::string>& wanted, const std::string& value) {
  return wanted.empty() || std::ranges::any_of(wanted, [&](const auto& one) { return value.starts_with(one); });
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char letter) { return std::tolower(letter); });
  return text;
}

bool holds(const HeaderClaim& claim, const Request& request) {
  return std::ranges::any_of(request.headers, [&](const auto& header) -> bool {
    const auto& [name, value] = header;
    if (!same_name(name, claim.name)) return false;
    if (claim.is && !same_name(*claim.is, value)) return false;
    return !claim.contains || lower(value).find(lower(*claim.contains)) != value.npos;
  });
}

bool headers_fit(const Match& match, const Request& request) {
  const auto held = [&](const HeaderClaim& claim) { return holds(claim, request); };
  return std::ranges::all_of(match.header, held) && std::ranges::none_of(match.no_header, held);
}

std::size_t announced_body(const Request& request) {
  const std::string* length = request.header("content-length");
  return length ? parse_size(*length).value_or(0) : request.body.size();
}

std::size_t cookie_bytes(const Request& request) {
  std::size_t size = 0;
  for (const auto& [name, value] : request.headers)
    if (same_name(name, "cookie")) size += value.size();
  return size;
}

bool sizes_fit(const Match& match, const Request& request) {
  if (match.max_head_bytes && request.head_bytes > *match.max_head_bytes) return false;
  return request.head_bytes >= match.min_head_bytes.value_or(0) &&
         announced_body(request) >= match.min_body_bytes.value_or(0) &&
         cookie_bytes(request) >= match.min_cookie_bytes.value_or(0) &&
         request.target.size() >= match.min_target_bytes.value_or(0);
}

bool connection_fits(const Match& match, const Situation& now) {
  boost::system::error_code ignored;
  const auto local = now.stream.socket().local_endpoint(ignored).address();
  const auto is_local = [&](const std::string& pattern) { return address_matches(pattern, local); };
  if (!match.local_address.empty() && std::ranges::none_of(match.local_address, is_local)) return false;
  const std::string& sni = now.stream.greeted().sni;
  const bool sni_fits = match.sni.empty() || std::ranges::any_of(match.sni, [&](const std::string& name) {
                          return name.empty() ? sni.empty() : name_matches(name, sni);
                        });
  if (!sni_fits || !is_one_of(match.tls_version, now.stream.tls_version())) return false;
  if (match.first_on_connection && *match.first_on_connection != now.is_first_on_connection) return false;
  return !match.after_pause || !now.pause || *now.pause >= *match.after_pause;
}

bool fits(const Match& match, const Situation& now) {
  const Request& request = now.request;
  if (match.proxy_form && *match.proxy_form != request.is_proxy_form()) return false;
  if (match.query_contains && request.query().find(*match.query_contains) == std::string::npos) return false;
  return is_one_of(match.host, request.host()) && is_one_of(match.method, request.method) &&
         is_one_of(match.version, request.version) && starts_with_one_of(match.path_prefix, request.path()) &&
         (match.path.empty() || std::ranges::find(match.path, request.path()) != match.path.end()) &&
         headers_fit(match, request) && sizes_fit(match, request) && connection_fits(match, now);
}

/// The first route that matches, by number; none: the default page.
std::optional<std::size_t> choose(const HttpListener& http, HttpState& state, const Situation& now) {
  boost::system::error_code ignored;
  const auto client = now.stream.socket().remote_endpoint(ignored).address();
  for (std::size_t i = 0; i < http.routes.size(); ++i) {
    const Match& match = http.routes[i].match;
    if (fits(match, now) && picks(match.selection, state.routes[i].counter, now.since_ready, client)) return i;
  }
  return std::nullopt;
}

/// One connection, request by request.
struct Session {
  World& world;
  Door& door;
  const HttpListener& http;
  Inbox inbox;
  std::size_t connection;
  std::size_t requests = 0;
};

nlohmann::json request_facts(Session& session, const Request& request) {
  nlohmann::json facts = connection_facts(session.inbox.stream, session.connection);
  facts["request"] = session.requests;
  facts["line"] = request.method + " " + request.target + " HTTP/" + request.version;
  facts["headers"] = request.headers;
  facts["body_bytes"] = request.body.size();
  return facts;
}

Task<HeadState> await_head(Session& session, Request& request) {
  if (!session.http.idle) co_return co_await read_head(session.inbox, request, session.http.max_head_bytes);
  auto head = read_head(session.inbox, request, session.http.max_head_bytes);
  auto over = pause_for(*session.http.idle);
  const auto first = co_await (std::move(head) || std::move(over));
  co_return first.index() == 0 ? std::get<0>(first) : HeadState::ended;
}

Task<Outcome> refuse_head(Session& session, const Request& request, HeadState state) {
  Answer bad_request;
  bad_request.status = 400;
  bad_request.keep_alive = false;
  bad_request.body = "<h1>400 Bad Request</h1>\n";
  const bool is_large = state == HeadState::too_large;
  const Answer& answer = is_large ? session.http.head_too_large : bad_request;
  nlohmann::json facts = request_facts(session, request);
  facts["answer"] = is_large ? "head_too_large" : "not_http";
  session.world.note(*session.door.listener, "http", std::move(facts));
  Exchange exchange{session.world,     *session.door.listener, session.inbox, request, nullptr, nullptr, answer, 0,
                    session.connection};
  const Outcome outcome = co_await give_answer(exchange);
  co_return outcome.value_or(Ending::keep);
}

Task<Outcome> answer_request(Session& session, Request& request) {
  HttpState& state = session.door.http;
  const auto now = std::chrono::steady_clock::now();
  std::optional<milliseconds> pause;
  if (state.last_request) pause = std::chrono::duration_cast<milliseconds>(now - *state.last_request);
  state.last_request = now;
  const Situation situation{request, session.inbox.stream, session.world.since_ready(), pause, session.requests == 1};
  const auto chosen = choose(session.http, state, situation);
  const Route* route = chosen ? &session.http.routes[*chosen] : nullptr;
  RouteState* route_state = chosen ? &state.routes[*chosen] : nullptr;
  const Answer& answer = route ? route->answer : kDefaultAnswer;
  if (answer.read_body) {
    const bool whole = co_await read_body(session.inbox, request);
    if (!whole) co_return Ending::close;
  }
  nlohmann::json facts = request_facts(session, request);
  facts["route"] = route ? route->name : "default";
  facts["answer"] = answer.kind;
  session.world.note(*session.door.listener, "http", std::move(facts));
  Exchange exchange{session.world,
                    *session.door.listener,
                    session.inbox,
                    request,
                    route,
                    route_state,
                    answer,
                    route_state ? route_state->counter.seen - 1 : 0,
                    session.connection};
  const Outcome outcome = co_await give_answer(exchange);
  // What was not read would be taken for the next request.
  if (!outcome && !answer.read_body) co_return Ending::close;
  co_return outcome;
}

Task<Outcome> serve_one(Session& session) {
  Request request;
  const HeadState state = co_await await_head(session, request);
  if (state == HeadState::ended) co_return Ending::close;
  ++session.requests;
  if (state != HeadState::complete) co_return co_await refuse_head(session, request, state);
  const Outcome outcome = co_await answer_request(session, request);
  if (outcome) co_return outcome;
  if (!session.http.keep_alive) co_return Ending::keep;
  if (session.http.max_requests && session.requests >= *session.http.max_requests) co_return Ending::close;
  co_return std::nullopt;
}

}  // namespace

Task<void> serve_http(World& world, Door& door, tcp::socket socket, std::size_t connection) {
  Stream stream(std::move(socket), door.listener->mtu_black_hole);
  if (!co_await greet(world, door, stream, connection)) co_return;
  Session session{world, door, std::get<HttpListener>(door.listener->serves), Inbox{stream}, connection};
  Outcome outcome;
  while (!outcome) outcome = co_await serve_one(session);
  co_await stream.end(*outcome);
}

}  // namespace fix502::faulty
