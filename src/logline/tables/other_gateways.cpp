// Varnish, Squid, lighttpd, Apache Traffic Server, h2o, nghttpx, and Envoy's response texts.
#include <array>

#include "logline/message.hpp"

namespace fix502::tables {
namespace {

using enum Sureness;
using enum Weight;

constexpr std::array kMessages = {
    // Varnish: the reason stands in VSL records only (varnishlog), or where varnishncsa prints %{VSL:FetchError}x.
    Message{"varnish", "fail errno 111 (", "upstream.connection-refused", "connection_refused", certain, failure,
            "seen: Varnish 7.1.1", R"(-   FetchError     backend boot.app: fail errno 111 (Connection refused))",
            "backend "},
    Message{"varnish", "fail errno 110 (", "upstream.connection-timeout", "connection_timeout", certain, failure,
            "seen: Varnish 7.1.1", R"(-   FetchError     backend boot.app: fail errno 110 (Connection timed out))",
            "backend "},
    Message{"varnish", "fail errno 113 (", "upstream.unreachable", "destination_ip_unroutable", certain, failure,
            "errno 113", R"(-   FetchError     backend boot.app: fail errno 113 (No route to host))", "backend "},
    Message{"varnish", "fail errno 101 (", "upstream.unreachable", "destination_ip_unroutable", certain, failure,
            "errno 101", R"(-   FetchError     backend boot.app: fail errno 101 (Network is unreachable))", "backend "},
    Message{"varnish", "FetchError*backend *: unhealthy", "upstream.all-down", "destination_unavailable", certain,
            secondary, "seen: Varnish 7.1.1", R"(-   FetchError     backend boot.app: unhealthy)", "backend "},
    Message{"varnish", "FetchError*backend *: busy", "gateway.connection-limit", "connection_limit_reached", certain,
            failure, "seen: Varnish 7.1.1", R"(-   FetchError     backend boot.app: busy)", "backend "},
    Message{"varnish", "FetchError*HTC eof (-1)", "upstream.closed-early", "connection_terminated", certain, failure,
            "seen: Varnish 7.1.1", R"(-   FetchError     HTC eof (-1))"},
    Message{"varnish", "FetchError*first byte timeout", "upstream.read-timeout", "connection_read_timeout", certain,
            failure, "seen: Varnish 7.1.1", R"(-   FetchError     first byte timeout)"},
    Message{"varnish", "BogoHeader*Header too long", "upstream.header-too-large", "http_response_header_size", certain,
            failure, "seen: Varnish 7.1.1", R"(-   BogoHeader     Header too long: Set-Cookie: aaaaaaaa)"},
    Message{"varnish", "BogoHeader*Too many headers", "upstream.header-too-large", "http_response_header_section_size",
            certain, failure, "seen: Varnish 7.1.1", R"(-   BogoHeader     Too many headers: X-H57: v)"},
    Message{"varnish", "BogoHeader", "upstream.invalid-header", "http_protocol_error", certain, failure,
            "seen: Varnish 7.1.1", R"(-   BogoHeader     Illegal char 0x20 in header name)"},
    Message{"varnish", "FetchError*http format error", "upstream.not-http", "http_protocol_error", likely, failure,
            "seen: Varnish 7.1.1", R"(-   FetchError     http format error)"},
    Message{"varnish", "FetchError*overflow", "upstream.header-too-large", "http_response_header_section_size", certain,
            failure, "seen: Varnish 7.1.1", R"(-   FetchError     overflow)"},
    Message{"varnish", "FetchError*chunked header", "upstream.bad-chunking", "http_response_transfer_coding", certain,
            cut, "seen: Varnish 7.1.1", R"(-   FetchError     chunked header non-hex)"},
    Message{"varnish", "FetchError*insufficient bytes", "upstream.truncated", "http_response_incomplete", certain, cut,
            "seen: Varnish 7.1.1", R"(-   FetchError     straight insufficient bytes)"},
    // Squid: cache.log. The access log's result codes are read by judge.cpp.
    Message{
        "squid", "Invalid Response: No object data received for", "upstream.closed-early", "connection_terminated",
        certain, mark, "seen: Squid 5.7",
        R"(2026/11/22 04:54:03 kid1| WARNING: HTTP: Invalid Response: No object data received for http://a.test/x AKA a.test/x)"},
    Message{
        "squid", "Invalid Response: Bad header encountered from", "upstream.invalid-header", "http_protocol_error",
        certain, mark, "seen: Squid 5.7",
        R"(2026/11/22 04:54:03 kid1| WARNING: HTTP: Invalid Response: Bad header encountered from http://a.test/x AKA a.test/x)"},
    Message{"squid", "WARNING: Forwarding loop detected for", "gateway.proxy-loop", "proxy_loop_detected", certain,
            trouble, "seen: Squid 5.7", R"(2026/11/22 04:54:03 kid1| WARNING: Forwarding loop detected for:)"},
    Message{"squid", "TCP connection to *failed", "upstream.connection-refused", "connection_refused", likely, mark,
            "seen: Squid 5.7", R"(2026/11/22 04:54:03 kid1| TCP connection to 127.0.0.1/81 failed)", "connection to "},
    Message{"squid", "WARNING! Your cache is running out of filedescriptors", "gateway.fd-limit",
            "proxy_internal_error", certain, trouble, "Squid src/comm.cc",
            R"(2026/11/22 04:54:03 kid1| WARNING! Your cache is running out of filedescriptors)"},
    // lighttpd.
    Message{
        "lighttpd", "establishing connection failed: socket: *Connection refused", "upstream.connection-refused",
        "connection_refused", certain, failure, "seen: lighttpd 1.4.69",
        R"(2026-11-22 04:54:03: (gw_backend.c.274) establishing connection failed: socket: tcp:127.0.0.1:81: Connection refused)",
        "socket: tcp:"},
    Message{
        "lighttpd", "establishing connection failed: socket: unix:*No such file", "upstream.socket-missing",
        "connection_refused", certain, failure, "seen: lighttpd 1.4.69",
        R"(2026-11-22 04:54:03: (gw_backend.c.274) establishing connection failed: socket: unix:/run/app.sock: No such file or directory)",
        "socket: unix:"},
    Message{
        "lighttpd", "establishing connection failed: socket: unix:*Permission denied", "upstream.socket-permission",
        "proxy_configuration_error", certain, failure, "errno 13",
        R"(2026-11-22 04:54:03: (gw_backend.c.274) establishing connection failed: socket: unix:/run/app.sock: Permission denied)",
        "socket: unix:"},
    Message{
        "lighttpd", "establishing connection failed: socket: *Connection timed out", "upstream.connection-timeout",
        "connection_timeout", certain, failure, "seen: lighttpd 1.4.69",
        R"(2026-11-22 04:54:03: (gw_backend.c.274) establishing connection failed: socket: tcp:198.51.100.9:80: Connection timed out)",
        "socket: tcp:"},
    Message{
        "lighttpd", "response not received, request sent:", "upstream.closed-early", "connection_terminated", certain,
        failure, "seen: lighttpd 1.4.69",
        R"(2026-11-22 04:54:03: (gw_backend.c.2389) response not received, request sent: 100 on socket: tcp:127.0.0.1:81 for /x?, closing connection)",
        "socket: tcp:"},
    Message{"lighttpd", "invalid HTTP status line:", "upstream.not-http", "http_protocol_error", certain, failure,
            "seen: lighttpd 1.4.69",
            R"(2026-11-22 04:54:03: (http-header-glue.c.874) invalid HTTP status line: HTTP/9.9 200 OK)"},
    Message{"lighttpd", "response headers too large for", "upstream.header-too-large",
            "http_response_header_section_size", certain, failure, "seen: lighttpd 1.4.69",
            R"(2026-11-22 04:54:03: (http-header-glue.c.1128) response headers too large for /x)"},
    Message{"lighttpd", "read timeout on socket:", "upstream.read-timeout", "connection_read_timeout", certain, failure,
            "seen: lighttpd 1.4.69",
            R"(2026-11-22 04:54:03: (gw_backend.c.2708) read timeout on socket: tcp:127.0.0.1:81 (fd: 9))",
            "socket: tcp:"},
    Message{
        "lighttpd", "response already sent out, but backend returned error on socket:", "upstream.truncated",
        "http_response_incomplete", certain, cut, "seen: lighttpd 1.4.69",
        R"(2026-11-22 04:54:03: (gw_backend.c.2380) response already sent out, but backend returned error on socket: tcp:127.0.0.1:81 for /x?, terminating connection)",
        "socket: tcp:"},
    Message{"lighttpd", "FastCGI-stderr:*Primary script unknown", "upstream.script-not-found", "http_request_error",
            certain, failure, "seen: lighttpd 1.4.69",
            R"(2026-11-22 04:54:03: (mod_fastcgi.c.449) FastCGI-stderr:Primary script unknown)"},
    Message{"lighttpd", "all handlers for * are down.", "upstream.all-down", "destination_unavailable", certain,
            secondary, "seen: lighttpd 1.4.69",
            R"(2026-11-22 04:54:03: (gw_backend.c.960) all handlers for /x? on  are down.)"},
    Message{"lighttpd", "gw-server re-enabled:", "", "", certain, change, "seen: lighttpd 1.4.69",
            R"(2026-11-22 04:54:03: (gw_backend.c.240) gw-server re-enabled: tcp:127.0.0.1:81)"},
    // Apache Traffic Server: error.log and diags.log.
    Message{
        "trafficserver", "CONNECT: attempt fail*connection_result=Connection refused", "upstream.connection-refused",
        "connection_refused", certain, failure, "seen: Traffic Server 9.2.9",
        R"(20261122.04h54m03s CONNECT: attempt fail [CONNECTION_ERROR] to 127.0.0.1:81 for host='a.test' connection_result=Connection refused [111] error=Connection refused [111] attempts=1 url='http://a.test/x')",
        "] to "},
    Message{
        "trafficserver", "CONNECT: attempt fail*connection_result=Connection timed out", "upstream.connection-timeout",
        "connection_timeout", certain, failure, "seen: Traffic Server 9.2.9",
        R"(20261122.04h54m03s CONNECT: attempt fail [CONNECTION_ERROR] to 198.51.100.9:80 for host='a.test' connection_result=Connection timed out [110] error=Connection timed out [110] attempts=1 url='http://a.test/x')",
        "] to "},
    Message{
        "trafficserver", "CONNECT: attempt fail*connection_result=ENET_SSL_CONNECT_FAILED", "upstream.expects-plain",
        "tls_protocol_error", possible, failure, "seen: Traffic Server 9.2.9",
        R"(20261122.04h54m03s CONNECT: attempt fail [CONNECTION_ERROR] to 127.0.0.1:81 for host='a.test' connection_result=ENET_SSL_CONNECT_FAILED [-20104] error=ENET_SSL_CONNECT_FAILED [20104] attempts=1 url='https://a.test/x')",
        "] to "},
    Message{
        "trafficserver", "server certificate verification failed for", "upstream.certificate", "tls_certificate_error",
        certain, mark, "seen: Traffic Server 9.2.9",
        R"([Nov 22 04:54:03.123] [ET_NET 1] WARNING: Core server certificate verification failed for (a.test). Action=Terminate Error=self-signed certificate server=a.test(127.0.0.1) depth=0)"},
    // h2o: the same words are the answer's body.
    Message{"h2o", "[lib/core/proxy.c] in request:*:connection failure", "upstream.connection-refused",
            "connection_refused", likely, failure, "seen: h2o 2.2.5",
            R"([lib/core/proxy.c] in request:/x:connection failure)"},
    Message{"h2o", "[lib/core/proxy.c] in request:*:connection timeout", "upstream.connection-timeout",
            "connection_timeout", certain, failure, "seen: h2o 2.2.5",
            R"([lib/core/proxy.c] in request:/x:connection timeout)"},
    Message{"h2o", "[lib/core/proxy.c] in request:*:Name or service not known", "upstream.name-not-resolved",
            "dns_error", certain, failure, "seen: h2o 2.2.5",
            R"([lib/core/proxy.c] in request:/x:Name or service not known)"},
    Message{"h2o", "[lib/core/proxy.c] in request:*:I/O error (head)", "upstream.closed-early", "connection_terminated",
            certain, failure, "seen: h2o 2.2.5", R"([lib/core/proxy.c] in request:/x:I/O error (head))"},
    Message{"h2o", "[lib/core/proxy.c] in request:*:I/O error (body", "upstream.truncated", "http_response_incomplete",
            certain, cut, "seen: h2o 2.2.5", R"([lib/core/proxy.c] in request:/x:I/O error (body; content-length))"},
    Message{"h2o", "[lib/core/proxy.c] in request:*:I/O timeout", "upstream.read-timeout", "connection_read_timeout",
            certain, failure, "seen: h2o 2.2.5", R"([lib/core/proxy.c] in request:/x:I/O timeout)"},
    Message{"h2o", "[lib/core/proxy.c] in request:*:failed to parse the response", "upstream.not-http",
            "http_protocol_error", likely, failure, "seen: h2o 2.2.5",
            R"([lib/core/proxy.c] in request:/x:failed to parse the response)"},
    Message{"h2o", "[lib/core/proxy.c] in request:*:invalid response from upstream", "upstream.invalid-header",
            "http_protocol_error", certain, failure, "seen: h2o 2.2.5",
            R"([lib/core/proxy.c] in request:/x:invalid response from upstream (malformed content-length))"},
    Message{"h2o", "[lib/core/proxy.c] in request:*:ssl handshake failure", "upstream.expects-plain",
            "tls_protocol_error", possible, failure, "seen: h2o 2.2.5",
            R"([lib/core/proxy.c] in request:/x:ssl handshake failure)"},
    Message{"h2o", "[lib/core/proxy.c] in request:*certificate", "upstream.certificate", "tls_certificate_error",
            certain, failure, "seen: h2o 2.2.5", R"([lib/core/proxy.c] in request:/x:self-signed certificate)"},
    // nghttpx.
    Message{
        "nghttpx", "Backend connect failed; addr=*errno=111", "upstream.connection-refused", "connection_refused",
        certain, failure, "seen: nghttpx 1.52.0",
        R"(2026-11-22T04:54:03.123Z 12 13 a4a2cafd WARN (shrpx_http_downstream_connection.cc:100) Backend connect failed; addr=127.0.0.1:81: errno=111)",
        "addr="},
    Message{
        "nghttpx", "Connect time out; addr=", "upstream.connection-timeout", "connection_timeout", certain, failure,
        "seen: nghttpx 1.52.0",
        R"(2026-11-22T04:54:03.123Z 12 13 a4a2cafd WARN (shrpx_http_downstream_connection.cc:100) Connect time out; addr=198.51.100.9:80)",
        "addr="},
    Message{
        "nghttpx", "connect() failed; addr=*errno=2", "upstream.socket-missing", "connection_refused", certain, failure,
        "seen: nghttpx 1.52.0",
        R"(2026-11-22T04:54:03.123Z 12 13 a4a2cafd WARN (shrpx_http_downstream_connection.cc:100) connect() failed; addr=/run/app.sock, errno=2)",
        "addr="},
    // Envoy: %RESPONSE_CODE_DETAILS% and %UPSTREAM_TRANSPORT_FAILURE_REASON% refine its flags, which judge.cpp reads.
    Message{
        "envoy", "delayed_connect_error:_111", "upstream.connection-refused", "connection_refused", certain, mark,
        "Envoy source/common/network/connection_impl.cc",
        R"([2026-11-22T04:54:03.123Z] "GET /x HTTP/1.1" 503 UF upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_111} - "delayed_connect_error:_111" 0 145 1 - "-" "curl" "1" "a.test" "127.0.0.1:81")"},
    Message{
        "envoy", "delayed connect error: 111", "upstream.connection-refused", "connection_refused", certain, mark,
        "Envoy source/common/network/connection_impl.cc",
        R"([2026-11-22T04:54:03.123Z] "GET /x HTTP/1.1" 503 UF remote connection failure, transport failure reason: delayed connect error: 111 "127.0.0.1:81")"},
    Message{
        "envoy", "delayed_connect_error:_113", "upstream.unreachable", "destination_ip_unroutable", certain, mark,
        "errno 113",
        R"("GET /x HTTP/1.1" 503 UF upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_113})"},
    Message{
        "envoy", "cds: added/updated ", "", "", certain, change,
        "source/common/upstream/cds_api_helper.cc: new upstreams",
        R"([2026-11-22 04:54:03.623][12][info][upstream] [source/common/upstream/cds_api_helper.cc:71] cds: added/updated 1 cluster(s), skipped 7 unmodified cluster(s))"},
    Message{
        "envoy", "lds: add/update listener", "", "", certain, change,
        "source/common/listener_manager/lds_api.cc: new routes",
        R"([2026-11-22 04:54:03.628][12][info][upstream] [source/common/listener_manager/lds_api.cc:106] lds: add/update listener 'shop')"},
    Message{"envoy", "connection_timeout", "upstream.connection-timeout", "connection_timeout", certain, mark,
            "Envoy response_code_details.rst",
            R"("GET /x HTTP/1.1" 503 UF upstream_reset_before_response_started{connection_timeout})"},
    Message{
        "envoy", "TLS_error:*WRONG_VERSION_NUMBER", "upstream.expects-plain", "tls_protocol_error", certain, mark,
        "BoringSSL",
        R"("GET /x HTTP/1.1" 503 UF "TLS_error:|268435703:SSL_routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end")"},
    Message{
        "envoy", "TLS_error:*CERTIFICATE_VERIFY_FAILED", "upstream.certificate", "tls_certificate_error", certain, mark,
        "BoringSSL",
        R"("GET /x HTTP/1.1" 503 UF "TLS_error:|268435581:SSL_routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:TLS_error_end")"},
};

}  // namespace

std::span<const Message> other_gateway_messages() {
  return kMessages;
}

}  // namespace fix502::tables
