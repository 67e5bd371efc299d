#include "net/answer_reader.hpp"

#include <gtest/gtest.h>

#include <string>

namespace fix502 {
namespace {

using Stop = AnswerReader::Stop;

/// Line by line, as curl hands a header over.
bool take(AnswerReader& reader, std::string_view header) {
  while (!header.empty()) {
    const auto end = header.find('\n');
    const auto line = header.substr(0, end == header.npos ? header.npos : end + 1);
    if (!reader.take_header(line)) return false;
    header.remove_prefix(line.size());
  }
  return true;
}

HttpExchange filled(const AnswerReader& reader, const std::vector<std::string>& secrets = {}) {
  HttpExchange exchange;
  reader.fill(exchange, secrets);
  return exchange;
}

struct HeaderCase {
  std::string_view header;
  Stop stop;
  std::optional<int> status;
  std::string_view reason;
  std::size_t fields;
};

constexpr HeaderCase kHeaderCases[] = {
    {"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n", Stop::none, 200, "OK", 1},
    {"HTTP/1.1 502\r\n\r\n", Stop::none, 502, "", 0},
    {"HTTP/2 204 \r\n\r\n", Stop::none, 204, "", 0},
    {"HTTP/1.1 100 Continue\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", Stop::none, 200, "OK", 0},
    {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", Stop::none, 101, "Switching Protocols", 1},
    {"HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", Stop::none, 200, "OK", 1},
    {"HTTP/1.1 200 OK\r\nServer: x\r\n", Stop::none, {}, "", 1},  // not complete: no status yet
    {"HTTP/1.1 2000 OK\r\n", Stop::not_http, {}, "", 0},
    {"HTTP/1.1 042 OK\r\n", Stop::not_http, {}, "", 0},
    {"HTTP/1.1 abc\r\n", Stop::not_http, {}, "", 0},
    {"HTTP/1.1\r\n", Stop::not_http, {}, "", 0},
    {"SSH-2.0-x\r\n", Stop::not_http, {}, "", 0},
    {"\r\n", Stop::not_http, {}, "", 0},
    {"HTTP/1.1 200 OK\r\nno colon\r\n", Stop::header_invalid, {}, "", 0},
    {"HTTP/1.1 200 OK\r\n: no name\r\n", Stop::header_invalid, {}, "", 0},
    {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n", Stop::header_invalid, {}, "", 1},
    {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\ncontent-length: 1\r\n\r\n", Stop::none, 200, "OK", 2},
};

TEST(AnswerReader, IsContentWithASwitchThatWasAskedFor) {
  AnswerReader reader(100, true);
  EXPECT_TRUE(take(reader, "HTTP/1.1 100 Continue\r\n\r\n"));
  EXPECT_FALSE(take(reader, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"));
  EXPECT_EQ(reader.stop(), Stop::switched);
  EXPECT_TRUE(reader.header_complete());
}

TEST(AnswerReader, ReadsHeaders) {
  for (const auto& row : kHeaderCases) {
    AnswerReader reader(100);
    EXPECT_EQ(take(reader, row.header), row.stop == Stop::none) << row.header;
    const auto seen = filled(reader);
    EXPECT_EQ(reader.stop(), row.stop) << row.header;
    EXPECT_EQ(seen.status, row.status) << row.header;
    EXPECT_EQ(seen.reason, row.reason) << row.header;
    EXPECT_EQ(seen.headers.size(), row.fields) << row.header;
  }
}

TEST(AnswerReader, BoundsHeaders) {
  AnswerReader many(100);
  ASSERT_TRUE(take(many, "HTTP/1.1 200 OK\r\n"));
  int lines = 1;
  while (many.take_header("A: b\r\n")) ++lines;
  EXPECT_EQ(lines, 1000);
  EXPECT_EQ(many.stop(), Stop::header_too_large);
  EXPECT_EQ(filled(many).headers.size(), 100U);

  AnswerReader large(100);
  ASSERT_TRUE(take(large, "HTTP/1.1 200 OK\r\n"));
  const std::string line = "A: " + std::string(60'000, 'x') + "\r\n";
  EXPECT_TRUE(large.take_header(line));
  EXPECT_TRUE(large.take_header(line));
  EXPECT_FALSE(large.take_header(line));
  EXPECT_EQ(filled(large).headers.front().value.size(), 16U * 1024U);

  AnswerReader interim(100);
  while (take(interim, "HTTP/1.1 100 Continue\r\n\r\n")) continue;
  EXPECT_EQ(interim.stop(), Stop::header_too_large);
}

TEST(AnswerReader, BoundsAndDigestsBodies) {
  AnswerReader one(10), two(10), short_one(10);
  for (auto* reader : {&one, &two, &short_one}) ASSERT_TRUE(take(*reader, "HTTP/1.1 200 OK\r\n\r\n"));
  EXPECT_FALSE(one.take_body("0123456789abc"));
  EXPECT_EQ(one.stop(), Stop::body_full);
  EXPECT_TRUE(two.take_body("01234"));
  EXPECT_TRUE(two.take_body("56789"));
  EXPECT_TRUE(short_one.take_body("01234"));
  EXPECT_EQ(filled(one).body_bytes, 10U);
  EXPECT_EQ(filled(one).body_digest, filled(two).body_digest);
  EXPECT_NE(filled(one).body_digest, filled(short_one).body_digest);
  // FNV-1a 64 of "01234"; a digest must not change between versions.
  EXPECT_EQ(filled(short_one).body_digest, "c94f50a2a18afe1f");
}

TEST(AnswerReader, KeepsTheFirstBytesOfWhatIsNotHttp) {
  AnswerReader reader(1000);
  EXPECT_FALSE(reader.take_body(std::string_view("\x15\x03\x01\x00\x02\x02\x46", 7)));
  const auto seen = filled(reader);
  EXPECT_EQ(reader.stop(), Stop::not_http);
  EXPECT_EQ(seen.first_bytes, "15 03 01 00 02 02 46");
  EXPECT_EQ(seen.http_version, "0.9");
  EXPECT_EQ(seen.status, std::nullopt);
}

TEST(AnswerReader, ShowsNoSecretsAndNothingRaw) {
  AnswerReader reader(1000);
  ASSERT_TRUE(take(reader,
                   "HTTP/1.1 200 O\x1bK\r\nSet-Cookie: id=0123456789; Path=/\r\nX-Echo: you sent topsecret1\r\n"
                   "Authorization: Basic abc\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n"));
  ASSERT_TRUE(reader.take_body("your cookie is topsecret1\n\x1b[2J"));
  const auto seen = filled(reader, {"topsecret1"});
  EXPECT_EQ(*seen.header("set-cookie"), "id=<10 bytes>; Path=/");
  EXPECT_EQ(*seen.header("x-echo"), "you sent <redacted>");
  EXPECT_EQ(*seen.header("authorization"), "<9 bytes>");
  EXPECT_EQ(seen.reason, "O\xEF\xBF\xBDK");
  EXPECT_EQ(seen.body_sample, "your cookie is <redacted>\n\xEF\xBF\xBD[2J");
  ASSERT_TRUE(seen.date);
  EXPECT_EQ(seen.date->time_since_epoch().count(), 784'111'777);
  EXPECT_TRUE(seen.local);
}

}  // namespace
}  // namespace fix502
