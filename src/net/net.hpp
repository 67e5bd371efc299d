#pragma once

// The port to the network. Everything that fix502 sends goes through here, so that a run can be recorded, replayed
// and stood in for. One thread, one asio loop; callbacks of libraries stay below this line.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "observation/dns_exchange.hpp"
#include "observation/host_facts.hpp"
#include "observation/http_exchange.hpp"

namespace fix502 {

template <typename T>
using Task = boost::asio::awaitable<T>;

using Milliseconds = std::chrono::milliseconds;

/// The way in which a client speaks: what differs between a browser, a script and an old machine.
struct ClientProfile {
  std::string id = "browser";
  std::string user_agent;                                             ///< empty: send none
  std::vector<std::pair<std::string, std::string>> headers;           ///< Accept, Accept-Language, Sec-Fetch-*, ...
  std::string accept_encoding;                                        ///< empty: send none
  enum class Http { any, http1_0, http1_1, http2 } http = Http::any;  ///< any: ALPN h2, then 1.1, as browsers do
  enum class Tls { browser, only_1_2, only_1_3, any } tls = Tls::browser;  ///< browser: 1.2 and 1.3
  bool names_form = true;  ///< data without a Content-Type are called a form's, as curl does; false: nothing is said
};

/// One HTTP request. Redirects are never followed and names never resolved below this line.
struct HttpRequest {
  std::string url;
  std::string method = "GET";
  std::string data;
  ClientProfile client;
  std::vector<std::pair<std::string, std::string>> headers;  ///< beside the profile's; a name given here replaces it
  std::string cookie;                                        ///< the Cookie field's value, empty: none
  int cookie_jar = 0;                  ///< 0: none; requests of the same jar n > 0 give back the cookies they were set
  std::vector<std::string> addresses;  ///< of the URL's host, in order of preference; families are raced (RFC 8305).
                                       ///< Without a proxy it must not be empty.
  std::uint16_t connect_port = 0;      ///< 0: the URL's
  std::string sni;                     ///< empty: the URL's host; "-": send none
  std::string proxy;                   ///< http://[user:password@]host:port, empty: direct; proxy's host an address,
                                       ///< or a name with `proxy_addresses`
  std::vector<std::string> proxy_addresses;
  std::string interface;  ///< name or address to send from, empty: any
  bool verify_certificate = true;
  int max_segment = 0;                  ///< TCP_MAXSEG in bytes, 0: the kernel's choice
  int session = 0;                      ///< 0: a new connection, closed afterwards; the same n > 0: kept connection n
  Milliseconds connect_timeout{4'000};  ///< TCP and TLS
  Milliseconds timeout{8'000};          ///< the whole exchange
  std::size_t max_body = 512 * 1024;    ///< decoded bytes read before the exchange is called complete
  /// Is shown the final answer as it came, neither redacted nor made printable, at the end of what was read of it. Not
  /// called without a whole header.
  std::function<void(const std::vector<HeaderField>& fields, std::string_view body)> see = {};
};

/// One question to a DNS server.
struct DnsQuery {
  std::string server;       ///< "192.0.2.1", "192.0.2.1:5353", "[2001:db8::1]:53", "tls://192.0.2.1[:853][#name]",
                            ///< "https://dns.example/dns-query"
  std::string server_name;  ///< copied into the exchange
  DnsRole role = DnsRole::system;
  std::string zone;  ///< copied into the exchange
  std::string name;
  std::string type = "A";  ///< A, AAAA, NS, SOA, CNAME, HTTPS, ...
  bool recursion_desired = true;
  bool checking_disabled = false;
  bool dnssec_ok = false;
  std::string interface;
  std::vector<std::string> server_addresses;  ///< for a server named in an https:// URL
  Milliseconds timeout{3'000};                ///< the whole question; UDP asks again once at about a third of it
};

class Net {
 public:
  Net() = default;
  Net(const Net&) = delete;
  Net& operator=(const Net&) = delete;
  virtual ~Net() = default;

  /// Never fails in itself: what went wrong stands in the exchange. Destroying the awaiting coroutine cancels it.
  virtual Task<HttpExchange> http(HttpRequest request) = 0;
  virtual Task<DnsExchange> dns(DnsQuery query) = 0;
  virtual Task<TcpConnect> tcp(std::string address, std::uint16_t port, std::string interface,
                               Milliseconds timeout) = 0;
  /// getaddrinfo(3) for both families, in a process of its own so that it can be given up.
  virtual Task<SystemLookup> lookup(std::string name, Milliseconds timeout) = 0;
  virtual Task<void> sleep(Milliseconds time) = 0;
};

}  // namespace fix502
