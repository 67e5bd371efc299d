#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "observation/words.hpp"

namespace fix502 {

/// A DNS server as options and resolv.conf name it, taken apart.
struct DnsServer {
  Transport transport = Transport::udp;
  boost::asio::ip::address address;  ///< not for https
  std::uint16_t port = 53;
  std::string
      tls_name;      ///< the name that its certificate must bear; empty: encrypted, but not authenticated (RFC 8310 5)
  std::string url;   ///< https only
  std::string host;  ///< https only: the URL's host

  /// "192.0.2.1:53", "tls://192.0.2.1#dns.example", "https://dns.example/dns-query"
  [[nodiscard]] std::string text() const;
};

/// "192.0.2.1", "192.0.2.1:5353", "fe80::1%eth0", "[2001:db8::1]:53", "tcp://192.0.2.1",
/// "tls://192.0.2.1[:853][#name]", "https://dns.example/dns-query". Errors say what would be right.
[[nodiscard]] Result<DnsServer> parse_dns_server(std::string_view text);

}  // namespace fix502
