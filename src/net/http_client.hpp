#pragma once

#include <openssl/ssl.h>

#include <boost/asio/any_io_executor.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "net/net.hpp"
#include "net/raw_answer.hpp"
#include "net/tls_watch.hpp"

namespace fix502 {

class Channel;
class CurlLoop;

/// HTTP by libcurl on the asio loop. Every exchange has a curl handle and a connection of its own, and pins its
/// addresses anew, so that those of one never serve another; a session keeps its handle, and the one connection in it,
/// from request to request. Requests of one session come one after the other. Outlives the run.
///
/// When `timeout` strikes: `response_timeout` before the first byte; then `stalled` where nothing had come for two
/// seconds (half the limit, if that is less), `out_of_time` where bytes were still coming.
/// Through a proxy, what fails before the tunnel stands has `reached` = proxy: `proxy_unreachable` without a TCP
/// connection, `response_timeout` for silence, `proxy_refused_tunnel` for any answer but 2xx and for closing.
class HttpClient {
 public:
  explicit HttpClient(boost::asio::any_io_executor executor);
  ~HttpClient();

  Task<HttpExchange> exchange(HttpRequest request);
  /// The same, with the body as it came beside it.
  Task<RawAnswer> fetch(HttpRequest request);

 private:
  [[nodiscard]] Result<std::unique_ptr<Channel>> channel_for(int session);

  boost::asio::any_io_executor executor_;
  TrustStore trust_;
  std::vector<std::unique_ptr<CurlLoop>> spare_;     // without a connection: what a new one costs is its descriptors
  std::map<int, std::unique_ptr<Channel>> kept_;     // by session, while no request of it is under way
  std::map<int, std::vector<std::string>> cookies_;  // by jar, in curl's Netscape format
};

}  // namespace fix502
