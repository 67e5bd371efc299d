#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ssl/context.hpp>
#include <functional>
#include <optional>

#include "net/dns_transport.hpp"
#include "net/net.hpp"
#include "net/raw_answer.hpp"

namespace fix502 {

/// Asks DNS servers over UDP (TCP where the answer does not fit), TCP, TLS (RFC 7858) and HTTPS (RFC 8484).
class DnsClient {
 public:
  /// Sends a request and gives back the body's bytes as well; the HTTP client's part of DNS over HTTPS.
  using Post = std::function<Task<RawAnswer>(HttpRequest)>;

  /// `post` may be empty: questions to https:// servers then fail with Failure::other.
  explicit DnsClient(boost::asio::any_io_executor executor, Post post = {});

  /// Never fails in itself. Cancelled, the exchange says Failure::out_of_time.
  Task<DnsExchange> ask(DnsQuery query);

 private:
  Task<void> over_network(DnsAttempt& attempt);
  Task<void> over_https(DnsAttempt& attempt);
  boost::asio::ssl::context& trust();

  boost::asio::any_io_executor executor_;
  Post post_;
  std::optional<boost::asio::ssl::context> trust_;  ///< made with the first TLS question: reading all roots takes long
};

}  // namespace fix502
