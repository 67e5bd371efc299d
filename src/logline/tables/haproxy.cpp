// HAProxy's lines beside its traffic log, whose termination states judge.cpp reads. "seen" is 2.6.12.
#include <array>

#include "logline/message.hpp"

namespace fix502::tables {
namespace {

using enum Sureness;
using enum Weight;
constexpr std::string_view kH = "haproxy";
constexpr std::string_view kSeen = "seen: HAProxy 2.6.12";
constexpr std::string_view kManual = "HAProxy management guide, check_status";

constexpr std::array kMessages = {
    // Why a server is down. "Server b/s is DOWN, reason: ..." and "Health check for server b/s failed, reason: ...".
    Message{
        kH, "erver *reason: Layer4 connection problem, info: \"Connection refused", "upstream.connection-refused",
        "connection_refused", certain, mark, kSeen,
        R"(Nov 22 04:54:03 gw haproxy[12]: Server app/s1 is DOWN, reason: Layer4 connection problem, info: "Connection refused", check duration: 0ms. 0 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.)",
        "erver "},
    Message{
        kH, "erver *reason: Layer4 connection problem, info: \"No such file", "upstream.socket-missing",
        "connection_refused", certain, mark, kManual,
        R"(Nov 22 04:54:03 gw haproxy[12]: Health check for server app/s1 failed, reason: Layer4 connection problem, info: "No such file or directory", check duration: 0ms, status: 0/2 DOWN.)",
        "erver "},
    Message{
        kH, "erver *reason: Layer4 connection problem, info: \"No route", "upstream.unreachable",
        "destination_ip_unroutable", certain, mark, kManual,
        R"(Nov 22 04:54:03 gw haproxy[12]: Health check for server app/s1 failed, reason: Layer4 connection problem, info: "No route to host", check duration: 0ms, status: 0/2 DOWN.)",
        "erver "},
    Message{
        kH, "erver *reason: Layer4 connection problem, info: \"Network is unreachable", "upstream.unreachable",
        "destination_ip_unroutable", certain, mark, kManual,
        R"(Nov 22 04:54:03 gw haproxy[12]: Server app/s1 is DOWN, reason: Layer4 connection problem, info: "Network is unreachable", check duration: 0ms. 0 active and 0 backup servers left.)",
        "erver "},
    Message{
        kH, "erver *reason: Layer4 timeout", "upstream.connection-timeout", "connection_timeout", certain, mark,
        kManual,
        R"(Nov 22 04:54:03 gw haproxy[12]: Server app/s1 is DOWN, reason: Layer4 timeout, check duration: 2001ms. 0 active and 0 backup servers left.)",
        "erver "},
    Message{
        kH, "erver *reason: Layer6 invalid response*certificate verify failed", "upstream.certificate",
        "tls_certificate_error", certain, mark, kManual,
        R"x(Nov 22 04:54:03 gw haproxy[12]: Server app/s1 is DOWN, reason: Layer6 invalid response, info: "SSL handshake failure (error:0A000086:SSL routines::certificate verify failed)", check duration: 2ms. 0 active and 0 backup servers left.)x",
        "erver "},
    Message{
        kH, "erver *reason: Layer6 invalid response*wrong version number", "upstream.expects-plain",
        "tls_protocol_error", certain, mark, kManual,
        R"x(Nov 22 04:54:03 gw haproxy[12]: Server app/s1 is DOWN, reason: Layer6 invalid response, info: "SSL handshake failure (error:0A00010B:SSL routines::wrong version number)", check duration: 2ms. 0 active and 0 backup servers left.)x",
        "erver "},
    Message{
        kH, "erver *reason: Layer7 timeout", "upstream.read-timeout", "connection_read_timeout", likely, mark, kManual,
        R"(Nov 22 04:54:03 gw haproxy[12]: Server app/s1 is DOWN, reason: Layer7 timeout, check duration: 2001ms. 0 active and 0 backup servers left.)",
        "erver "},
    Message{
        kH, "erver *reason: Layer7 invalid response", "upstream.not-http", "http_protocol_error", likely, mark, kManual,
        R"(Nov 22 04:54:03 gw haproxy[12]: Server app/s1 is DOWN, reason: Layer7 invalid response, info: "<15>", check duration: 1ms. 0 active and 0 backup servers left.)",
        "erver "},
    Message{
        kH, "erver *is going DOWN for maintenance (DNS", "upstream.name-not-resolved", "dns_error", certain, mark,
        "src/server.c",
        R"(Nov 22 04:54:03 gw haproxy[12]: Server app/s1 is going DOWN for maintenance (DNS NX status). 0 active and 0 backup servers left.)",
        "erver "},
    Message{kH, "Connect() failed for backend*no free ports", "gateway.ephemeral-ports", "proxy_internal_error",
            certain, mark, kSeen, R"(Nov 22 04:54:03 gw haproxy[12]: Connect() failed for backend app: no free ports.)",
            "for backend "},
    Message{
        kH, "Proxy *reached process FD limit", "gateway.fd-limit", "proxy_internal_error", certain, trouble,
        "src/listener.c",
        R"(Nov 22 04:54:03 gw haproxy[12]: Proxy web reached process FD limit (maxsock=100). Please check 'ulimit-n' and restart.)"},
    Message{
        kH, "Proxy *reached*memory limit", "gateway.fd-limit", "proxy_internal_error", possible, trouble,
        "src/listener.c",
        R"(Nov 22 04:54:03 gw haproxy[12]: Proxy web reached system memory limit (maxsock=100). Please check system tunables.)"},
    Message{kH, "backend * has no server available!", "upstream.all-down", "destination_unavailable", certain, mark,
            kSeen, R"(Nov 22 04:54:03 gw haproxy[12]: backend app has no server available!)", "backend "},
    Message{
        kH, "Server *is UP, reason:", "", "", certain, change, kSeen,
        R"(Nov 22 04:54:03 gw haproxy[12]: Server app/s1 is UP, reason: Layer4 check passed, check duration: 0ms. 1 active and 0 backup servers online.)",
        "Server "},
    Message{kH, "Proxy * stopped (cumulated conns", "", "", certain, change, "src/proxy.c: a stop or reload",
            R"(Nov 22 04:54:03 gw haproxy[12]: Proxy web stopped (cumulated conns: FE: 3, BE: 0).)"},
    Message{kH, "New worker (", "", "", certain, change, "src/mworker.c: a start or reload",
            R"(Nov 22 04:54:03 gw haproxy[12]: New worker (14) forked)"},
};

}  // namespace

std::span<const Message> haproxy_messages() {
  return kMessages;
}

}  // namespace fix502::tables
