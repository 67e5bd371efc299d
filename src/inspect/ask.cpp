#include "inspect/ask.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "target/target.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMostTimes = 4;

HttpRequest request_for(const Incoming& incoming, Milliseconds longest) {
  HttpRequest request;
  const bool usual = incoming.port == (incoming.scheme == "https" ? 443 : 80);
  request.url = fmt::format("{}://{}{}{}", incoming.scheme, bracketed(incoming.host),
                            usual ? std::string() : fmt::format(":{}", incoming.port), incoming.target);
  request.method = incoming.method;
  request.client.http = ClientProfile::Http::http1_1;
  for (const auto& header : incoming.headers) request.headers.emplace_back(header.name, header.value);
  request.addresses = {incoming.address};
  request.connect_port = incoming.port;
  request.verify_certificate = false;  // whether the visitor trusts the gateway is another question
  request.timeout = longest;
  return request;
}

bool is_bad(const HttpExchange& http) {
  return http.failure != Failure::none || !http.status || *http.status >= 500;
}

}  // namespace

Task<std::vector<GatewayAnswer>> ask_gateway(Net& net, Incoming incoming, std::size_t times, Milliseconds longest) {
  std::vector<GatewayAnswer> answers;
  for (std::size_t i = 0; i < std::clamp<std::size_t>(times, 1, kMostTimes); ++i) {
    // No co_await inside of braces: g++ 12 destroys what they build twice.
    HttpExchange http = co_await net.http(request_for(incoming, longest));
    answers.push_back({.http = std::move(http), .varied = {}});
    if (is_bad(answers.back().http)) break;
  }
  co_return answers;
}

Task<GatewayAnswer> ask_for_upgrade(Net& net, Incoming incoming, Milliseconds longest) {
  HttpRequest request = request_for(incoming, longest);
  // RFC 6455 4.1; the key is that document's example, since nobody talks on this connection.
  request.headers.emplace_back("Connection", "Upgrade");
  request.headers.emplace_back("Upgrade", "websocket");
  request.headers.emplace_back("Sec-WebSocket-Version", "13");
  request.headers.emplace_back("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
  HttpExchange http = co_await net.http(std::move(request));
  co_return GatewayAnswer{.http = std::move(http), .varied = "upgrade"};
}

std::string door_of(const Configuration& configuration, const Incoming& incoming) {
  std::string door;
  for (const auto& listener : configuration.listeners()) {
    if (listener.port != incoming.port) continue;
    const bool any = listener.address.empty() || listener.address == "0.0.0.0" || listener.address == "*";
    if (any || listener.address.starts_with("127.")) return any ? "127.0.0.1" : listener.address;
    door = listener.address == "::" ? "::1" : listener.address;
  }
  return door;
}

}  // namespace fix502
