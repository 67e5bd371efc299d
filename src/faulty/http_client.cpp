#include "faulty/http_client.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace fix502::faulty {
namespace {

using namespace asio::experimental::awaitable_operators;

std::string cause_of(const boost::system::error_code& bad) {
  const std::pair<boost::system::error_code, const char*> kCauses[] = {{asio::error::connection_refused, "refused"},
                                                                       {asio::error::timed_out, "connect_timeout"},
                                                                       {asio::error::connection_reset, "reset"}};
  for (const auto& [error, cause] : kCauses)
    if (bad == error) return cause;
  return "unreachable";
}

Task<Dialled> connect(std::string host, std::string port, std::string from) {
  const auto executor = co_await asio::this_coro::executor;
  tcp::resolver resolver(executor);
  const auto [unknown, places] = co_await resolver.async_resolve(host, port, kAwait);
  if (unknown || places.empty()) co_return std::unexpected("no_name");
  boost::system::error_code last = asio::error::host_unreachable;
  for (const auto& place : places) {
    tcp::socket socket(executor, place.endpoint().protocol());
    if (!from.empty()) {
      boost::system::error_code bad;
      const auto address = asio::ip::make_address(from, bad);
      if (!bad) socket.bind(tcp::endpoint(address, 0), bad);
    }
    const auto [bad] = co_await socket.async_connect(place.endpoint(), kAwait);
    if (!bad) co_return Dialled(std::move(socket));
    last = bad;
  }
  co_return std::unexpected(cause_of(last));
}

Task<std::string> speak(Stream& stream, std::string bytes, bool is_head, Response& into) {
  if (!co_await stream.write(bytes)) co_return stream.was_reset() ? "reset" : "closed";
  Inbox inbox{stream};
  co_return co_await read_response(inbox, into, is_head);
}

Task<std::string> greet_origin(Stream& stream, SSL_CTX* tls, std::string sni, milliseconds limit) {
  auto greeting = stream.greet_as_client(tls, std::move(sni));
  auto over = pause_for(limit);
  const auto first = co_await (std::move(greeting) || std::move(over));
  if (first.index() == 1) co_return "tls";
  const ClientGreeting result = std::get<0>(first);
  if (result == ClientGreeting::done) co_return "";
  co_return result == ClientGreeting::bad_certificate ? "certificate" : "tls";
}

}  // namespace

Task<Dialled> dial(std::string endpoint, std::string from, milliseconds limit) {
  auto [host, port] = split_authority(endpoint, "80");
  auto connecting = connect(std::move(host), std::move(port), std::move(from));
  auto over = pause_for(limit);
  auto first = co_await (std::move(connecting) || std::move(over));
  if (first.index() == 1) co_return std::unexpected("connect_timeout");
  co_return std::move(std::get<0>(first));
}

Task<std::string> ask(Question question, Response& into) {
  auto dialled = co_await dial(question.endpoint, question.from, question.connect_timeout);
  if (!dialled) co_return dialled.error();
  Stream stream(std::move(*dialled));
  if (question.tls) {
    std::string cause = co_await greet_origin(stream, question.tls, question.sni, question.connect_timeout);
    if (!cause.empty()) co_return cause;
  }
  auto speaking = speak(stream, std::move(question.bytes), question.is_head, into);
  auto over = pause_for(question.read_timeout);
  const auto first = co_await (std::move(speaking) || std::move(over));
  if (first.index() == 1) co_return "read_timeout";
  co_return std::get<0>(first);
}

}  // namespace fix502::faulty
