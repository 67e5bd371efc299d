// What the words of a gateway's own error page mean (RFC 9209 2.3 error types).

#include "signature/rule.hpp"

namespace fix502::tables {
namespace {

using namespace marks;

constexpr Word kWords[] = {
    // apache/httpd modules/proxy/proxy_util.c. "Error reading from remote server" is a close, a reset or a timeout:
    // only
    // the time that it took can tell, so there is no row for it.
    {"apache", body("dns lookup failure for:"), {"dns_error"}},
    {"apache", body("error during ssl handshake with remote server"), {"tls_protocol_error"}},
    {"apache", body("corrupt status line returned by remote server"), {"http_protocol_error"}},
    {"apache", body("unexpected upgrade:"), {"http_upgrade_failed"}},

    // Varnish words everything as 503 and keeps the reason in its log; that the fetch failed is all that it says.
    {"varnish", title("backend fetch failed"), {"", "origin.bad-gateway"}},
    {"varnish", body("<h1>error 503 backend fetch failed</h1>"), {"", "origin.bad-gateway"}},

    // lighttpd answers 500 when the backend closes or resets (seen: 1.4.69).
    {"lighttpd", body("<h1>500 internal server error</h1>"), {"", "origin.bad-gateway"}},

    // squid-cache/squid src/error/forward.h; the number is errno at the time.
    {"squid", starts("x-squid-error", "err_connect_fail 111"), {"connection_refused"}},
    {"squid", starts("x-squid-error", "err_connect_fail 110"), {"connection_timeout"}},
    {"squid", starts("x-squid-error", "err_connect_fail 113"), {"destination_ip_unroutable"}},
    {"squid", starts("x-squid-error", "err_connect_fail 101"), {"destination_ip_unroutable"}},
    {"squid", starts("x-squid-error", "err_connect_fail"), {"", "origin.bad-gateway"}},
    {"squid", starts("x-squid-error", "err_dns_fail"), {"dns_error"}},
    {"squid", starts("x-squid-error", "err_zero_size_object"), {"connection_terminated"}},
    {"squid", starts("x-squid-error", "err_read_error 104"), {"connection_terminated"}},
    {"squid", starts("x-squid-error", "err_read_timeout"), {"connection_read_timeout"}},
    {"squid", starts("x-squid-error", "err_lifetime_exp"), {"http_response_timeout"}},
    {"squid", starts("x-squid-error", "err_invalid_resp"), {"http_protocol_error"}},
    {"squid", starts("x-squid-error", "err_secure_connect_fail"), {"tls_protocol_error"}},
    {"squid", starts("x-squid-error", "err_cannot_forward"), {"destination_unavailable"}},
    {"squid", starts("x-squid-error", "err_access_denied"), {"http_request_denied"}},

    // apache/trafficserver src/proxy/http/HttpTransact.cc: the reason phrase over HTTP/1, the page's title always.
    // "connect failed" and "Malformed Server Response Status" cover several causes and stay without one.
    {"ats", reason("connection refused"), {"connection_refused"}},
    {"ats", reason("cannot find server."), {"dns_error"}},
    {"ats", title("unknown host"), {"dns_error"}},
    {"ats", reason("invalid http response"), {"http_protocol_error"}},
    {"ats", reason("server hangup"), {"http_response_incomplete"}},
    {"ats", title("server connection closed"), {"http_response_incomplete"}},
    {"ats", reason("connection timed out"), {"connection_read_timeout"}},
    {"ats", title("inactivity timeout"), {"connection_read_timeout"}},
    {"ats", reason("no valid server."), {"destination_unavailable"}},
    {"ats", reason("next hop timeout"), {"connection_timeout"}},
    {"ats", reason("next hop congested"), {"connection_limit_reached"}},

    // h2o/h2o lib/common/httpclient.c.
    {"h2o", body_is("i/o timeout"), {"connection_read_timeout"}},
    {"h2o", body_is("first byte timeout"), {"connection_read_timeout"}},
    {"h2o", body_is("connection timeout"), {"connection_timeout"}},
    {"h2o", body_is("connection failed"), {"connection_refused"}},
    {"h2o", body_is("connection failure"), {"connection_refused"}},
    {"h2o", body_is("socket create error"), {"connection_refused"}},
    {"h2o", body_starts("i/o error (head)"), {"connection_terminated"}},
    {"h2o", body_is("failed to parse the response"), {"http_protocol_error"}},
    {"h2o", body_is("invalid response from upstream"), {"http_protocol_error"}},
    {"h2o", body_is("ssl handshake failure"), {"tls_protocol_error"}},
    {"h2o", body_starts("self-signed certificate"), {"tls_certificate_error"}},
    {"h2o", body_is("certificate has expired"), {"tls_certificate_error"}},
    {"h2o", body_is("name or service not known"), {"dns_error"}},

    // envoyproxy/envoy: response flags and transport failure reasons; the narrower words come first.
    {"envoy", body_is("no healthy upstream"), {"destination_unavailable"}},
    {"envoy", body_is("upstream request timeout"), {"http_response_timeout"}},
    {"envoy", body("certificate_verify_failed"), {"tls_certificate_error"}},
    {"envoy", body("tlsv1_alert"), {"tls_alert_received"}},
    {"envoy", body("tls error:"), {"tls_protocol_error"}},
    {"envoy", body("delayed connect error: 111"), {"connection_refused"}},
    {"envoy", body("delayed connect error: connection refused"), {"connection_refused"}},
    {"envoy", body("delayed connect error: 110"), {"connection_timeout"}},
    {"envoy", body("delayed connect error: 113"), {"destination_ip_unroutable"}},
    {"envoy", body("network is unreachable"), {"destination_ip_unroutable"}},
    {"envoy", body("reset reason: connection timeout"), {"connection_timeout"}},
    {"envoy", body("reset reason: connection termination"), {"connection_terminated"}},
    {"envoy", body("reset reason: remote reset"), {"connection_terminated"}},
    {"envoy", body("reset reason: remote refused stream reset"), {"connection_terminated"}},
    {"envoy", body("reset reason: overflow"), {"connection_limit_reached"}},
    {"envoy", body("reset reason: protocol error"), {"http_protocol_error"}},
    {"envoy", body("reset reason:"), {"", "origin.bad-gateway"}},

    {"traefik", body_is("no available server"), {"destination_unavailable"}},

    // Kong/kong kong/error_handlers.lua and runloop.
    {"kong", body("name resolution failed"), {"dns_error"}},
    {"kong", body("failure to get a peer from the ring-balancer"), {"destination_unavailable"}},
    {"kong", body("the upstream server is timing out"), {"connection_read_timeout"}},

    // HRESULT 0x8007xxxx: the low word is a WinHTTP code
    // (https://learn.microsoft.com/windows/win32/winhttp/error-messages).
    {"iis", body("0x80072ee2"), {"connection_read_timeout"}},
    {"iis", body("0x80072ee7"), {"dns_error"}},
    {"iis", body("0x80072efd"), {"connection_refused"}},
    {"iis", body("0x80072efe"), {"connection_terminated"}},
    {"iis", body("0x80072f78"), {"http_protocol_error"}},
    {"iis", body("0x80072f8f"), {"tls_certificate_error"}},
    {"iis", body("0x80070490"), {"destination_unavailable"}},

    {"aws-elb", reason("service unavailable: back-end server is at capacity"), {"destination_unavailable"}},
    {"api-gateway", body("endpoint request timed out"), {"http_response_timeout"}},
    {"railway", body("application failed to respond"), {"", "origin.bad-gateway"}},
    {"kubernetes", body_is("default backend - 404"), {"destination_not_found"}},
    {"digitalocean", starts("x-do-failure-code", "uc"), {"connection_terminated"}},
    {"digitalocean", starts("x-do-failure-code", "uh"), {"destination_unavailable"}},
    {"digitalocean", starts("x-do-failure-code", "ut"), {"http_response_timeout"}},
};

}  // namespace

std::span<const Word> gateway_words() {
  return kWords;
}

}  // namespace fix502::tables
