#include "net/ending.hpp"

#include <cerrno>

#include "base/text.hpp"
#include "net/certificates.hpp"
#include "net/tcp_connect.hpp"

namespace fix502 {
namespace {

using Stop = AnswerReader::Stop;

constexpr CURLcode kAny = CURL_LAST;

struct StopRow {
  Stop stop;
  EndingOutcome outcome;
};
constexpr StopRow kStops[] = {
    {Stop::body_full, {Failure::none, Phase::done, ""}},
    {Stop::switched, {Failure::none, Phase::done, ""}},
    {Stop::header_too_large, {Failure::header_too_large, Phase::header, "more than 128 KiB or 1000 fields of header"}},
    {Stop::header_invalid,
     {Failure::header_invalid, Phase::header, "a field without a name, or two different lengths"}},
    {Stop::not_http, {Failure::not_http, Phase::header, "the answer does not begin with an HTTP status line"}},
};

/// The first row that fits decides. `says` is a part of curl's message (which has OpenSSL's and strerror's words);
/// `words` are ours, where curl has none to the point.
struct EndingRow {
  Phase first, last;
  CURLcode code;
  std::string_view says;
  Failure failure;
  std::string_view words;
};
constexpr EndingRow kRows[] = {
    {Phase::proxy, Phase::proxy, CURLE_OPERATION_TIMEDOUT, "", Failure::response_timeout, "the proxy is silent"},
    {Phase::proxy, Phase::proxy, kAny, "", Failure::proxy_refused_tunnel, ""},

    {Phase::tls, Phase::tls, CURLE_OPERATION_TIMEDOUT, "", Failure::tls_timeout, ""},
    {Phase::tls, Phase::tls, kAny, "Connection reset", Failure::tls_reset, ""},
    {Phase::tls, Phase::tls, CURLE_COULDNT_CONNECT, "", Failure::tls_reset, ""},
    {Phase::tls, Phase::tls, kAny, "Broken pipe", Failure::tls_reset, ""},
    {Phase::tls, Phase::tls, kAny, "SSL_ERROR_SYSCALL", Failure::tls_closed, ""},
    {Phase::tls, Phase::tls, kAny, "SSL_ERROR_ZERO_RETURN", Failure::tls_closed, ""},
    {Phase::tls, Phase::tls, kAny, "unexpected eof", Failure::tls_closed, ""},
    {Phase::tls, Phase::tls, kAny, "wrong version number", Failure::tls_not_tls, ""},
    {Phase::tls, Phase::tls, kAny, "packet length too long", Failure::tls_not_tls, ""},
    {Phase::tls, Phase::tls, kAny, "unsupported protocol", Failure::tls_version, ""},
    {Phase::tls, Phase::tls, kAny, "no protocols available", Failure::tls_version, ""},
    {Phase::tls, Phase::tls, kAny, "wrong ssl version", Failure::tls_version, ""},
    {Phase::tls, Phase::tls, kAny, "version too low", Failure::tls_version, ""},
    {Phase::tls, Phase::tls, kAny, "", Failure::tls_failed, ""},

    {Phase::wait, Phase::body, CURLE_HTTP2, "", Failure::http2_error, ""},
    {Phase::wait, Phase::body, CURLE_HTTP2_STREAM, "", Failure::http2_error, ""},
    {Phase::wait, Phase::wait, CURLE_OPERATION_TIMEDOUT, "", Failure::response_timeout, ""},
    {Phase::wait, Phase::header, kAny, "Connection reset", Failure::reset, ""},
    {Phase::wait, Phase::header, kAny, "Broken pipe", Failure::reset, ""},
    // curl asking again behind our back, which Transfer forbids.
    {Phase::wait, Phase::wait, CURLE_COULDNT_CONNECT, "", Failure::closed_early, "the kept connection was closed"},
    {Phase::wait, Phase::wait, CURLE_GOT_NOTHING, "", Failure::closed_early, ""},
    {Phase::wait, Phase::header, kAny, "before end of the underlying stream", Failure::closed_early, ""},
    {Phase::body, Phase::body, kAny, "before end of the underlying stream", Failure::truncated, ""},
    {Phase::header, Phase::header, CURLE_GOT_NOTHING, "", Failure::closed_early, "closed within the header"},
    {Phase::header, Phase::header, CURLE_OK, "", Failure::closed_early, "closed within the header"},
    // One line beyond curl's own 100 KiB.
    {Phase::header, Phase::header, CURLE_OUT_OF_MEMORY, "", Failure::header_too_large, "a line of more than 100 KiB"},
    {Phase::header, Phase::header, kAny, "Too large response headers", Failure::header_too_large, ""},
    {Phase::wait, Phase::header, CURLE_SEND_ERROR, "", Failure::closed_early, ""},
    {Phase::wait, Phase::header, CURLE_RECV_ERROR, "", Failure::closed_early, ""},
    {Phase::header, Phase::header, CURLE_WEIRD_SERVER_REPLY, "", Failure::header_invalid, ""},
    {Phase::header, Phase::header, CURLE_UNSUPPORTED_PROTOCOL, "", Failure::not_http, ""},

    {Phase::body, Phase::body, CURLE_PARTIAL_FILE, "", Failure::truncated, ""},
    // Browsers show a body whose coding they do not know as it is; "utf-8" is a frequent one.
    {Phase::body, Phase::body, CURLE_BAD_CONTENT_ENCODING, "Unrecognized content encoding", Failure::none, ""},
    {Phase::body, Phase::body, CURLE_BAD_CONTENT_ENCODING, "", Failure::bad_coding, ""},
    {Phase::body, Phase::body, kAny, "chunked-encoding", Failure::bad_framing, ""},
    {Phase::body, Phase::body, CURLE_RECV_ERROR, "", Failure::truncated, ""},
    {Phase::body, Phase::body, CURLE_SEND_ERROR, "", Failure::truncated, ""},
};

/// Codes with which curl gives up on a header before it has shown us a line of it.
bool is_about_header(CURLcode code) {
  return code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_OUT_OF_MEMORY;
}

Phase phase_of(const Ending& ending) {
  if (ending.requested) {
    if (ending.header_complete) return Phase::body;
    return ending.begun || is_about_header(ending.code) ? Phase::header : Phase::wait;
  }
  if (ending.greeting) return Phase::tls;
  if (ending.proxied) return Phase::proxy;
  // A reset can come so soon that curl takes it for the connection attempt's own failure.
  if (!ending.connected && ending.os_error != ECONNRESET) return Phase::connect;
  return ending.encrypted ? Phase::tls : Phase::wait;
}

Failure no_connection(const Ending& ending) {
  if (ending.code == CURLE_INTERFACE_FAILED) return Failure::local_address;
  if (ending.proxied) return Failure::proxy_unreachable;
  if (ending.code == CURLE_OPERATION_TIMEDOUT) return Failure::connect_timeout;
  const Failure failure = ending.os_error == 0 ? Failure::other : connect_failure(ending.os_error);
  // A refusal is the site's word; that there is no way to its other family may be no more than this network's lack.
  return ending.refused && failure == Failure::unreachable ? Failure::refused : failure;
}

/// RFC 8446 6.2: protocol_version is the one alert that names a version; handshake_failure may mean anything.
Failure alert_failure(int alert) {
  return alert == 70 ? Failure::tls_version : Failure::tls_alert;
}

}  // namespace

EndingOutcome judge(const Ending& ending) {
  if (ending.code == CURLE_OK && ending.header_complete) return {};
  const Phase reached = phase_of(ending);
  for (const auto& [stop, outcome] : kStops) {
    if (stop != ending.stop) continue;
    if (ending.requested) return outcome;
    return {Failure::proxy_refused_tunnel, Phase::proxy, "the proxy's answer to CONNECT cannot be read"};
  }
  const bool no_way = reached == Phase::connect || (reached == Phase::proxy && !ending.connected);
  if (no_way) return {no_connection(ending), reached, ""};
  // TLS 1.3 lets a server refuse the client's certificate after the client thinks that the greeting is over.
  if (ending.alert >= 0 && !ending.begun && reached >= Phase::tls) return {alert_failure(ending.alert), reached, ""};
  if (reached == Phase::tls && ending.code == CURLE_PEER_FAILED_VERIFICATION)
    return {certificate_failure(ending.verify_error), reached, ""};
  if (ending.begun && ending.requested && ending.code == CURLE_OPERATION_TIMEDOUT)
    return {ending.silent ? Failure::stalled : Failure::out_of_time, reached, ""};
  if (ending.http2 && reached == Phase::wait && ending.code == CURLE_COULDNT_CONNECT)
    return {Failure::http2_error, reached, "the stream was refused again"};
  if (ending.http2 && ending.code == CURLE_GOT_NOTHING && !ending.ended)
    return {Failure::http2_error, reached, "what came is not HTTP/2"};
  for (const EndingRow& row : kRows)
    if (row.first <= reached && reached <= row.last && (row.code == kAny || row.code == ending.code) &&
        (row.says.empty() || contains_ignoring_case(ending.words, row.says)))
      return {row.failure, row.failure == Failure::none ? Phase::done : reached, row.words};
  return {Failure::other, reached, ""};
}

}  // namespace fix502
