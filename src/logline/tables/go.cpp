// Go's standard library (net, crypto/tls, net/http): Caddy, Traefik, cloudflared and every ReverseProxy word their
// errors with it. "seen" is Caddy 2.6.2. In JSON logs quotes stand escaped, so no pattern holds one.
#include <array>

#include "logline/message.hpp"

namespace fix502::tables {
namespace {

using enum Sureness;
using enum Weight;
constexpr std::string_view kGo = "go";
constexpr std::string_view kSeen = "seen: Caddy 2.6.2";

constexpr std::array
    kMessages =
        {
            Message{
                kGo, "dial unix *: connect: no such file or directory", "upstream.socket-missing", "connection_refused",
                certain, failure, kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"dial unix /run/app.sock: connect: no such file or directory","request":{"remote_ip":"192.0.2.7","remote_port":"5000","proto":"HTTP/1.1","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})",
                "dial unix "},
            Message{
                kGo, "dial unix *: connect: permission denied", "upstream.socket-permission",
                "proxy_configuration_error", certain, failure, kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"dial unix /run/app.sock: connect: permission denied","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})",
                "dial unix "},
            Message{
                kGo, "dial unix *: connect: connection refused", "upstream.connection-refused", "connection_refused",
                certain, failure, "net.OpError",
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"dial unix /run/app.sock: connect: connection refused","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})",
                "dial unix "},
            Message{
                kGo, "dial tcp*: lookup *: no such host", "upstream.name-not-resolved", "dns_error", certain, failure,
                kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"dial tcp: lookup app.test on 127.0.0.1:53: no such host","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})",
                "lookup "},
            Message{
                kGo, "dial tcp*: lookup *: server misbehaving", "upstream.name-not-resolved", "dns_error", certain,
                failure, kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"dial tcp: lookup app.test on 127.0.0.1:53: server misbehaving","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})",
                "lookup "},
            Message{
                kGo, "dial tcp*: lookup *: read udp*", "upstream.name-not-resolved", "dns_error", certain, failure,
                "net.dnsclient",
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"dial tcp: lookup app.test on 127.0.0.1:53: read udp 127.0.0.1:4000->127.0.0.1:53: read: connection refused","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})",
                "lookup "},
            Message{
                kGo, "dial tcp*: lookup *: dial udp", "upstream.name-not-resolved", "dns_error", certain, failure,
                kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"dial tcp: lookup app.test on 192.0.2.53:53: dial udp 192.0.2.53:53: connect: network is unreachable","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})",
                "lookup "},
            Message{
                kGo, "dial tcp*: lookup *: i/o timeout", "upstream.name-not-resolved", "dns_timeout", certain, failure,
                kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"dial tcp: lookup app.test: i/o timeout","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":5.01,"status":502})",
                "lookup "},
            Message{
                kGo, "dial tcp *: connect: connection refused", "upstream.connection-refused", "connection_refused",
                certain, failure, kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"dial tcp 127.0.0.1:81: connect: connection refused","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})",
                "dial tcp "},
            Message{
                kGo, "dial tcp *: i/o timeout", "upstream.connection-timeout", "connection_timeout", certain, failure,
                kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"dial tcp 198.51.100.9:80: i/o timeout","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":3.01,"status":502})",
                "dial tcp "},
            Message{
                kGo, "dial tcp *: connect: connection timed out", "upstream.connection-timeout", "connection_timeout",
                certain, failure, "errno 110",
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"dial tcp 198.51.100.9:80: connect: connection timed out","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":3.01,"status":502})",
                "dial tcp "},
            Message{
                kGo, "dial tcp *: connect: no route to host", "upstream.unreachable", "destination_ip_unroutable",
                certain, failure, "errno 113",
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"dial tcp 198.51.100.9:80: connect: no route to host","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":3.01,"status":502})",
                "dial tcp "},
            Message{
                kGo, "dial tcp *: connect: network is unreachable", "upstream.unreachable", "destination_ip_unroutable",
                certain, failure, "errno 101",
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"dial tcp 198.51.100.9:80: connect: network is unreachable","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})",
                "dial tcp "},
            Message{
                kGo, "dial tcp *: connect: cannot assign requested address", "gateway.ephemeral-ports",
                "proxy_internal_error", certain, failure, "errno 99",
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"dial tcp 127.0.0.1:81: connect: cannot assign requested address","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})",
                "dial tcp "},
            Message{
                kGo, "dial tcp *: connect: permission denied", "gateway.access-denied",
                "proxy_configuration_error", certain, failure, "errno 13", R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"dial tcp 127.0.0.1:81: connect: permission denied","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})",
                "dial tcp "},
            Message{
                kGo, "socket: too many open files", "gateway.fd-limit", "proxy_internal_error", certain, failure,
                "errno 24",
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"dial tcp 127.0.0.1:81: socket: too many open files","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})",
                "dial tcp "},
            // TLS.
            Message{
                kGo, "tls: first record does not look like a TLS handshake", "upstream.expects-plain",
                "tls_protocol_error", certain, failure, kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"tls: first record does not look like a TLS handshake","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})"},
            Message{
                kGo, "http: server gave HTTP response to HTTPS client", "upstream.expects-plain", "tls_protocol_error",
                certain, failure, "net/http transport.go",
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"http: server gave HTTP response to HTTPS client","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})"},
            Message{
                kGo, "x509: ", "upstream.certificate", "tls_certificate_error", certain, failure, kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"x509: certificate signed by unknown authority","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})"},
            Message{
                kGo, "remote error: tls: unrecognized name", "upstream.sni-missing", "tls_alert_received", certain,
                failure, kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"remote error: tls: unrecognized name","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})"},
            Message{
                kGo, "remote error: tls: protocol version not supported", "upstream.tls-version", "tls_alert_received",
                certain, failure, kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"remote error: tls: protocol version not supported","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})"},
            Message{
                kGo, "remote error: tls: handshake failure", "upstream.tls-version", "tls_alert_received", possible,
                failure, "crypto/tls alert.go",
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"remote error: tls: handshake failure","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})"},
            // The answer. A TLS record or an HTTP/2 frame where a status line was due shows what the port speaks.
            Message{
                kGo, R"(malformed HTTP response*x15\\x03)", "upstream.expects-tls", "http_protocol_error", certain,
                failure, kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"net/http: HTTP/1.x transport connection broken: malformed HTTP response \"\\x15\\x03\\x01\\x00\\x02\\x02F\"","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})"},
            Message{
                kGo, R"(malformed HTTP response*\"\\x00\\x00)", "upstream.wrong-protocol", "http_protocol_error",
                certain, failure, kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"net/http: HTTP/1.x transport connection broken: malformed HTTP response \"\\x00\\x00\\x06\\x04\"","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})"},
            Message{
                kGo, "malformed HTTP ", "upstream.not-http", "http_protocol_error", certain, failure, kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"net/http: HTTP/1.x transport connection broken: malformed HTTP status code \"abc\"","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})"},
            Message{kGo, "malformed MIME header",
                    "upstream.invalid-header", "http_protocol_error", certain, failure, kSeen, R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"net/http: HTTP/1.x transport connection broken: malformed MIME header: missing colon: \"X\"","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})"},
            Message{
                kGo, "message cannot contain multiple Content-Length headers", "upstream.invalid-header",
                "http_protocol_error", certain, failure, kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"http: message cannot contain multiple Content-Length headers; got [\"2\" \"5\"]","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})"},
            Message{
                kGo, "bad Content-Length", "upstream.invalid-header", "http_protocol_error", certain, failure, kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"bad Content-Length \"-5\"","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})"},
            Message{
                kGo, "unsupported transfer encoding", "upstream.invalid-header", "http_response_transfer_coding",
                certain, failure, kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"net/http: HTTP/1.x transport connection broken: unsupported transfer encoding: \"foo\"","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})"},
            Message{
                kGo, "too many transfer encodings", "upstream.invalid-header", "http_response_transfer_coding", certain,
                failure, kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"net/http: HTTP/1.x transport connection broken: too many transfer encodings: [\"chunked\" \"chunked\"]","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})"},
            Message{
                kGo, "server response headers exceeded", "upstream.header-too-large",
                "http_response_header_section_size", certain, failure, kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"net/http: HTTP/1.x transport connection broken: net/http: server response headers exceeded 8192 bytes; aborted","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})"},
            Message{
                kGo, "net/http: timeout awaiting response headers", "upstream.read-timeout", "connection_read_timeout",
                certain, failure, kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"net/http: timeout awaiting response headers","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":2.01,"status":504})"},
            Message{
                kGo, "http: server closed idle connection", "upstream.keepalive-race", "connection_terminated", certain,
                failure, "net/http transport.go",
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"http: server closed idle connection","request":{"remote_ip":"192.0.2.7","method":"POST","host":"a.test","uri":"/x"},"duration":0.01,"status":502})"},
            Message{
                kGo, "readLoopPeekFailLocked", "upstream.keepalive-race", "connection_terminated", likely, failure,
                "net/http transport.go",
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"readLoopPeekFailLocked: read tcp 127.0.0.1:4000->127.0.0.1:81: read: connection reset by peer","request":{"remote_ip":"192.0.2.7","method":"POST","host":"a.test","uri":"/x"},"duration":0.01,"status":502})",
                "->"},
            Message{
                kGo, "invalid byte in chunk length", "upstream.bad-chunking", "http_response_transfer_coding", certain,
                cut, kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.handlers.reverse_proxy","msg":"reading from backend","error":"invalid byte in chunk length"})"},
            Message{kGo, "reading from backend*i/o timeout", "upstream.read-timeout", "connection_read_timeout", certain, cut, kSeen, R"({"level":"error","ts":1795323663.4,"logger":"http.handlers.reverse_proxy","msg":"reading from backend","error":"read tcp 127.0.0.1:4000->127.0.0.1:81: i/o timeout"})",
                    "->"},
            Message{kGo, "reading from backend*unexpected EOF", "upstream.truncated", "http_response_incomplete",
                    certain, cut, kSeen,
                    R"({"level":"error","ts":1795323663.4,"logger":"http.handlers.reverse_proxy","msg":"reading from backend","error":"unexpected EOF"})"},
            Message{kGo, "reading from backend*connection reset by peer", "upstream.truncated",
                    "http_response_incomplete", certain, cut, kSeen,
                    R"({"level":"error","ts":1795323663.4,"logger":"http.handlers.reverse_proxy","msg":"reading from backend","error":"read tcp 127.0.0.1:4000->127.0.0.1:81: read: connection reset by peer"})",
                    "->"},
            Message{kGo, "aborting with incomplete response", "upstream.truncated", "http_response_incomplete",
                    likely, mark, kSeen,
                    R"({"level":"warn","ts":1795323663.4,"logger":"http.handlers.reverse_proxy","msg":"aborting with incomplete response","error":"http: nil ReadCloser"})"},
            Message{
                kGo, "transport connection broken: unexpected EOF", "upstream.truncated", "http_response_incomplete",
                certain, failure, kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"net/http: HTTP/1.x transport connection broken: unexpected EOF","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})"},
            Message{
                kGo, "http2: frame too large", "upstream.wrong-protocol", "http_protocol_error", certain, failure,
                "golang.org/x/net/http2",
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"http2: frame too large","request":{"remote_ip":"192.0.2.7","method":"POST","host":"a.test","uri":"/x"},"duration":0.01,"status":502})"},
            Message{
                kGo, "read: connection reset by peer", "upstream.closed-early", "connection_terminated", certain,
                failure, kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"read tcp 127.0.0.1:4000->127.0.0.1:81: read: connection reset by peer","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})",
                "->"},
            Message{
                kGo, "write: broken pipe", "upstream.closed-early", "connection_terminated", certain, failure,
                "errno 32",
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"write tcp 127.0.0.1:4000->127.0.0.1:81: write: broken pipe","request":{"remote_ip":"192.0.2.7","method":"POST","host":"a.test","uri":"/x"},"duration":0.01,"status":502})",
                "->"},
            Message{
                kGo, "read tcp *: i/o timeout", "upstream.read-timeout", "connection_read_timeout", certain, failure,
                kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"read tcp 127.0.0.1:4000->127.0.0.1:9000: i/o timeout","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":2.01,"status":504})",
                "->"},
            Message{
                kGo, "\"msg\":\"unexpected EOF\"", "upstream.wrong-protocol", "http_protocol_error", possible, failure,
                kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"unexpected EOF","request":{"remote_ip":"192.0.2.7","method":"POST","host":"a.test","uri":"/x"},"duration":0.01,"status":502})"},
            Message{
                kGo, "\"msg\":\"EOF\"", "upstream.closed-early", "connection_terminated", certain, failure, kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"EOF","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":502})"},
            Message{kGo, "502 Bad Gateway error=EOF", "upstream.closed-early", "connection_terminated", certain,
                    failure, "Traefik pkg/proxy/httputil/proxy.go",
                    R"(time="2026-11-22T04:54:03Z" level=debug msg="502 Bad Gateway error=EOF")"},
            // Consequences.
            Message{
                kGo, "no upstreams available", "upstream.all-down", "destination_unavailable", certain, secondary,
                kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.log.error","msg":"no upstreams available","request":{"remote_ip":"192.0.2.7","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"status":503})"},
            Message{
                kGo, "failed getting dynamic upstreams", "upstream.name-not-resolved", "dns_error", certain, mark,
                kSeen,
                R"({"level":"error","ts":1795323663.4,"logger":"http.handlers.reverse_proxy","msg":"failed getting dynamic upstreams; falling back to static upstreams","error":"lookup app.test: no such host"})",
                "lookup "},
            Message{
                "caddy", "\"logger\":\"admin.api\",\"msg\":\"received request\"*/load", "", "", certain, change,
                "caddy reload",
                R"({"level":"info","ts":1795323663.4,"logger":"admin.api","msg":"received request","method":"POST","host":"localhost:2019","uri":"/load"})"},
            Message{"caddy", "\"msg\":\"serving initial configuration\"", "", "", certain, change, "caddy start",
                    R"({"level":"info","ts":1795323663.4,"msg":"serving initial configuration"})"},
            Message{
                "caddy", "\"msg\":\"certificate obtained successfully\"", "", "", certain, change, "seen: Caddy 2.6.2",
                R"({"level":"info","ts":1795323663.4,"logger":"tls.obtain","msg":"certificate obtained successfully","identifier":"a.test"})"},
            Message{
                "caddy", "\"msg\":\"certificate renewed successfully\"", "", "", certain, change, "certmagic config.go",
                R"({"level":"info","ts":1795323663.4,"logger":"tls.renew","msg":"certificate renewed successfully","identifier":"a.test"})"},
};

}  // namespace

std::span<const Message> go_messages() {
  return kMessages;
}

}  // namespace fix502::tables
