// nginx' error log. The wording is src/http/ngx_http_upstream.c's and src/event/ngx_event_openssl.c's; "seen"
// is 1.22.1.
#include <array>

#include "logline/message.hpp"

namespace fix502::tables {
namespace {

using enum Sureness;
using enum Weight;
constexpr std::string_view kN = "nginx";
constexpr std::string_view kSeen = "seen: nginx 1.22.1";
constexpr std::string_view kSource = "ngx_http_upstream.c";

constexpr std::array
    kMessages =
        {
            // Connecting. The Unix socket's rows stand before those of any address.
            Message{
                kN, "connect() to unix:*failed (2: No such file*while connecting to upstream",
                "upstream.socket-missing", "connection_refused", certain, failure, kSeen,
                R"(2026/11/22 04:54:03 [crit] 12#12: *7 connect() to unix:/run/app.sock failed (2: No such file or directory) while connecting to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://unix:/run/app.sock:/x", host: "a.test")"},
            Message{
                kN, "connect() to unix:*failed (13: Permission denied) while connecting to upstream",
                "upstream.socket-permission", "proxy_configuration_error", certain, failure, kSeen,
                R"(2026/11/22 04:54:03 [crit] 12#12: *7 connect() to unix:/run/app.sock failed (13: Permission denied) while connecting to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "fastcgi://unix:/run/app.sock:", host: "a.test")"},
            Message{
                kN, "connect() to unix:*failed (11: Resource temporarily unavailable) while connecting to upstream",
                "upstream.backlog-full", "connection_limit_reached", certain, failure, kSeen,
                R"(2026/11/22 04:54:03 [error] 12#12: *7 connect() to unix:/run/app.sock failed (11: Resource temporarily unavailable) while connecting to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "fastcgi://unix:/run/app.sock:", host: "a.test")"},
            Message{
                kN, "failed (111: Connection refused) while resolving", "upstream.name-not-resolved", "dns_error",
                certain, secondary, kSource,
                R"(2026/11/22 04:54:03 [error] 12#12: recv() failed (111: Connection refused) while resolving, resolver: 127.0.0.1:53)"},
            Message{
                kN, "connect()*failed (111: *while connecting to upstream", "upstream.connection-refused",
                "connection_refused", certain, failure, kSeen,
                R"(2026/11/22 04:54:03 [error] 12#12: *7 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test")"},
            Message{
                kN, "connect()*failed (101: *while connecting to upstream", "upstream.unreachable",
                "destination_ip_unroutable", certain, failure, kSeen,
                R"(2026/11/22 04:54:03 [error] 12#12: *7 connect() to 198.51.100.9:80 failed (101: Network is unreachable) while connecting to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://198.51.100.9:80/x", host: "a.test")"},
            Message{
                kN, "connect()*failed (113: *while connecting to upstream", "upstream.unreachable",
                "destination_ip_unroutable", certain, failure, kSeen,
                R"(2026/11/22 04:54:03 [error] 12#12: *7 connect() failed (113: No route to host) while connecting to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://198.51.100.9:80/x", host: "a.test")"},
            Message{
                kN, "connect() to*failed (22: Invalid argument) while connecting to upstream", "upstream.unreachable",
                "destination_ip_unroutable", certain, failure, kSeen,
                R"(2026/11/22 04:54:03 [crit] 12#12: *7 connect() to 198.51.100.9:80 failed (22: Invalid argument) while connecting to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://198.51.100.9:80/x", host: "a.test")"},
            Message{
                kN, "connect() to*failed (13: Permission denied) while connecting to upstream", "gateway.access-denied",
                "proxy_configuration_error", certain, failure, kSeen,
                R"(2026/11/22 04:54:03 [crit] 12#12: *7 connect() to 127.0.0.1:81 failed (13: Permission denied) while connecting to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test")"},
            Message{
                kN, "connect() to*failed (1: Operation not permitted) while connecting to upstream",
                "gateway.access-denied", "destination_ip_prohibited", certain, failure, kSource,
                R"(2026/11/22 04:54:03 [alert] 12#12: *7 connect() to 127.0.0.1:81 failed (1: Operation not permitted) while connecting to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test")"},
            Message{kN,
                    "failed (99: *while connecting to upstream", "gateway.ephemeral-ports", "proxy_internal_error", certain, failure, kSeen, R"(2026/11/22 04:54:03 [crit] 12#12: *7 connect() to 127.0.0.1:81 failed (99: Cannot assign requested address) while connecting to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test")"},
            Message{
                kN, "upstream timed out (110: *while connecting to upstream", "upstream.connection-timeout",
                "connection_timeout", certain, failure, kSeen,
                R"(2026/11/22 04:54:03 [error] 12#12: *7 upstream timed out (110: Connection timed out) while connecting to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://198.51.100.9:80/x", host: "a.test")"},
            Message{
                kN, "connect() failed (110: *while connecting to upstream", "upstream.connection-timeout",
                "connection_timeout", certain, failure, kSource,
                R"(2026/11/22 04:54:03 [error] 12#12: *7 connect() failed (110: Connection timed out) while connecting to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://198.51.100.9:80/x", host: "a.test")"},
            // TLS.
            Message{
                kN, "upstream timed out (110: *while SSL handshaking to upstream", "upstream.connection-timeout",
                "connection_timeout", likely, failure, kSource,
                R"(2026/11/22 04:54:03 [error] 12#12: *7 upstream timed out (110: Connection timed out) while SSL handshaking to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "https://127.0.0.1:81/x", host: "a.test")"},
            Message{
                kN, "SSL_do_handshake() failed*wrong version number*to upstream", "upstream.expects-plain",
                "tls_protocol_error", certain, failure, kSeen,
                R"(2026/11/22 04:54:03 [error] 12#12: *7 SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) while SSL handshaking to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "https://127.0.0.1:81/x", host: "a.test")"},
            Message{
                kN, "SSL_do_handshake() failed*packet length too long*to upstream", "upstream.expects-plain",
                "tls_protocol_error", likely, failure, "OpenSSL 3: a plain answer read as a TLS record",
                R"(2026/11/22 04:54:03 [error] 12#12: *7 SSL_do_handshake() failed (SSL: error:0A0000C6:SSL routines::packet length too long) while SSL handshaking to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "https://127.0.0.1:81/x", host: "a.test")"},
            Message{
                kN, "SSL_do_handshake() failed*SSL alert number 112)*to upstream", "upstream.sni-missing",
                "tls_alert_received", certain, failure, kSeen,
                R"(2026/11/22 04:54:03 [crit] 12#12: *7 SSL_do_handshake() failed (SSL: error:0A000458:SSL routines::tlsv1 unrecognized name:SSL alert number 112) while SSL handshaking to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "https://127.0.0.1:81/x", host: "a.test")"},
            Message{
                kN, "SSL_do_handshake() failed*SSL alert number 70)*to upstream", "upstream.tls-version",
                "tls_alert_received", certain, failure, kSeen,
                R"(2026/11/22 04:54:03 [crit] 12#12: *7 SSL_do_handshake() failed (SSL: error:0A00042E:SSL routines::tlsv1 alert protocol version:SSL alert number 70) while SSL handshaking to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "https://127.0.0.1:81/x", host: "a.test")"},
            Message{
                kN, "SSL_do_handshake() failed*SSL alert number 71)*to upstream", "upstream.tls-version",
                "tls_alert_received", certain, failure, "RFC 8446 6.2: insufficient_security",
                R"(2026/11/22 04:54:03 [crit] 12#12: *7 SSL_do_handshake() failed (SSL: error:0A00042F:SSL routines::tlsv1 alert insufficient security:SSL alert number 71) while SSL handshaking to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "https://127.0.0.1:81/x", host: "a.test")"},
            Message{
                kN, "SSL_do_handshake() failed*unsupported protocol*to upstream", "upstream.tls-version",
                "tls_protocol_error", certain, failure, "OpenSSL 3: SSL_R_UNSUPPORTED_PROTOCOL",
                R"(2026/11/22 04:54:03 [crit] 12#12: *7 SSL_do_handshake() failed (SSL: error:0A000102:SSL routines::unsupported protocol) while SSL handshaking to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "https://127.0.0.1:81/x", host: "a.test")"},
            Message{
                kN, "SSL_do_handshake() failed*SSL alert number 40)*to upstream", "upstream.tls-version",
                "tls_alert_received", possible, failure,
                "RFC 8446 6.2: handshake_failure; also a name or a client certificate that is missing",
                R"(2026/11/22 04:54:03 [crit] 12#12: *7 SSL_do_handshake() failed (SSL: error:0A000410:SSL routines::sslv3 alert handshake failure:SSL alert number 40) while SSL handshaking to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "https://127.0.0.1:81/x", host: "a.test")"},
            Message{
                kN, "peer closed connection in SSL handshake*to upstream", "upstream.closed-early",
                "tls_protocol_error", possible, failure, "ngx_event_openssl.c",
                R"(2026/11/22 04:54:03 [error] 12#12: *7 peer closed connection in SSL handshake (104: Connection reset by peer) while SSL handshaking to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "https://127.0.0.1:81/x", host: "a.test")"},
            Message{
                kN, "upstream SSL certificate verify error: (", "upstream.certificate", "tls_certificate_error",
                certain, failure, kSeen,
                R"(2026/11/22 04:54:03 [error] 12#12: *7 upstream SSL certificate verify error: (18:self-signed certificate) while SSL handshaking to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "https://127.0.0.1:81/x", host: "a.test")"},
            Message{
                kN, "upstream SSL certificate does not match", "upstream.certificate", "tls_certificate_error", certain,
                failure, kSeen,
                R"(2026/11/22 04:54:03 [error] 12#12: *7 upstream SSL certificate does not match "other.test" while SSL handshaking to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "https://127.0.0.1:81/x", host: "a.test")"},
            // The answer.
            Message{
                kN, "upstream timed out (110: *while reading response header from upstream", "upstream.read-timeout",
                "connection_read_timeout", certain, failure, kSeen,
                R"(2026/11/22 04:54:03 [error] 12#12: *7 upstream timed out (110: Connection timed out) while reading response header from upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test")"},
            Message{
                kN, "upstream timed out (110: *while sending request to upstream", "upstream.read-timeout",
                "connection_write_timeout", certain, failure, kSource,
                R"(2026/11/22 04:54:03 [error] 12#12: *7 upstream timed out (110: Connection timed out) while sending request to upstream, client: 192.0.2.7, server: a.test, request: "POST /x HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test")"},
            Message{
                kN, "upstream timed out (110: *while reading upstream", "upstream.read-timeout",
                "connection_read_timeout", certain, cut, kSeen,
                R"(2026/11/22 04:54:03 [error] 12#12: *7 upstream timed out (110: Connection timed out) while reading upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test")"},
            Message{kN, "upstream prematurely closed connection while reading response header from upstream",
                    "upstream.closed-early", "connection_terminated",
                    certain, failure, kSeen, R"(2026/11/22 04:54:03 [error] 12#12: *7 upstream prematurely closed connection while reading response header from upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test")"},
            Message{
                kN, "recv() failed (104: *while reading response header from upstream", "upstream.closed-early",
                "connection_terminated", certain, failure, kSeen,
                R"(2026/11/22 04:54:03 [error] 12#12: *7 recv() failed (104: Connection reset by peer) while reading response header from upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test")"},
            Message{
                kN, "failed (104: *while sending request to upstream", "upstream.closed-early", "connection_terminated",
                certain, failure, kSource,
                R"(2026/11/22 04:54:03 [error] 12#12: *7 writev() failed (104: Connection reset by peer) while sending request to upstream, client: 192.0.2.7, server: a.test, request: "POST /x HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test")"},
            Message{
                kN, "failed (32: Broken pipe) while sending request to upstream", "upstream.closed-early",
                "connection_terminated", certain, failure, kSource,
                R"(2026/11/22 04:54:03 [error] 12#12: *7 writev() failed (32: Broken pipe) while sending request to upstream, client: 192.0.2.7, server: a.test, request: "POST /x HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test")"},
            Message{
                kN, "upstream prematurely closed connection while reading upstream", "upstream.truncated",
                "http_response_incomplete", certain, cut, kSeen,
                R"(2026/11/22 04:54:03 [error] 12#12: *7 upstream prematurely closed connection while reading upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test")"},
            Message{
                kN, "failed (104: *while reading upstream", "upstream.truncated", "http_response_incomplete", certain,
                cut, kSeen,
                R"(2026/11/22 04:54:03 [error] 12#12: *7 readv() failed (104: Connection reset by peer) while reading upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test")"},
            Message{
                kN, "upstream sent no valid HTTP/1.0 header", "upstream.not-http", "http_protocol_error", certain, cut,
                kSeen,
                R"(2026/11/22 04:54:03 [error] 12#12: *7 upstream sent no valid HTTP/1.0 header while reading response header from upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test")"},
            Message{kN, "upstream sent invalid header", "upstream.invalid-header", "http_protocol_error", certain,
                    failure, kSeen,
                    R"(2026/11/22 04:54:03 [error] 12#12: *7 upstream sent invalid header: "X-Foo\x20..." while reading response header from upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test")"},
            Message{kN, "upstream sent too big header", "upstream.header-too-large",
                    "http_response_header_section_size", certain, failure, kSeen,
                    R"(2026/11/22 04:54:03 [error] 12#12: *7 upstream sent too big header while reading response header from upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test")"},
            Message{kN, "upstream sent duplicate header line:*, ignored", "upstream.invalid-header",
                    "http_protocol_error", certain, mark, kSource,
                    R"(2026/11/22 04:54:03 [warn] 12#12: *7 upstream sent duplicate header line: "Date: a", previous value: "Date: b", ignored while reading response header from upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test")"},
            Message{kN, "upstream sent duplicate header line", "upstream.invalid-header", "http_protocol_error",
                    certain, failure, kSource, R"(2026/11/22 04:54:03 [error] 12#12: *7 upstream sent duplicate header line: "Content-Length: 2", previous value: "Content-Length: 5" while reading response header from upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test")"},
            Message{kN, "upstream sent \"Content-Length\" and \"Transfer-Encoding\" headers at the same time",
                    "upstream.invalid-header", "http_protocol_error", certain, failure, kSource,
                    R"(2026/11/22 04:54:03 [error] 12#12: *7 upstream sent "Content-Length" and "Transfer-Encoding" headers at the same time while reading response header from upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test")"},
            Message{kN, "upstream sent unknown \"Transfer-Encoding\"", "upstream.invalid-header",
                    "http_response_transfer_coding", certain, failure, kSource,
                    R"(2026/11/22 04:54:03 [error] 12#12: *7 upstream sent unknown "Transfer-Encoding": "foo" while reading response header from upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test")"},
            Message{kN, "upstream sent invalid chunked response", "upstream.bad-chunking",
                    "http_response_transfer_coding", certain, cut,
                    kSeen, R"(2026/11/22 04:54:03 [error] 12#12: *7 upstream sent invalid chunked response while reading upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test")"},
            Message{kN, "unexpected status code * in switching protocol", "gateway.websocket-upgrade",
                    "http_upgrade_failed", likely, failure, kSource,
                    R"(2026/11/22 04:54:03 [error] 12#12: *7 upstream sent unexpected status code 101 in switching protocol while reading response header from upstream, client: 192.0.2.7, server: a.test, request: "GET /ws HTTP/1.1", upstream: "http://127.0.0.1:81/ws", host: "a.test")"},
            // Other protocols.
            Message{kN, "upstream sent unsupported FastCGI protocol version", "upstream.wrong-protocol",
                    "http_protocol_error", certain, failure, "ngx_http_fastcgi_module.c",
                    R"(2026/11/22 04:54:03 [error] 12#12: *7 upstream sent unsupported FastCGI protocol version: 72 while reading response header from upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "fastcgi://127.0.0.1:81", host: "a.test")"},
            Message{kN, "upstream sent unexpected FastCGI", "upstream.wrong-protocol", "http_protocol_error",
                    likely, failure, "ngx_http_fastcgi_module.c",
                    R"(2026/11/22 04:54:03 [error] 12#12: *7 upstream sent unexpected FastCGI record: 3 while reading response header from upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "fastcgi://127.0.0.1:81", host: "a.test")"},
            Message{kN, "upstream sent invalid FastCGI", "upstream.wrong-protocol", "http_protocol_error",
                    likely, failure, "ngx_http_fastcgi_module.c",
                    R"(2026/11/22 04:54:03 [error] 12#12: *7 upstream sent invalid FastCGI record type: 9 while reading response header from upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "fastcgi://127.0.0.1:81", host: "a.test")"},
            Message{kN, "upstream prematurely closed FastCGI", "upstream.closed-early", "connection_terminated",
                    certain, failure, "ngx_http_fastcgi_module.c",
                    R"(2026/11/22 04:54:03 [error] 12#12: *7 upstream prematurely closed FastCGI stdout while reading response header from upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "fastcgi://127.0.0.1:81", host: "a.test")"},
            Message{kN, "FastCGI sent in stderr: *Primary script unknown", "upstream.script-not-found",
                    "http_request_error", certain, failure, kSeen, R"(2026/11/22 04:54:03 [error] 12#12: *7 FastCGI sent in stderr: "Primary script unknown" while reading response header from upstream, client: 192.0.2.7, server: a.test, request: "GET /x.php HTTP/1.1", upstream: "fastcgi://127.0.0.1:9000", host: "a.test")"},
            Message{kN, "upstream sent too large http2 frame", "upstream.wrong-protocol", "http_protocol_error",
                    certain, failure, kSeen,
                    R"(2026/11/22 04:54:03 [error] 12#12: *7 upstream sent too large http2 frame: 4740180 while reading response header from upstream, client: 192.0.2.7, server: a.test, request: "POST /x HTTP/2.0", upstream: "grpc://127.0.0.1:81", host: "a.test")"},
            Message{kN, "upstream sent invalid http2", "upstream.wrong-protocol", "http_protocol_error",
                    likely, failure, "ngx_http_grpc_module.c",
                    R"(2026/11/22 04:54:03 [error] 12#12: *7 upstream sent invalid http2 table index: 62 while reading response header from upstream, client: 192.0.2.7, server: a.test, request: "POST /x HTTP/2.0", upstream: "grpc://127.0.0.1:81", host: "a.test")"},
            Message{
                kN,
                "upstream rejected request with error", "upstream.closed-early", "http_protocol_error", likely, failure,
                "ngx_http_grpc_module.c",
                R"(2026/11/22 04:54:03 [error] 12#12: *7 upstream rejected request with error 7 while reading response header from upstream, client: 192.0.2.7, server: a.test, request: "POST /x HTTP/2.0", upstream: "grpc://127.0.0.1:81", host: "a.test")"},
            // Names.
            Message{
                kN,
                "no resolver defined to resolve", "upstream.name-not-resolved", "proxy_configuration_error", certain,
                failure, kSeen,
                R"(2026/11/22 04:54:03 [error] 12#12: *7 no resolver defined to resolve app.test, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", host: "a.test")",
                "to resolve "},
            Message{
                kN,
                "could not be resolved (110: *timed out", "upstream.name-not-resolved", "dns_timeout", certain, failure,
                kSeen,
                R"(2026/11/22 04:54:03 [error] 12#12: *7 app.test could not be resolved (110: Operation timed out), client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", host: "a.test")"},
            Message{
                kN,
                "could not be resolved (", "upstream.name-not-resolved", "dns_error", certain, failure, kSource,
                R"(2026/11/22 04:54:03 [error] 12#12: *7 app.test could not be resolved (3: Host not found), client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", host: "a.test")"},
            // The gateway's own limits.
            Message{
                kN,
                "socket() failed (24: Too many open files) while connecting to upstream", "gateway.fd-limit",
                "proxy_internal_error", certain, failure, kSeen,
                R"(2026/11/22 04:54:03 [alert] 12#12: *7 socket() failed (24: Too many open files) while connecting to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test")"},
            Message{kN, "accept4() failed (24: Too many open files)", "gateway.fd-limit", "proxy_internal_error",
                    certain, trouble, "ngx_event_accept.c",
                    R"(2026/11/22 04:54:03 [crit] 12#12: accept4() failed (24: Too many open files))"},
            Message{
                kN,
                "worker_connections are not enough while connecting to upstream", "gateway.connection-limit",
                "proxy_internal_error", certain, failure, kSeen,
                R"(2026/11/22 04:54:03 [alert] 12#12: *7 256 worker_connections are not enough while connecting to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test")"},
            Message{kN, "worker_connections are not enough", "gateway.connection-limit", "proxy_internal_error",
                    certain, trouble, kSeen,
                    R"(2026/11/22 04:54:03 [alert] 12#12: 256 worker_connections are not enough)"},
            Message{
                kN,
                "client sent too long header line", "gateway.header-limit", "http_request_error", certain, failure,
                kSeen,
                R"(2026/11/22 04:54:03 [info] 12#12: *7 client sent too long header line: "Cookie: a=b" while reading client request headers, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", host: "a.test")"},
            Message{
                kN,
                "client sent too long URI", "gateway.header-limit", "http_request_error", certain, failure,
                "ngx_http_request.c",
                R"(2026/11/22 04:54:03 [info] 12#12: *7 client sent too long URI while reading client request line, client: 192.0.2.7, server: a.test, request: "GET /x")"},
            Message{
                kN,
                "[emerg]*host not found in upstream", "gateway.config-invalid", "proxy_configuration_error", certain,
                trouble, kSeen,
                R"(2026/11/22 04:54:03 [emerg] 12#12: host not found in upstream "app.test" in /etc/nginx/nginx.conf:9)"},
            Message{kN, "[emerg]*in /", "gateway.config-invalid", "proxy_configuration_error", certain, trouble,
                    kSource,
                    R"(2026/11/22 04:54:03 [emerg] 12#12: unknown directive "proxy_pas" in /etc/nginx/nginx.conf:9)"},
            // Consequences, and what happened.
            Message{
                kN,
                "no live upstreams while connecting to upstream", "upstream.all-down", "destination_unavailable",
                certain, secondary, kSeen,
                R"(2026/11/22 04:54:03 [error] 12#12: *7 no live upstreams while connecting to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://app/x", host: "a.test")"},
            Message{
                kN,
                "upstream server temporarily disabled while", "upstream.all-down", "destination_unavailable", certain,
                mark, kSeen,
                R"(2026/11/22 04:54:03 [warn] 12#12: *7 upstream server temporarily disabled while connecting to upstream, client: 192.0.2.7, server: a.test, request: "GET /x HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test")"},
            Message{kN, "[notice]*: signal 1 (SIGHUP) received", "", "", certain, change, "ngx_process.c: a reload",
                    R"(2026/11/22 04:54:03 [notice] 12#12: signal 1 (SIGHUP) received from 90, reconfiguring)"},
            Message{kN, "[notice]*: signal 15 (SIGTERM) received", "", "", certain, change, "ngx_process.c: a stop",
                    R"(2026/11/22 04:54:03 [notice] 12#12: signal 15 (SIGTERM) received from 1, exiting)"},
            Message{kN, "[notice]*: start worker processes", "", "", certain, change,
                    "ngx_process_cycle.c: a start or reload",
                    R"(2026/11/22 04:54:03 [notice] 12#12: start worker processes)"},
};

}  // namespace

std::span<const Message> nginx_messages() {
  return kMessages;
}

}  // namespace fix502::tables
