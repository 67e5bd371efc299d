#pragma once

// A network that is a function: each request gets what `answer` says, at once or when the test lets go.

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "net/net.hpp"

namespace fix502::fakes {

class FakeNet : public Net {
 public:
  /// One request, as it came and when.
  struct Sent {
    HttpRequest request;
    std::chrono::steady_clock::time_point at;
    bool after_first_answer = false;  ///< something was answered before it was sent
  };

  explicit FakeNet(boost::asio::io_context& io) : gate_(io, boost::asio::steady_timer::time_point::max()) {}

  std::function<HttpExchange(const HttpRequest&)> answer = [](const HttpRequest&) { return HttpExchange{}; };
  std::vector<std::string> addresses{"203.0.113.10"};  ///< of every name
  bool held = false;                                   ///< exchanges last until let_go()
  std::vector<Sent> sent;
  std::vector<DnsQuery> questions;
  int in_flight = 0;
  int most_in_flight = 0;

  void let_go() {
    held = false;
    gate_.cancel();
  }

  Task<HttpExchange> http(HttpRequest request) override {
    sent.push_back({request, std::chrono::steady_clock::now(), answered_});
    most_in_flight = std::max(most_in_flight, ++in_flight);
    boost::system::error_code ignored;
    if (held) co_await gate_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    --in_flight;
    answered_ = true;
    HttpExchange exchange = answer(request);
    exchange.url = request.url;
    exchange.method = request.method;
    exchange.client = request.client.id;
    if (exchange.address.empty() && !request.addresses.empty()) exchange.address = request.addresses.front();
    co_return exchange;
  }

  Task<DnsExchange> dns(DnsQuery query) override {
    questions.push_back(query);
    DnsExchange exchange;
    exchange.server = query.server;
    exchange.role = query.role;
    exchange.name = query.name;
    exchange.type = query.type;
    exchange.rcode = "NOERROR";
    if (query.type == "A")
      for (const auto& address : addresses) exchange.answer.push_back({query.name, "A", 300, address});
    co_return exchange;
  }

  Task<TcpConnect> tcp(std::string address, std::uint16_t port, std::string, Milliseconds) override {
    TcpConnect seen;
    seen.address = std::move(address);
    seen.port = port;
    seen.failure = Failure::refused;
    co_return seen;
  }

  Task<SystemLookup> lookup(std::string name, Milliseconds) override {
    SystemLookup seen;
    seen.name = std::move(name);
    seen.addresses = addresses;
    if (addresses.empty()) seen.failure = Failure::name_not_resolved;
    co_return seen;
  }

  Task<void> sleep(Milliseconds) override { co_return; }

 private:
  boost::asio::steady_timer gate_;
  bool answered_ = false;
};

/// What a server says: the status, its reason, and one field line where it matters.
[[nodiscard]] inline HttpExchange answering(int status, std::vector<HeaderField> headers = {}) {
  HttpExchange exchange;
  exchange.http_version = "1.1";
  exchange.reached = Phase::done;
  exchange.status = status;
  exchange.headers = std::move(headers);
  if (const auto* location = exchange.header("location")) exchange.location = *location;
  return exchange;
}

[[nodiscard]] inline HttpExchange failing(Failure failure) {
  HttpExchange exchange;
  exchange.failure = failure;
  exchange.reached = Phase::wait;
  return exchange;
}

}  // namespace fix502::fakes
