#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/http_client.hpp"
#include "net/loopback.hpp"

namespace fix502::test {

/// Runs the exchanges one after the other with one client.
inline std::vector<HttpExchange> ask_all(std::vector<HttpRequest> requests) {
  boost::asio::io_context loop;
  HttpClient client(loop.get_executor());
  std::vector<HttpExchange> seen;
  for (auto& request : requests) {
    boost::asio::co_spawn(loop, client.exchange(std::move(request)),
                          [&](const std::exception_ptr&, HttpExchange got) { seen.push_back(std::move(got)); });
    loop.run();
    loop.restart();
  }
  return seen;
}

inline HttpExchange ask(HttpRequest request) {
  std::vector<HttpRequest> one;
  one.push_back(std::move(request));
  return ask_all(std::move(one)).front();
}

/// A request to shop.example at the server's port on loopback; HTTP/1.1 unless a test says otherwise.
inline HttpRequest request_to(const Loopback& server, std::string_view scheme = "http", std::string_view path = "/") {
  HttpRequest request;
  request.url = server.url(scheme, "shop.example", path);
  request.addresses = {"127.0.0.1"};
  request.client.http = ClientProfile::Http::http1_1;
  request.timeout = Milliseconds(3'000);
  return request;
}

inline constexpr std::string_view kGood = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

}  // namespace fix502::test
