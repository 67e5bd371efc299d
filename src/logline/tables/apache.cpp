// Apache httpd's error log (mod_proxy and its schemes). "seen" is 2.4.
#include <array>

#include "logline/message.hpp"

namespace fix502::tables {
namespace {

using enum Sureness;
using enum Weight;
constexpr std::string_view kA = "apache";
constexpr std::string_view kSeen = "seen: Apache httpd 2.4";
constexpr std::string_view kSource = "modules/proxy/proxy_util.c";

// A failed request writes two or three lines of these. The row that stands first here explains it; the later ones
// ("failed to make connection to backend") only say that it failed.
constexpr std::array kMessages =
    {
        Message{
            kA, "(2)No such file or directory: AH02454:", "upstream.socket-missing", "connection_refused", certain,
            failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy:error] [pid 12:tid 13] (2)No such file or directory: AH02454: FCGI: attempt to connect to Unix domain socket /run/app.sock (*:8000) failed)",
            "Unix domain socket "},
        Message{
            kA, "(13)Permission denied: AH02454:", "upstream.socket-permission", "proxy_configuration_error", certain,
            failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy:error] [pid 12:tid 13] (13)Permission denied: AH02454: FCGI: attempt to connect to Unix domain socket /run/app.sock (*:8000) failed)",
            "Unix domain socket "},
        Message{
            kA, "(11)Resource temporarily unavailable: AH02454:", "upstream.backlog-full", "connection_limit_reached",
            certain, failure, kSource,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy:error] [pid 12:tid 13] (11)Resource temporarily unavailable: AH02454: FCGI: attempt to connect to Unix domain socket /run/app.sock (*:8000) failed)",
            "Unix domain socket "},
        Message{
            kA, "(111)Connection refused: AH02454:", "upstream.connection-refused", "connection_refused", certain,
            failure, kSource,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy:error] [pid 12:tid 13] (111)Connection refused: AH02454: FCGI: attempt to connect to Unix domain socket /run/app.sock (*:8000) failed)",
            "Unix domain socket "},
        Message{
            kA, "(111)Connection refused: *attempt to connect to", "upstream.connection-refused", "connection_refused",
            certain, failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy:error] [pid 12:tid 13] (111)Connection refused: AH00957: http: attempt to connect to 127.0.0.1:81 (127.0.0.1:81) failed)",
            "attempt to connect to "},
        Message{
            kA, "(70007)The timeout specified has expired: *attempt to connect to", "upstream.connection-timeout",
            "connection_timeout", certain, failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy:error] [pid 12:tid 13] (70007)The timeout specified has expired: AH00957: http: attempt to connect to 198.51.100.9:80 (198.51.100.9:80) failed)",
            "attempt to connect to "},
        Message{
            kA, "(110)Connection timed out: *attempt to connect to", "upstream.connection-timeout",
            "connection_timeout", certain, failure, kSource,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy:error] [pid 12:tid 13] (110)Connection timed out: AH00957: http: attempt to connect to 198.51.100.9:80 (198.51.100.9:80) failed)",
            "attempt to connect to "},
        Message{
            kA, "(101)Network is unreachable: *attempt to connect to", "upstream.unreachable",
            "destination_ip_unroutable", certain, failure, kSource,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy:error] [pid 12:tid 13] (101)Network is unreachable: AH00957: http: attempt to connect to 198.51.100.9:80 (198.51.100.9:80) failed)",
            "attempt to connect to "},
        Message{
            kA, "(113)No route to host: *attempt to connect to", "upstream.unreachable", "destination_ip_unroutable",
            certain, failure, kSource,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy:error] [pid 12:tid 13] (113)No route to host: AH00957: http: attempt to connect to 198.51.100.9:80 (198.51.100.9:80) failed)",
            "attempt to connect to "},
        Message{
            kA, "(13)Permission denied: *attempt to connect to", "gateway.access-denied", "proxy_configuration_error",
            certain, failure, "SELinux: httpd_can_network_connect",
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy:error] [pid 12:tid 13] (13)Permission denied: AH00957: http: attempt to connect to 127.0.0.1:81 (127.0.0.1:81) failed)",
            "attempt to connect to "},
        Message{
            kA, "(99)Cannot assign requested address: *attempt to connect to", "gateway.ephemeral-ports",
            "proxy_internal_error", certain, failure, kSource,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy:error] [pid 12:tid 13] (99)Cannot assign requested address: AH00957: http: attempt to connect to 127.0.0.1:81 (127.0.0.1:81) failed)",
            "attempt to connect to "},
        Message{
            kA, "DNS lookup failure for:", "upstream.name-not-resolved", "dns_error", certain, failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy:error] [pid 12:tid 13] (EAI 2)Name or service not known: [client 192.0.2.7:5000] AH00898: DNS lookup failure for: app.test returned by /x)",
            "failure for: "},
        // TLS; the reason stands at level info only.
        Message{
            kA, "SSL Library Error: *wrong version number", "upstream.expects-plain", "tls_protocol_error", certain,
            failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [ssl:info] [pid 12:tid 13] SSL Library Error: error:0A00010B:SSL routines::wrong version number)"},
        Message{
            kA, "SSL Library Error: *SSL alert number 112", "upstream.sni-missing", "tls_alert_received", certain,
            failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [ssl:info] [pid 12:tid 13] SSL Library Error: error:0A000458:SSL routines::tlsv1 unrecognized name (SSL alert number 112))"},
        Message{
            kA, "SSL Library Error: *SSL alert number 70", "upstream.tls-version", "tls_alert_received", certain,
            failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [ssl:info] [pid 12:tid 13] SSL Library Error: error:0A00042E:SSL routines::tlsv1 alert protocol version (SSL alert number 70))"},
        Message{
            kA, "SSL Library Error: *SSL alert number 40", "upstream.tls-version", "tls_alert_received", possible,
            failure, "RFC 8446 6.2",
            R"([Sun Nov 22 04:54:03.123456 2026] [ssl:info] [pid 12:tid 13] SSL Library Error: error:0A000410:SSL routines::sslv3 alert handshake failure (SSL alert number 40))"},
        Message{
            kA, "AH02276: Certificate Verification: Error (", "upstream.certificate", "tls_certificate_error", certain,
            failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [ssl:info] [pid 12:tid 13] [remote 127.0.0.1:81] AH02276: Certificate Verification: Error (10): certificate has expired [subject: CN=a])",
            "[remote "},
        Message{
            kA, "SSL Library Error: *certificate verify failed", "upstream.certificate", "tls_certificate_error",
            certain, failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [ssl:info] [pid 12:tid 13] SSL Library Error: error:0A000086:SSL routines::certificate verify failed)"},
        Message{
            kA, "AH02411: SSL Proxy: Peer certificate does not match", "upstream.certificate", "tls_certificate_error",
            certain, failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [ssl:info] [pid 12:tid 13] [remote 127.0.0.1:81] AH02411: SSL Proxy: Peer certificate does not match for hostname a.test)",
            "[remote "},
        Message{
            kA, "AH00961: *failed to enable ssl support for", "gateway.config-invalid", "proxy_configuration_error",
            certain, failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy:error] [pid 12:tid 13] AH00961: https: failed to enable ssl support for 127.0.0.1:81 (127.0.0.1))",
            "support for "},
        Message{
            kA, "No protocol handler was valid for the URL", "gateway.config-invalid", "proxy_configuration_error",
            certain, failure, "modules/proxy/mod_proxy.c",
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy:warn] [pid 12:tid 13] [client 192.0.2.7:5000] AH01144: No protocol handler was valid for the URL /x (scheme 'fcgi'). If you are using a DSO version of mod_proxy, make sure the proxy submodules are included in the configuration using LoadModule.)"},
        // The answer.
        Message{
            kA, "(70007)The timeout specified has expired: *AH01102:", "upstream.read-timeout",
            "connection_read_timeout", certain, failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy_http:error] [pid 12:tid 13] (70007)The timeout specified has expired: [client 192.0.2.7:5000] AH01102: error reading status line from remote server 127.0.0.1:81)",
            "remote server "},
        Message{
            kA, "(70007)The timeout specified has expired: *AH01075:", "upstream.read-timeout",
            "connection_read_timeout", certain, failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy_fcgi:error] [pid 12:tid 13] (70007)The timeout specified has expired: [client 192.0.2.7:5000] AH01075: Error dispatching request to :9000: (polling))",
            "request to "},
        Message{
            kA, "AH01030: ajp_ilink_receive() can't receive header", "upstream.read-timeout", "connection_read_timeout",
            possible, failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy_ajp:error] [pid 12:tid 13] (70007)The timeout specified has expired: AH01030: ajp_ilink_receive() can't receive header)"},
        Message{
            kA, "(104)Connection reset by peer: *AH01102:", "upstream.closed-early", "connection_terminated", certain,
            failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy_http:error] [pid 12:tid 13] (104)Connection reset by peer: [client 192.0.2.7:5000] AH01102: error reading status line from remote server 127.0.0.1:81)",
            "remote server "},
        Message{
            kA, "(20014)Internal error*AH01102:",
            "upstream.closed-early", "connection_terminated", certain, failure, kSeen, R"([Sun Nov 22 04:54:03.123456 2026] [proxy_http:error] [pid 12:tid 13] (20014)Internal error (specific information not available): [client 192.0.2.7:5000] AH01102: error reading status line from remote server 127.0.0.1:81)",
            "remote server "},
        Message{
            kA, "(70014)End of file found: *AH01102:", "upstream.not-http", "http_protocol_error", likely, failure,
            kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy_http:error] [pid 12:tid 13] (70014)End of file found: [client 192.0.2.7:5000] AH01102: error reading status line from remote server 127.0.0.1:81)",
            "remote server "},
        Message{
            kA, "(22)Invalid argument: *AH01102:", "upstream.not-http", "http_protocol_error", likely, failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy_http:error] [pid 12:tid 13] (22)Invalid argument: [client 192.0.2.7:5000] AH01102: error reading status line from remote server 127.0.0.1:81)",
            "remote server "},
        Message{
            kA, "AH00898: Corrupt status line returned by remote server", "upstream.not-http", "http_protocol_error",
            certain, failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy:error] [pid 12:tid 13] [client 192.0.2.7:5000] AH00898: Corrupt status line returned by remote server: HTTP/9.9 200 OK returned by /x)"},
        Message{
            kA, "AH00898: Unexpected Upgrade:", "gateway.websocket-upgrade", "http_upgrade_failed", certain, failure,
            kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy:error] [pid 12:tid 13] [client 192.0.2.7:5000] AH00898: Unexpected Upgrade: websocket (expecting n/a) returned by /ws)"},
        Message{
            kA, "AH10124: header size is over the limit allowed by ResponseFieldSize", "upstream.header-too-large",
            "http_response_header_size", certain, failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy_http:error] [pid 12:tid 13] (28)No space left on device: [client 192.0.2.7:5000] AH10124: header size is over the limit allowed by ResponseFieldSize (8192 bytes). Bad response header: 'Set-Cookie: aaaa')"},
        Message{
            kA, "(70014)End of file found: *AH10404:", "upstream.truncated", "http_response_incomplete", certain,
            failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy_http:error] [pid 12:tid 13] (70014)End of file found: [client 192.0.2.7:5000] AH10404: Error reading headers from backend)"},
        Message{
            kA, "(104)Connection reset by peer: *AH10404:", "upstream.truncated", "http_response_incomplete", certain,
            failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy_http:error] [pid 12:tid 13] (104)Connection reset by peer: [client 192.0.2.7:5000] AH10404: Error reading headers from backend)"},
        Message{
            kA, "AH02429: Response header name", "upstream.invalid-header", "http_protocol_error", certain, failure,
            kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [http:error] [pid 12:tid 13] [client 192.0.2.7:5000] AH02429: Response header name 'X-Foo ' contains invalid characters, aborting request)"},
        Message{
            kA, "AH01106: bad HTTP/", "upstream.invalid-header", "http_protocol_error", certain, failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy_http:error] [pid 12:tid 13] [client 192.0.2.7:5000] AH01106: bad HTTP/1.1 header returned by /x (GET))"},
        Message{
            kA, "AH01587: Invalid Content-Length", "upstream.invalid-header", "http_protocol_error", certain, failure,
            kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [http:error] [pid 12:tid 13] [client 192.0.2.7:5000] AH01587: Invalid Content-Length)"},
        Message{
            kA, "AH01590: Error reading/parsing chunk", "upstream.bad-chunking", "http_response_transfer_coding",
            certain, cut, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [http:info] [pid 12:tid 13] (20014)Internal error (specific information not available): [client 192.0.2.7:5000] AH01590: Error reading/parsing chunk)"},
        Message{
            kA, "(20014)Internal error*AH01110:", "upstream.bad-chunking", "http_response_transfer_coding", likely, cut,
            kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy_http:error] [pid 12:tid 13] (20014)Internal error (specific information not available): [client 192.0.2.7:5000] AH01110: error reading response)"},
        Message{
            kA, "(70007)The timeout specified has expired: *AH01110:", "upstream.read-timeout",
            "connection_read_timeout", certain, cut, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy_http:error] [pid 12:tid 13] (70007)The timeout specified has expired: [client 192.0.2.7:5000] AH01110: error reading response)"},
        Message{
            kA, "AH01110: error reading response", "upstream.truncated", "http_response_incomplete", certain, cut,
            kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy_http:error] [pid 12:tid 13] (70008)Partial results are valid but processing is incomplete: [client 192.0.2.7:5000] AH01110: error reading response)"},
        // FastCGI.
        Message{
            kA, "AH01071: Got error 'Primary script unknown", "upstream.script-not-found", "http_request_error",
            certain, failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy_fcgi:error] [pid 12:tid 13] [client 192.0.2.7:5000] AH01071: Got error 'Primary script unknown')"},
        Message{
            kA, "AH01070: Error parsing script headers", "upstream.header-too-large",
            "http_response_header_section_size", likely, failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy_fcgi:error] [pid 12:tid 13] [client 192.0.2.7:5000] AH01070: Error parsing script headers)"},
        Message{
            kA, "AH01067: Failed to read FastCGI header", "upstream.closed-early", "connection_terminated", certain,
            failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy_fcgi:error] [pid 12:tid 13] [client 192.0.2.7:5000] AH01067: Failed to read FastCGI header)"},
        Message{
            kA, "(104)Connection reset by peer: *AH01075:", "upstream.closed-early", "connection_terminated", certain,
            failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy_fcgi:error] [pid 12:tid 13] (104)Connection reset by peer: [client 192.0.2.7:5000] AH01075: Error dispatching request to :9000: )",
            "request to "},
        // Limits.
        Message{
            kA, "AH00484: server reached MaxRequestWorkers", "gateway.connection-limit", "connection_limit_reached",
            certain, trouble, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [mpm_event:error] [pid 12:tid 13] AH00484: server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting)"},
        Message{
            kA, "(24)Too many open files:", "gateway.fd-limit", "proxy_internal_error", certain, failure, "errno 24",
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy:error] [pid 12:tid 13] (24)Too many open files: AH00952: HTTP: error creating fam 2 socket for target 127.0.0.1:81)",
            "for target "},
        Message{
            kA, "AH00561: Request header exceeds LimitRequestFieldSize", "gateway.header-limit", "http_request_error",
            certain, failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [core:info] [pid 12:tid 13] [client 192.0.2.7:5000] AH00561: Request header exceeds LimitRequestFieldSize: Cookie)"},
        // Consequences; none of these is the reason.
        Message{
            kA, "AH00940: *disabled connection for", "upstream.all-down", "destination_unavailable", certain, secondary,
            kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy:error] [pid 12:tid 13] AH00940: http: disabled connection for (127.0.0.1:81))",
            "connection for "},
        Message{
            kA, "All workers are in error state", "upstream.all-down", "destination_unavailable", certain, secondary,
            "modules/proxy/mod_proxy_balancer.c",
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy_balancer:error] [pid 12:tid 13] [client 192.0.2.7:5000] AH01167: balancer://app: All workers are in error state for route (a))",
            "AH01167: "},
        Message{
            kA, "AH00959: *disabling worker for", "upstream.all-down", "destination_unavailable", certain, mark, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy:error] [pid 12:tid 13] AH00959: ap_proxy_connect_backend disabling worker for (127.0.0.1:81) for 60s)",
            "worker for "},
        Message{
            kA, "failed to make connection to backend", "upstream.connection-refused", "connection_refused", possible,
            secondary, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy_http:error] [pid 12:tid 13] [client 192.0.2.7:5000] AH01114: HTTP: failed to make connection to backend: 127.0.0.1)"},
        Message{
            kA,
            "AH00898: Error during SSL Handshake with remote server", "upstream.certificate", "tls_protocol_error", possible, failure, kSeen, R"([Sun Nov 22 04:54:03.123456 2026] [proxy:error] [pid 12:tid 13] [client 192.0.2.7:5000] AH00898: Error during SSL Handshake with remote server returned by /x)"},
        Message{
            kA,
            "AH00898: Error reading from remote server", "upstream.closed-early", "connection_terminated", possible,
            failure, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy:error] [pid 12:tid 13] [client 192.0.2.7:5000] AH00898: Error reading from remote server returned by /x)"},
        Message{
            kA,
            "AH01097: pass request body failed", "upstream.certificate", "tls_protocol_error", possible, mark, kSeen,
            R"([Sun Nov 22 04:54:03.123456 2026] [proxy_http:error] [pid 12:tid 13] [client 192.0.2.7:5000] AH01097: pass request body failed to 127.0.0.1:81 (127.0.0.1) from 192.0.2.7 ())",
            "failed to "},
        Message{
            kA,
            "AH00489: ", "", "", certain, change, "server/mpm: started or reloaded",
            R"([Sun Nov 22 04:54:03.123456 2026] [mpm_event:notice] [pid 12:tid 12] AH00489: Apache/2.4.62 (Debian) configured -- resuming normal operations)"},
        Message{
            kA,
            "AH00493: ", "", "", certain, change, "server/mpm: SIGUSR1, a graceful restart",
            R"([Sun Nov 22 04:54:03.123456 2026] [mpm_event:notice] [pid 12:tid 12] AH00493: SIGUSR1 received.  Doing graceful restart)"},
        Message{
            kA,
            "AH10059: ", "", "", certain, change, "mod_md: a certificate, used from the next restart on",
            R"([Sun Nov 22 04:54:03.123456 2026] [md:notice] [pid 12:tid 12] AH10059: The Managed Domain a.test has been setup and changes will be activated on next (graceful) server restart.)"},
};

}  // namespace

std::span<const Message> apache_messages() {
  return kMessages;
}

}  // namespace fix502::tables
