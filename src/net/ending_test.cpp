#include "net/ending.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace fix502 {
namespace {

struct EndingCase {
  const char* situation;
  Ending ending;
  Failure failure;
  Phase reached;
};

/// The stages that a transfer passes; each has what the one before it has.
Ending connecting(CURLcode code, int error) {
  Ending ending;
  ending.code = code;
  ending.os_error = error;
  return ending;
}
Ending greeting(CURLcode code, std::string_view words) {
  Ending ending;
  ending.code = code;
  ending.words = words;
  ending.connected = ending.encrypted = ending.greeting = true;
  return ending;
}
Ending waiting(CURLcode code, std::string_view words = "") {
  Ending ending;
  ending.code = code;
  ending.words = words;
  ending.connected = ending.requested = true;
  return ending;
}
Ending in_header(CURLcode code, std::string_view words = "") {
  Ending ending = waiting(code, words);
  ending.begun = true;
  return ending;
}
Ending in_body(CURLcode code, std::string_view words = "") {
  Ending ending = in_header(code, words);
  ending.header_complete = true;
  return ending;
}
Ending with(Ending ending, auto member, auto value) {
  ending.*member = value;
  return ending;
}

const EndingCase kEndingCases[] = {
    {"good", in_body(CURLE_OK), Failure::none, Phase::done},
    {"refused", connecting(CURLE_COULDNT_CONNECT, ECONNREFUSED), Failure::refused, Phase::connect},
    {"no route", connecting(CURLE_COULDNT_CONNECT, EHOSTUNREACH), Failure::unreachable, Phase::connect},
    {"no network", connecting(CURLE_COULDNT_CONNECT, ENETUNREACH), Failure::unreachable, Phase::connect},
    {"no route, another address refused", with(connecting(CURLE_COULDNT_CONNECT, ENETUNREACH), &Ending::refused, true),
     Failure::refused, Phase::connect},
    {"forbidden here", connecting(CURLE_COULDNT_CONNECT, EPERM), Failure::local_denied, Phase::connect},
    {"kernel gave up", connecting(CURLE_COULDNT_CONNECT, ETIMEDOUT), Failure::connect_timeout, Phase::connect},
    {"no answer", connecting(CURLE_OPERATION_TIMEDOUT, 0), Failure::connect_timeout, Phase::connect},
    {"no such address here", connecting(CURLE_INTERFACE_FAILED, EADDRNOTAVAIL), Failure::local_address, Phase::connect},
    {"no connection to the proxy", with(connecting(CURLE_COULDNT_CONNECT, ECONNREFUSED), &Ending::proxied, true),
     Failure::proxy_unreachable, Phase::proxy},
    {"handshake failure", with(greeting(CURLE_SSL_CONNECT_ERROR, "alert"), &Ending::alert, 40), Failure::tls_alert,
     Phase::tls},
    {"protocol version", with(greeting(CURLE_SSL_CONNECT_ERROR, "alert"), &Ending::alert, 70), Failure::tls_version,
     Phase::tls},
    {"server is too old", greeting(CURLE_SSL_CONNECT_ERROR, "error:0A000102:SSL routines::unsupported protocol"),
     Failure::tls_version, Phase::tls},
    {"plain HTTP", greeting(CURLE_SSL_CONNECT_ERROR, "error:0A00010B:SSL routines::wrong version number"),
     Failure::tls_not_tls, Phase::tls},
    {"closed", greeting(CURLE_SSL_CONNECT_ERROR, "OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection"),
     Failure::tls_closed, Phase::tls},
    {"reset", greeting(CURLE_SSL_CONNECT_ERROR, "Recv failure: Connection reset by peer"), Failure::tls_reset,
     Phase::tls},
    {"silent", greeting(CURLE_OPERATION_TIMEDOUT, "Connection timed out"), Failure::tls_timeout, Phase::tls},
    {"another TLS error", greeting(CURLE_SSL_CONNECT_ERROR, "dh key too small"), Failure::tls_failed, Phase::tls},
    {"expired", with(greeting(CURLE_PEER_FAILED_VERIFICATION, ""), &Ending::verify_error, 10), Failure::cert_expired,
     Phase::tls},
    {"early", with(greeting(CURLE_PEER_FAILED_VERIFICATION, ""), &Ending::verify_error, 9), Failure::cert_not_yet_valid,
     Phase::tls},
    {"other name", with(greeting(CURLE_PEER_FAILED_VERIFICATION, ""), &Ending::verify_error, 62), Failure::cert_name,
     Phase::tls},
    {"self-signed", with(greeting(CURLE_PEER_FAILED_VERIFICATION, ""), &Ending::verify_error, 18), Failure::cert_issuer,
     Phase::tls},
    {"revoked", with(greeting(CURLE_PEER_FAILED_VERIFICATION, ""), &Ending::verify_error, 23), Failure::cert_invalid,
     Phase::tls},
    {"certificate wanted, TLS 1.3", with(waiting(CURLE_RECV_ERROR), &Ending::alert, 116), Failure::tls_alert,
     Phase::wait},
    {"closed without a byte", waiting(CURLE_GOT_NOTHING), Failure::closed_early, Phase::wait},
    {"reset without a byte", waiting(CURLE_RECV_ERROR, "Recv failure: Connection reset by peer"), Failure::reset,
     Phase::wait},
    {"silence", waiting(CURLE_OPERATION_TIMEDOUT), Failure::response_timeout, Phase::wait},
    {"no status line", with(waiting(CURLE_WRITE_ERROR), &Ending::stop, AnswerReader::Stop::not_http), Failure::not_http,
     Phase::header},
    {"a strange version", waiting(CURLE_UNSUPPORTED_PROTOCOL), Failure::not_http, Phase::header},
    {"a broken field", in_header(CURLE_WEIRD_SERVER_REPLY), Failure::header_invalid, Phase::header},
    {"an endless line", in_header(CURLE_OUT_OF_MEMORY), Failure::header_too_large, Phase::header},
    {"endless fields", with(in_header(CURLE_WRITE_ERROR), &Ending::stop, AnswerReader::Stop::header_too_large),
     Failure::header_too_large, Phase::header},
    {"closed within the header", in_header(CURLE_OK), Failure::closed_early, Phase::header},
    {"truncated", in_body(CURLE_PARTIAL_FILE), Failure::truncated, Phase::body},
    {"reset in the body", in_body(CURLE_RECV_ERROR, "Recv failure: Connection reset by peer"), Failure::truncated,
     Phase::body},
    {"broken chunk", in_body(CURLE_RECV_ERROR, "Illegal or missing hexadecimal sequence in chunked-encoding"),
     Failure::bad_framing, Phase::body},
    {"broken gzip", in_body(CURLE_BAD_CONTENT_ENCODING), Failure::bad_coding, Phase::body},
    {"unknown coding", in_body(CURLE_BAD_CONTENT_ENCODING, "Unrecognized content encoding type."), Failure::none,
     Phase::done},
    {"stalled", with(in_body(CURLE_OPERATION_TIMEDOUT), &Ending::silent, true), Failure::stalled, Phase::body},
    {"dripping", in_body(CURLE_OPERATION_TIMEDOUT), Failure::out_of_time, Phase::body},
    {"enough read", with(in_body(CURLE_WRITE_ERROR), &Ending::stop, AnswerReader::Stop::body_full), Failure::none,
     Phase::done},
    {"stream reset", waiting(CURLE_HTTP2_STREAM), Failure::http2_error, Phase::wait},
    {"not HTTP/2", with(waiting(CURLE_GOT_NOTHING), &Ending::http2, true), Failure::http2_error, Phase::wait},
    {"an HTTP/2 server that closes", with(with(waiting(CURLE_GOT_NOTHING), &Ending::http2, true), &Ending::ended, true),
     Failure::closed_early, Phase::wait},
};

TEST(Judge, NamesEachEnding) {
  for (const auto& row : kEndingCases) {
    const EndingOutcome outcome = judge(row.ending);
    EXPECT_EQ(to_word(outcome.failure), to_word(row.failure)) << row.situation;
    EXPECT_EQ(to_word(outcome.reached), to_word(row.reached)) << row.situation;
  }
}

TEST(Judge, BlamesTheProxyForItsOwnAnswer) {
  Ending ending;
  ending.proxied = ending.connected = true;
  ending.code = CURLE_RECV_ERROR;
  ending.tunnel_status = 403;
  EXPECT_EQ(judge(ending).failure, Failure::proxy_refused_tunnel);
  EXPECT_EQ(judge(ending).reached, Phase::proxy);
  ending.tunnel_status = 0;
  ending.code = CURLE_OPERATION_TIMEDOUT;
  EXPECT_EQ(judge(ending).failure, Failure::response_timeout);
  ending.stop = AnswerReader::Stop::not_http;
  EXPECT_EQ(judge(ending).failure, Failure::proxy_refused_tunnel);
}

}  // namespace
}  // namespace fix502
