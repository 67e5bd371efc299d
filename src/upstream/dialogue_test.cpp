#include "upstream/dialogue.hpp"

#include <gtest/gtest.h>
#include <nghttp2/nghttp2.h>

#include "upstream/wire_request.hpp"

namespace fix502 {
namespace {

using namespace std::string_literals;

/// What an answer becomes, given whole or byte by byte.
Replay answer(const UpstreamRequest& request, std::string_view bytes, ReadEnd end = ReadEnd::closed,
              std::size_t piece = 1'000'000) {
  const auto dialogue = make_dialogue(request, {});
  static_cast<void>(dialogue->opening());
  while (!bytes.empty() && !dialogue->over()) {
    dialogue->take(bytes.substr(0, piece));
    static_cast<void>(dialogue->reply());
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  Replay replay;
  dialogue->fill(replay, dialogue->over() ? ReadEnd::over : end);
  return replay;
}

UpstreamRequest speaking(Protocol protocol) {
  UpstreamRequest request;
  request.protocol = protocol;
  return request;
}

std::string record(char type, const std::string& content, std::size_t padding = 0) {
  std::string bytes = "\x01"s + type + "\0\x01"s;
  bytes += static_cast<char>(content.size() >> 8);
  bytes += static_cast<char>(content.size() & 0xFF);
  bytes += static_cast<char>(padding);
  return bytes + '\0' + content + std::string(padding, 'P');
}
const std::string kEndRequest = record(3, std::string(8, '\0'));

struct DialogueCase {
  const char* situation;
  std::string bytes;
  ReadEnd end;
  Failure failure;
  int status;
  BodyEnd body_end;
};

const DialogueCase kFastcgi[] = {
    {"a page", record(6, "Content-type: text/html\r\n\r\nphp ok\n", 3) + record(6, "") + kEndRequest, ReadEnd::timeout,
     Failure::none, 200, BodyEnd::whole},
    {"in pieces", record(6, "Status: 500 x\r\n") + record(6, "\r\nhi") + kEndRequest, ReadEnd::timeout, Failure::none,
     500, BodyEnd::whole},
    {"closed", "", ReadEnd::closed, Failure::closed_early, 0, BodyEnd::none},
    {"reset", "", ReadEnd::reset, Failure::reset, 0, BodyEnd::none},
    {"silent", "", ReadEnd::timeout, Failure::response_timeout, 0, BodyEnd::none},
    {"cut in the body", record(6, "A: b\r\n\r\nhi"), ReadEnd::closed, Failure::truncated, 200, BodyEnd::no_last_chunk},
    {"the stream ended, the request not", record(6, "A: b\r\n\r\nhi") + record(6, ""), ReadEnd::closed, Failure::none,
     200, BodyEnd::whole},
    {"short", record(6, "Content-Length: 9\r\n\r\nhi") + kEndRequest, ReadEnd::closed, Failure::truncated, 200,
     BodyEnd::short_of_length},
    {"HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n", ReadEnd::closed, Failure::not_http, 0, BodyEnd::none},
    {"a record that no application sends", record(1, "x"), ReadEnd::closed, Failure::not_http, 0, BodyEnd::none},
    {"garbage behind a record", record(6, "A: b\r\n\r\nhi") + "garbage", ReadEnd::closed, Failure::bad_framing, 200,
     BodyEnd::bad_chunk},
    {"no header at all", kEndRequest, ReadEnd::closed, Failure::closed_early, 0, BodyEnd::none},
};

TEST(FastcgiDialogue, ReadsAnswers) {
  for (const auto& row : kFastcgi)
    for (const std::size_t piece : {1'000'000UL, 1UL}) {
      const Replay seen = answer(speaking(Protocol::fastcgi), row.bytes, row.end, piece);
      EXPECT_EQ(to_word(seen.failure), to_word(row.failure)) << row.situation << " by " << piece << " " << seen.detail;
      EXPECT_EQ(seen.status.value_or(0), row.status) << row.situation;
      EXPECT_EQ(to_word(seen.body_end), to_word(row.body_end)) << row.situation << " by " << piece;
    }
}

TEST(FastcgiDialogue, KeepsTheErrorStream) {
  const Replay seen = answer(speaking(Protocol::fastcgi),
                             record(7, "Primary script unknown\n") +
                                 record(6, "Status: 404 Not Found\r\n\r\nFile not found.\n") + kEndRequest);
  EXPECT_EQ(seen.status, 404);
  EXPECT_EQ(seen.errors, "Primary script unknown\n");
  const Replay full = answer(speaking(Protocol::fastcgi), record(3, "\0\0\0\0\x02\0\0\0"s));
  EXPECT_EQ(full.detail, "the application is overloaded");
  EXPECT_EQ(answer(speaking(Protocol::fastcgi), "HTTP/1.1 400 Bad").looks_like, "HTTP");
}

std::string packet(const std::string& payload) {
  std::string bytes = "AB";
  bytes += static_cast<char>(payload.size() >> 8);
  bytes += static_cast<char>(payload.size() & 0xFF);
  return bytes + payload;
}
const std::string kPong = packet("\x09");
const std::string kHeaders = packet("\x04\0\xc8\0\x02OK\0\0\x01\xa0\x03\0\x01\x32\0"s);  // 200, Content-Length: 2

const DialogueCase kAjp[] = {
    {"a page", kPong + kHeaders + packet("\x03\0\x02hi\0"s) + packet("\x05\x01"), ReadEnd::timeout, Failure::none, 200,
     BodyEnd::whole},
    {"cut", kPong + kHeaders, ReadEnd::closed, Failure::truncated, 200, BodyEnd::no_last_chunk},
    {"silent after the header", kPong + kHeaders, ReadEnd::timeout, Failure::stalled, 200, BodyEnd::stalled},
    {"a ping alone", kPong, ReadEnd::closed, Failure::closed_early, 0, BodyEnd::none},
    {"HTTP", "HTTP/1.1 400\r\n\r\n", ReadEnd::closed, Failure::not_http, 0, BodyEnd::none},
    {"a torn header", kPong + packet("\x04\0\xc8\0\xff"s) + packet("\x05\x01"), ReadEnd::closed,
     Failure::header_invalid, 0, BodyEnd::none},
    {"a chunk longer than its packet", kPong + kHeaders + packet("\x03\xff\xf0hi"s), ReadEnd::closed,
     Failure::bad_framing, 200, BodyEnd::none},
    {"an unknown packet", kPong + packet("\x77"), ReadEnd::closed, Failure::header_invalid, 0, BodyEnd::none},
};

TEST(AjpDialogue, ReadsAnswers) {
  for (const auto& row : kAjp)
    for (const std::size_t piece : {1'000'000UL, 1UL}) {
      const Replay seen = answer(speaking(Protocol::ajp), row.bytes, row.end, piece);
      EXPECT_EQ(to_word(seen.failure), to_word(row.failure)) << row.situation << " by " << piece << " " << seen.detail;
      EXPECT_EQ(seen.status.value_or(0), row.status) << row.situation;
      EXPECT_EQ(to_word(seen.body_end), to_word(row.body_end)) << row.situation;
    }
  EXPECT_EQ(*answer(speaking(Protocol::ajp), kPong + kHeaders).header("content-length"), "2");
}

TEST(AjpDialogue, AsksWhenThePingWasAnswered) {
  const auto dialogue = make_dialogue(speaking(Protocol::ajp), {});
  EXPECT_EQ(dialogue->opening(), ajp_ping());
  dialogue->take(kPong);
  EXPECT_EQ(dialogue->reply(), ajp_request(speaking(Protocol::ajp)));
  dialogue->take(kPong);
  EXPECT_EQ(dialogue->reply(), "");
}

const std::string kSettings("\0\0\0\x04\0\0\0\0\0", 9);

/// Frames with literal fields, never indexed (RFC 7541 6.2.2), so that a test can be read.
std::string http2_headers(const std::vector<NameValue>& fields, char flags) {
  std::string block;
  for (const auto& [name, value] : fields) {
    block += '\0';
    block += static_cast<char>(name.size());
    block += name;
    block += static_cast<char>(value.size());
    block += value;
  }
  std::string bytes("\0\0", 2);
  bytes += static_cast<char>(block.size());
  return bytes + '\x01' + flags + "\0\0\0\x01"s + block;
}
std::string http2_data(const std::string& content, char flags) {
  std::string bytes("\0\0", 2);
  bytes += static_cast<char>(content.size());
  return bytes + '\0' + flags + "\0\0\0\x01"s + content;
}
std::string reset_stream(char error) {
  return "\0\0\x04\x03\0\0\0\0\x01\0\0\0"s + error;
}
std::string go_away(char error) {
  return "\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0"s + error;
}

const DialogueCase kHttp2[] = {
    {"a page", kSettings + http2_headers({{":status", "200"}}, 4) + http2_data("hi", 1), ReadEnd::timeout,
     Failure::none, 200, BodyEnd::whole},
    {"trailers", kSettings + http2_headers({{":status", "200"}}, 4) + http2_headers({{"grpc-status", "0"}}, 5),
     ReadEnd::timeout, Failure::none, 200, BodyEnd::whole},
    {"header alone", kSettings + http2_headers({{":status", "404"}}, 5), ReadEnd::timeout, Failure::none, 404,
     BodyEnd::whole},
    {"cut", kSettings + http2_headers({{":status", "200"}}, 4), ReadEnd::closed, Failure::truncated, 200,
     BodyEnd::no_last_chunk},
    {"silent in the body", kSettings + http2_headers({{":status", "200"}}, 4), ReadEnd::timeout, Failure::stalled, 200,
     BodyEnd::stalled},
    {"settings, then silence", kSettings, ReadEnd::timeout, Failure::response_timeout, 0, BodyEnd::none},
    {"reset", kSettings + reset_stream(2), ReadEnd::timeout, Failure::http2_error, 0, BodyEnd::none},
    {"goes away", kSettings + go_away(1), ReadEnd::closed, Failure::http2_error, 0, BodyEnd::none},
    {"HTTP/1", "HTTP/1.1 400 Bad Request\r\n\r\n", ReadEnd::closed, Failure::not_http, 0, BodyEnd::none},
    {"closed", "", ReadEnd::closed, Failure::closed_early, 0, BodyEnd::none},
    {"a header before the settings", http2_headers({{":status", "200"}}, 5), ReadEnd::closed, Failure::not_http, 0,
     BodyEnd::none},
};

TEST(Http2Dialogue, ReadsAnswers) {
  for (const auto& row : kHttp2)
    for (const std::size_t piece : {1'000'000UL, 1UL}) {
      const Replay seen = answer(speaking(Protocol::grpc), row.bytes, row.end, piece);
      EXPECT_EQ(to_word(seen.failure), to_word(row.failure)) << row.situation << " by " << piece << " " << seen.detail;
      EXPECT_EQ(seen.status.value_or(0), row.status) << row.situation;
      EXPECT_EQ(to_word(seen.body_end), to_word(row.body_end)) << row.situation;
    }
  EXPECT_EQ(answer(speaking(Protocol::http2), "HTTP/2.0 200 OK\r\n\r\n").looks_like, "HTTP");
}

TEST(Http2Dialogue, OpensAsNginxDoes) {
  UpstreamRequest request = speaking(Protocol::grpc);
  request.method = "POST";
  request.target = "/p.S/M";
  request.headers = {
      {"Host", "h:50051"}, {"Connection", "close"}, {"TE", "trailers"}, {"Content-Type", "application/grpc"}};
  const std::string bytes = make_dialogue(request, {})->opening();
  EXPECT_TRUE(
      bytes.starts_with("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
                        "\0\0\x12\x04\0\0\0\0\0\0\x01\0\0\0\0\0\x02\0\0\0\0\0\x04\x7f\xff\xff\xff"
                        "\0\0\x04\x08\0\0\0\0\0\x7f\xff\0\0"s));
  EXPECT_FALSE(bytes.contains("close"));
}

}  // namespace
}  // namespace fix502
