#pragma once

// The gateway's request as bytes. Pure.

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/route.hpp"

namespace fix502 {

/// HTTP/1.0 and 1.1: request line, fields in their order with their names' own case, body.
[[nodiscard]] std::string http1_request(const UpstreamRequest& request);
/// FastCGI 1.0: BEGIN_REQUEST as responder, the variables, the body on STDIN.
[[nodiscard]] std::string fastcgi_request(const UpstreamRequest& request);
/// uwsgi: modifiers 0, variables whose block is at most 65,535 bytes long; what does not fit is left out.
[[nodiscard]] std::string uwsgi_request(const UpstreamRequest& request);
/// SCGI: a netstring of the variables in their order.
[[nodiscard]] std::string scgi_request(const UpstreamRequest& request);
/// AJP13 "forward request"; `params` may hold REMOTE_ADDR, SERVER_NAME, SERVER_PORT, HTTPS and "secret".
[[nodiscard]] std::string ajp_request(const UpstreamRequest& request);
[[nodiscard]] std::string ajp_ping();

/// One end of a connection, as the PROXY protocol names it.
struct ProxyEnd {
  std::string address;  ///< empty: no IP (a Unix socket)
  std::uint16_t port = 0;
};
/// The PROXY protocol's header (haproxy.org, proxy-protocol.txt 2.1, 2.2), version 1 or 2.
[[nodiscard]] std::string proxy_header(int version, const ProxyEnd& source, const ProxyEnd& destination);

}  // namespace fix502
