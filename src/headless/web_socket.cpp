#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "headless/channel.hpp"
#include "headless/message.hpp"
#include "net/await.hpp"

namespace fix502 {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

class WebSocket : public BrowserLine {
 public:
  explicit WebSocket(asio::any_io_executor executor) : stream_(std::move(executor)) {}

  Task<Result<void>> open(asio::ip::tcp::endpoint endpoint, std::string authority, std::string path,
                          SteadyTime deadline) {
    beast::get_lowest_layer(stream_).expires_at(deadline);
    const auto [refused] = co_await beast::get_lowest_layer(stream_).async_connect(endpoint, kAwait);
    if (refused) co_return fail("it does not listen on the port that it named");
    stream_.read_message_max(kLongestMessage);
    // No Origin field: both browsers refuse a web page that tries to steer them.
    const auto [error] = co_await stream_.async_handshake(authority, path, kAwait);
    if (error) co_return fail("it does not take the WebSocket");
    co_return Result<void>{};
  }

  Task<Result<void>> send(std::string message, SteadyTime deadline) override {
    beast::get_lowest_layer(stream_).expires_at(deadline);
    const auto [error, size] = co_await stream_.async_write(asio::buffer(message), kAwait);
    if (error) co_return fail("it does not take commands");
    co_return Result<void>{};
  }

  Task<Result<std::string>> receive(SteadyTime deadline) override {
    beast::get_lowest_layer(stream_).expires_at(deadline);
    beast::flat_buffer buffer;
    const auto [error, size] = co_await stream_.async_read(buffer, kAwait);
    if (error == beast::error::timeout) co_return fail("it did not answer in time");
    if (error) co_return fail("it ended");
    co_return std::string(static_cast<const char*>(buffer.data().data()), buffer.data().size());
  }

 private:
  beast::websocket::stream<beast::tcp_stream> stream_;
};

/// A browser with a port of its user's choice tells the way to itself when asked: DevTools protocol, GET /json/version.
Task<Result<std::string>> path_of_browser(asio::any_io_executor executor, asio::ip::tcp::endpoint endpoint,
                                          std::string authority, SteadyTime deadline) {
  namespace http = beast::http;
  beast::tcp_stream stream(std::move(executor));
  stream.expires_at(deadline);
  const auto [refused] = co_await stream.async_connect(endpoint, kAwait);
  if (refused) co_return fail("it does not listen on the port that it was started with");
  http::request<http::empty_body> request(http::verb::get, "/json/version", 11);
  request.set(http::field::host, authority);
  request.set(http::field::connection, "close");
  const auto [unsent, sent] = co_await http::async_write(stream, request, kAwait);
  if (unsent) co_return fail("it does not take requests");
  beast::flat_buffer buffer(64UL * 1024);
  http::response_parser<http::string_body> answer;
  answer.body_limit(64UL * 1024);
  const auto [unread, size] = co_await http::async_read(stream, buffer, answer, kAwait);
  if (unread) co_return fail("it does not say which way it is steered");
  const std::string address = id_at(Json::parse(answer.get().body(), nullptr, false), {"webSocketDebuggerUrl"});
  const auto path = address.find("/devtools/browser/");
  if (path == address.npos) co_return fail("it does not say which way it is steered");
  co_return address.substr(path);
}

}  // namespace

Task<Result<std::unique_ptr<BrowserLine>>> web_socket(asio::any_io_executor executor, std::string host,
                                                      std::uint16_t port, std::string path, SteadyTime deadline) {
  boost::system::error_code bad;
  const auto address = asio::ip::make_address(host, bad);
  // Nothing but this machine: what is sent here steers a browser.
  if (bad || !address.is_loopback()) co_return fail("its port is not on this machine");
  const asio::ip::tcp::endpoint endpoint(address, port);
  std::string authority = (address.is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(port);
  if (path.empty()) {
    auto told = co_await path_of_browser(executor, endpoint, authority, deadline);
    if (!told) co_return std::unexpected(told.error());
    path = *std::move(told);
  }
  auto socket = std::make_unique<WebSocket>(std::move(executor));
  const auto opened = co_await socket->open(endpoint, std::move(authority), std::move(path), deadline);
  if (!opened) co_return std::unexpected(opened.error());
  std::unique_ptr<BrowserLine> channel = std::move(socket);
  co_return channel;
}

}  // namespace fix502
