#include "faulty/dns_reply.hpp"
#include "faulty/http_answers.hpp"
#include "faulty/reader.hpp"
#include "faulty/serve.hpp"

namespace fix502::faulty {
namespace {

/// RFC 1035 4.2.2: a message over TCP has its length before it.
std::string with_length(const std::string& message) {
  const char size[] = {static_cast<char>(message.size() >> 8), static_cast<char>(message.size() & 0xff)};
  return std::string(size, 2) + message;
}

std::optional<std::string> take_message(std::string& bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const std::size_t size =
      std::size_t{static_cast<unsigned char>(bytes[0])} * 256 + static_cast<unsigned char>(bytes[1]);
  if (bytes.size() < 2 + size) return std::nullopt;
  std::string message = bytes.substr(2, size);
  bytes.erase(0, 2 + size);
  return message;
}

std::string to_text(const udp::endpoint& endpoint) {
  return faulty::to_text(tcp::endpoint(endpoint.address(), endpoint.port()));
}

Task<void> send_later(udp::socket& socket, udp::endpoint client, DnsReply reply) {
  co_await pause_for(reply.delay);
  co_await socket.async_send_to(asio::buffer(reply.bytes), client, kAwait);
}

}  // namespace

Task<void> serve_dns_datagrams(std::weak_ptr<World> weak, Door& door, udp::socket& socket) {
  const auto& spec = std::get<DnsListener>(door.listener->serves);
  std::string buffer(4096, '\0');
  boost::system::error_code ignored;
  for (;;) {
    udp::endpoint client;
    const auto [bad, size] = co_await socket.async_receive_from(asio::buffer(buffer), client, kAwait);
    if (bad == asio::error::operation_aborted || bad == asio::error::bad_descriptor) co_return;
    // ICMP errors of earlier answers turn up here: nobody is listening any more, which is no reason to stop.
    if (bad) continue;
    const auto world = weak.lock();
    if (!world) co_return;
    nlohmann::json facts = {{"local", to_text(socket.local_endpoint(ignored))}, {"remote", to_text(client)}};
    const DnsQuery query{buffer.substr(0, size), "udp", client.address()};
    DnsReply reply = reply_to(*world, *door.listener, spec.data, query, std::move(facts));
    if (!reply.bytes.empty()) spawn(world, send_later(socket, client, std::move(reply)));
  }
}

Task<void> serve_dns_stream(World& world, Door& door, tcp::socket socket, std::size_t connection) {
  Stream stream(std::move(socket), door.listener->mtu_black_hole);
  if (!co_await greet(world, door, stream, connection)) co_return;
  const auto& spec = std::get<DnsListener>(door.listener->serves);
  boost::system::error_code ignored;
  const auto client = stream.socket().remote_endpoint(ignored).address();
  std::string bytes;
  for (;;) {
    auto message = take_message(bytes);
    if (!message) {
      if (!co_await stream.read(bytes)) break;
      continue;
    }
    const DnsQuery query{std::move(*message), door.tls ? "tls" : "tcp", client};
    const DnsReply reply = reply_to(world, *door.listener, spec.data, query, connection_facts(stream, connection));
    co_await pause_for(reply.delay);
    if (reply.ending) co_return co_await stream.end(*reply.ending);
    if (reply.bytes.empty()) break;
    const std::string framed = with_length(reply.bytes);
    const bool sent = co_await stream.write(framed);
    if (!sent) break;
  }
  co_await stream.end(Ending::keep);
}

Task<Outcome> answer_doh(Exchange& exchange) {
  const Request& request = exchange.request;
  const std::string query = request.query();
  const auto mark = query.find("dns=");
  std::string wire = request.body;
  if (request.method == "GET" && mark != query.npos)
    wire = decode_base64(query.substr(mark + 4, query.find('&', mark) - mark - 4)).value_or("");
  Answer answer;
  if (wire.empty()) {
    answer.status = 400;
    co_return co_await send_response(exchange, std::move(answer));
  }
  Stream& stream = exchange.inbox.stream;
  boost::system::error_code ignored;
  const DnsQuery asked{std::move(wire), "https", stream.socket().remote_endpoint(ignored).address()};
  DnsReply reply = reply_to(exchange.world, exchange.listener, exchange.route->data, asked,
                            connection_facts(stream, exchange.connection));
  co_await pause_for(reply.delay);
  if (reply.ending) co_return reply.ending;
  answer.type = "application/dns-message";
  answer.body = std::move(reply.bytes);
  if (answer.body.empty()) answer.status = 400;
  co_return co_await send_response(exchange, std::move(answer));
}

}  // namespace fix502::faulty
