#include <boost/asio/experimental/awaitable_operators.hpp>

#include "faulty/http_answers.hpp"
#include "faulty/http_client.hpp"
#include "faulty/world.hpp"

namespace fix502::faulty {
namespace {

using namespace asio::experimental::awaitable_operators;

/// Where a destination is sent: by its whole name, its host, its port, or as any.
std::string resolved(const Proxy& proxy, const std::string& host, const std::string& port) {
  for (const std::string& key : {host + ":" + port, host + ":*", "*:" + port, std::string("*")})
    if (const auto found = proxy.resolve.find(key); found != proxy.resolve.end()) return found->second;
  return (host.find(':') == host.npos ? host : "[" + host + "]") + ":" + port;
}

Task<Outcome> say_failed(Exchange& exchange, std::string cause) {
  Answer answer;
  answer.status = cause == "connect_timeout" || cause == "read_timeout" ? 504 : 502;
  answer.headers.emplace_back("Server", "faulty-proxy");
  answer.body =
      "<h1>" + std::to_string(answer.status) + " " + reason_of(answer.status) + "</h1>\n<p>" + cause + "</p>\n";
  const auto& own = exchange.route->proxy->failed;
  if (own) answer = *own;
  co_return co_await send_response(exchange, std::move(answer));
}

Task<void> pump(Stream& from, Stream& to) {
  std::string bytes;
  for (; co_await from.read(bytes); bytes.clear())
    if (!co_await to.write(bytes)) break;
  to.shut();
}

Task<Outcome> tunnel(Exchange& exchange, const Proxy& proxy, std::string endpoint) {
  auto dialled = co_await dial(std::move(endpoint), "", proxy.connect_timeout);
  if (!dialled) {
    std::string cause = dialled.error();
    co_return co_await say_failed(exchange, std::move(cause));
  }
  Stream& client = exchange.inbox.stream;
  Stream origin(std::move(*dialled));
  if (!co_await client.write("HTTP/1.1 200 Connection established\r\n\r\n")) co_return Ending::close;
  if (proxy.after_connect != Ending::keep) co_return proxy.after_connect;
  // What the client sent ahead of our answer belongs to the origin.
  if (!exchange.inbox.bytes.empty()) co_await origin.write(exchange.inbox.bytes);
  auto there = pump(client, origin);
  auto back = pump(origin, client);
  co_await (std::move(there) && std::move(back));
  co_return Ending::close;
}

std::string request_bytes(const Request& request) {
  std::string bytes = request.method + " " + request.origin_form() + " HTTP/1.1\r\nConnection: close\r\n";
  for (const auto& [name, value] : request.headers)
    if (!same_name(name, "connection") && !same_name(name, "proxy-connection") &&
        !same_name(name, "transfer-encoding") && !same_name(name, "content-length") &&
        !same_name(name, "proxy-authorization"))
      bytes += name + ": " + value + "\r\n";
  if (!request.body.empty()) bytes += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  return bytes + "\r\n" + request.body;
}

}  // namespace

Task<Outcome> answer_proxy(Exchange& exchange) {
  const Proxy& proxy = *exchange.route->proxy;
  const Request& request = exchange.request;
  if (request.method == "CONNECT") {
    const auto [host, port] = split_authority(request.target, "443");
    std::string endpoint = exchange.world.place_of(resolved(proxy, host, port));
    co_return co_await tunnel(exchange, proxy, std::move(endpoint));
  }
  const auto start = request.target.find("://");
  if (start == request.target.npos) {
    std::string cause = "not a request to a proxy";
    co_return co_await say_failed(exchange, std::move(cause));
  }
  const std::string rest = request.target.substr(start + 3);
  const auto [host, port] = split_authority(rest.substr(0, rest.find('/')), "80");
  Question question;
  question.endpoint = exchange.world.place_of(resolved(proxy, host, port));
  question.bytes = request_bytes(request);
  question.is_head = request.method == "HEAD";
  question.connect_timeout = proxy.connect_timeout;
  question.read_timeout = std::chrono::seconds(60);
  Response response;
  std::string cause = co_await ask(std::move(question), response);
  if (!cause.empty()) co_return co_await say_failed(exchange, std::move(cause));
  Answer answer = to_answer(std::move(response), {});
  co_return co_await send_response(exchange, std::move(answer));
}

}  // namespace fix502::faulty
