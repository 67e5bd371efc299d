#pragma once

// A name server on loopback, for tests: a function from the question's bytes to the datagrams that answer it.

#include <ldns/ldns.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace fix502::fakes {

namespace asio = boost::asio;

/// What to say; records in zone file form.
struct Reply {
  int rcode = 0;
  bool authoritative = false;
  bool truncated = false;
  std::vector<std::string> answer{};
  std::vector<std::string> authority{};
  std::vector<std::string> additional{};
};

/// The bytes of `reply` to the question `sent`.
inline std::string reply_to(const std::string& sent, const Reply& reply) {
  ldns_pkt* packet = nullptr;
  if (ldns_wire2pkt(&packet, reinterpret_cast<const std::uint8_t*>(sent.data()), sent.size()) != LDNS_STATUS_OK)
    return {};
  ldns_pkt_set_qr(packet, true);
  ldns_pkt_set_ra(packet, !reply.authoritative);
  ldns_pkt_set_aa(packet, reply.authoritative);
  ldns_pkt_set_tc(packet, reply.truncated);
  ldns_pkt_set_rcode(packet, static_cast<std::uint8_t>(reply.rcode));
  const auto push = [packet](ldns_pkt_section section, const std::vector<std::string>& records) {
    for (const auto& text : records) {
      ldns_rr* record = nullptr;
      if (ldns_rr_new_frm_str(&record, text.c_str(), 0, nullptr, nullptr) == LDNS_STATUS_OK)
        ldns_pkt_push_rr(packet, section, record);
    }
  };
  push(LDNS_SECTION_ANSWER, reply.answer);
  push(LDNS_SECTION_AUTHORITY, reply.authority);
  push(LDNS_SECTION_ADDITIONAL, reply.additional);
  std::uint8_t* raw = nullptr;
  std::size_t size = 0;
  ldns_pkt2wire(&raw, packet, &size);
  std::string bytes(reinterpret_cast<const char*>(raw), size);
  LDNS_FREE(raw);
  ldns_pkt_free(packet);
  return bytes;
}

class NameServer {
 public:
  /// `over_tcp`: how the question came. No datagrams: silence.
  using Answers = std::function<std::vector<std::string>(const std::string& sent, bool over_tcp)>;

  NameServer(asio::io_context& io, Answers answers) : answers_(std::move(answers)), udp_(io), tcp_(io) {
    const auto loopback = asio::ip::address_v4::loopback();
    boost::system::error_code taken;
    do {  // the same port for both, as a real one has
      if (tcp_.is_open()) tcp_.close();
      if (udp_.is_open()) udp_.close();
      tcp_.open(asio::ip::tcp::v4());
      tcp_.bind({loopback, 0});
      udp_.open(asio::ip::udp::v4());
      udp_.bind({loopback, tcp_.local_endpoint().port()}, taken);
    } while (taken);
    tcp_.listen();
    asio::co_spawn(io, serve_udp(), asio::detached);
    asio::co_spawn(io, serve_tcp(), asio::detached);
  }

  /// "127.0.0.1:40001"
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(tcp_.local_endpoint().port()); }

  int asked_over_udp = 0;
  int asked_over_tcp = 0;

 private:
  static constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

  asio::awaitable<void> serve_udp() {
    std::string buffer(4096, '\0');
    asio::ip::udp::endpoint from;
    while (true) {
      const auto [error, size] = co_await udp_.async_receive_from(asio::buffer(buffer), from, kAwait);
      if (error) co_return;
      ++asked_over_udp;
      for (const auto& datagram : answers_(buffer.substr(0, size), false)) udp_.send_to(asio::buffer(datagram), from);
    }
  }

  asio::awaitable<void> serve_tcp() {
    while (true) {
      auto [error, socket] = co_await tcp_.async_accept(kAwait);
      if (error) co_return;
      asio::co_spawn(tcp_.get_executor(), serve_stream(std::move(socket)), asio::detached);
    }
  }

  asio::awaitable<void> serve_stream(asio::ip::tcp::socket socket) {
    unsigned char head[2] = {};
    while (true) {
      const auto [error, count] = co_await asio::async_read(socket, asio::buffer(head), kAwait);
      if (error) co_return;
      std::string sent(static_cast<std::size_t>(head[0]) << 8 | head[1], '\0');
      const auto [cut, size] = co_await asio::async_read(socket, asio::buffer(sent), kAwait);
      if (cut) co_return;
      ++asked_over_tcp;
      const auto replies = answers_(sent, true);
      if (replies.empty()) co_return;
      for (const auto& reply : replies) {
        const char length[] = {static_cast<char>(reply.size() >> 8), static_cast<char>(reply.size())};
        const std::string framed = std::string(length, 2) + reply;
        const auto [failed, written] = co_await asio::async_write(socket, asio::buffer(framed), kAwait);
        if (failed) co_return;
      }
    }
  }

  Answers answers_;
  asio::ip::udp::socket udp_;
  asio::ip::tcp::acceptor tcp_;
};

}  // namespace fix502::fakes
