#include <fmt/format.h>

#include <algorithm>

#include "faulty/http_answers.hpp"
#include "faulty/http_client.hpp"
#include "faulty/world.hpp"

namespace fix502::faulty {
namespace {

bool is_named(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::any_of(names, [&](const std::string& one) { return same_name(one, name); });
}

std::string forwarded(const Edge& edge, const Request& request) {
  static const std::vector<std::string> kOwn = {"host", "connection", "content-length", "transfer-encoding", "expect"};
  std::string bytes = request.method + " " + edge.path_prefix + request.origin_form() + " HTTP/1.1\r\n";
  const std::string* host = request.header("host");
  bytes += "Host: " + edge.host.value_or(host ? *host : "") + "\r\nConnection: close\r\n";
  for (const auto& [name, value] : request.headers)
    if (!is_named(kOwn, name)) bytes += name + ": " + value + "\r\n";
  for (const auto& [name, value] : edge.request_headers) bytes += name + ": " + value + "\r\n";
  if (!request.body.empty()) bytes += fmt::format("Content-Length: {}\r\n", request.body.size());
  return bytes + "\r\n" + request.body;
}

Question question_for(Exchange& exchange) {
  const Edge& edge = *exchange.route->edge;
  const Request& request = exchange.request;
  Question question;
  question.endpoint = exchange.world.place_of(edge.origin[exchange.state->turn++ % edge.origin.size()]);
  question.from = edge.from;
  question.bytes = forwarded(edge, request);
  question.is_head = request.method == "HEAD";
  question.connect_timeout = edge.connect_timeout;
  question.read_timeout = edge.read_timeout;
  if (!edge.tls) return question;
  question.tls = exchange.state->origin_tls.get();
  question.sni = edge.tls->sni.value_or(request.host());
  return question;
}

void add_missing(Headers& headers, const Headers& more) {
  for (const auto& [name, value] : more)
    if (!find_header(headers, name)) headers.emplace_back(name, value);
}

Answer own_error(const Edge& edge, const std::string& cause, const Request& request) {
  const auto own = edge.errors.find(cause);
  return own == edge.errors.end() ? edge_error(edge.errors_like, cause, request) : own->second;
}

Task<Answer> fetch(Exchange& exchange) {
  const Edge& edge = *exchange.route->edge;
  Question question = question_for(exchange);
  Response response;
  const std::string cause = co_await ask(std::move(question), response);
  Answer answer;
  if (cause.empty()) {
    answer = to_answer(std::move(response), edge.remove);
  } else {
    answer = own_error(edge, cause, exchange.request);
  }
  for (const StatusPage& page : edge.replace)
    if (cause.empty() && answer.status >= page.from && answer.status <= page.to) {
      answer = page.answer;
      break;
    }
  add_missing(answer.headers, edge.headers);
  co_return answer;
}

std::string cache_key(const EdgeCache& cache, const Request& request) {
  return request.host() + (cache.ignore_query ? request.path() : request.origin_form());
}

const Stored* find_stored(Exchange& exchange, const EdgeCache& cache, const std::string& key) {
  const auto found = exchange.state->cache.find(key);
  if (found == exchange.state->cache.end()) return nullptr;
  const std::string* wish = exchange.request.header("cache-control");
  if (cache.obey_request && wish && wish->find("no-cache") != wish->npos) return nullptr;
  if (std::chrono::steady_clock::now() - found->second.since >= cache.lifetime) return nullptr;
  return &found->second;
}

Answer from_store(const EdgeCache& cache, const Stored& stored) {
  const auto age = std::chrono::steady_clock::now() - stored.since;
  Answer answer = stored.answer;
  answer.headers.emplace_back("Age", std::to_string(std::chrono::duration_cast<std::chrono::seconds>(age).count()));
  add_missing(answer.headers, cache.hit);
  return answer;
}

bool is_cacheable(const EdgeCache& cache, const Request& request, int status) {
  return request.method == "GET" &&
         (cache.statuses.empty() || std::ranges::find(cache.statuses, status) != cache.statuses.end());
}

}  // namespace

Answer to_answer(Response response, const std::vector<std::string>& remove) {
  static const std::vector<std::string> kHopByHop = {"connection", "keep-alive", "content-length", "transfer-encoding"};
  Answer answer;
  answer.status = response.status;
  answer.reason = std::move(response.reason);
  answer.type.clear();
  answer.body = std::move(response.body);
  for (auto& [name, value] : response.headers)
    if (!is_named(kHopByHop, name) && !is_named(remove, name)) answer.headers.emplace_back(name, std::move(value));
  return answer;
}

Task<Outcome> answer_edge(Exchange& exchange) {
  const Edge& edge = *exchange.route->edge;
  if (!edge.cache) {
    Answer answer = co_await fetch(exchange);
    co_return co_await send_response(exchange, std::move(answer));
  }
  const EdgeCache& cache = *edge.cache;
  const std::string key = cache_key(cache, exchange.request);
  if (const Stored* stored = find_stored(exchange, cache, key)) {
    Answer answer = from_store(cache, *stored);
    co_return co_await send_response(exchange, std::move(answer));
  }
  Answer answer = co_await fetch(exchange);
  if (is_cacheable(cache, exchange.request, answer.status)) {
    Stored fresh;
    fresh.answer = answer;
    fresh.since = std::chrono::steady_clock::now();
    exchange.state->cache.insert_or_assign(key, std::move(fresh));
  }
  add_missing(answer.headers, cache.miss);
  co_return co_await send_response(exchange, std::move(answer));
}

}  // namespace fix502::faulty
