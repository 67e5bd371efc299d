#pragma once

// How a DNS question travels: UDP, TCP and TLS. Every function ends early, saying nothing, when it is cancelled; the
// caller knows why it gave up.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>
#include <string>
#include <string_view>

#include "net/dns_server.hpp"
#include "net/net.hpp"

namespace fix502 {

inline constexpr std::size_t kMaxMessage = 65'535;  ///< bytes: what its length of 16 bits can say (RFC 1035 4.2.2)

/// One question on its way. Whoever starts one of the coroutines below keeps it until that has ended.
struct DnsAttempt {
  DnsQuery query;
  DnsServer server;
  DnsExchange exchange;
  std::uint16_t id = 0;
  bool edns = true;
  Phase phase = Phase::connect;  ///< what a silence now means

  void fail(const boost::system::error_code& error);
  /// The message to send; empty, and the exchange failed, where the question cannot be asked.
  [[nodiscard]] std::string message();
  /// The bytes that came become the exchange's answer.
  void take(std::string_view reply);
};

Task<void> ask_over_udp(boost::asio::any_io_executor executor, DnsAttempt& attempt);
Task<void> ask_over_tcp(boost::asio::any_io_executor executor, DnsAttempt& attempt);
Task<void> ask_over_tls(boost::asio::any_io_executor executor, boost::asio::ssl::context& trust, DnsAttempt& attempt);

}  // namespace fix502
