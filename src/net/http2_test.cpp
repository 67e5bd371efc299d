// HTTP/2, by frames written by hand (RFC 9113 4.1).

#include <gtest/gtest.h>

#include "net/asking.hpp"

namespace fix502 {
namespace {

using namespace std::chrono_literals;
using test::ask;
using test::Loopback;
using test::Peer;
using test::request_to;

enum Type : char { kData = 0, kHeaders = 1, kReset = 3, kSettings = 4, kGoAway = 7 };

std::string frame(Type type, char flags, char stream, std::string_view payload) {
  std::string bytes{0, 0, static_cast<char>(payload.size()), type, flags, 0, 0, 0, stream};
  return bytes += payload;
}

int choose_http2(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered, unsigned length,
                 void*) {
  static constexpr unsigned char kHttp2[] = {2, 'h', '2'};
  auto** out = const_cast<unsigned char**>(chosen);
  return SSL_select_next_proto(out, size, kHttp2, sizeof kHttp2, offered, length) == OPENSSL_NPN_NEGOTIATED
             ? SSL_TLSEXT_ERR_OK
             : SSL_TLSEXT_ERR_NOACK;
}

/// The preface, and frames up to the request's HEADERS.
bool read_request(Peer& peer) {
  std::string bytes;
  const auto read = [&](std::size_t size) {
    bytes.clear();
    for (char c = 0; bytes.size() < size && peer.read_byte(c);) bytes += c;
    return bytes.size() == size;
  };
  if (!read(24)) return false;
  while (read(9)) {
    const char type = bytes[3];
    const auto size =
        static_cast<std::size_t>(static_cast<unsigned char>(bytes[1])) * 256 + static_cast<unsigned char>(bytes[2]);
    if (!read(size)) return false;
    if (type == kHeaders) return true;
  }
  return false;
}

const std::string kStatus200 = frame(kHeaders, 4, 1, "\x88");
const std::string kInternalError("\0\0\0\2", 4);

struct FrameCase {
  const char* situation;
  std::string bytes;
  Failure failure;
  Phase reached;
};
const FrameCase kFrames[] = {
    {"good", kStatus200 + frame(kData, 1, 1, "hello"), Failure::none, Phase::done},
    {"stream reset", frame(kReset, 0, 1, kInternalError), Failure::http2_error, Phase::wait},
    {"stream refused, and again", frame(kReset, 0, 1, std::string("\0\0\0\7", 4)), Failure::http2_error, Phase::wait},
    {"going away", frame(kGoAway, 0, 0, std::string(4, '\0') + kInternalError), Failure::http2_error, Phase::wait},
    {"HTTP/1.1", "HTTP/1.1 400 Bad Request\r\n\r\n", Failure::http2_error, Phase::wait},
    {"silent", "", Failure::response_timeout, Phase::wait},
    {"silent in the body", kStatus200 + frame(kData, 0, 1, "hello"), Failure::stalled, Phase::body},
};

TEST(Http2, SaysHowAnExchangeIsBroken) {
  const test::SelfSigned identity("DNS:shop.example");
  const auto context = identity.server();
  SSL_CTX_set_alpn_select_cb(context.get(), choose_http2, nullptr);
  for (const auto& row : kFrames) {
    const Loopback server([&](Peer& peer) {
      if (!peer.greet(context.get())) return;
      if (!read_request(peer)) return;
      peer.send(frame(kSettings, 0, 0, ""));
      if (!row.bytes.empty()) peer.send(row.bytes);
      peer.stall();
    });
    HttpRequest request = request_to(server, "https");
    request.client.http = ClientProfile::Http::any;
    request.verify_certificate = false;
    request.timeout = 300ms;
    const HttpExchange seen = ask(std::move(request));
    EXPECT_EQ(to_word(seen.failure), to_word(row.failure)) << row.situation << ": " << seen.detail;
    EXPECT_EQ(to_word(seen.reached), to_word(row.reached)) << row.situation;
    EXPECT_EQ(seen.http_version, seen.status ? "2" : "") << row.situation;
  }
}

}  // namespace
}  // namespace fix502
