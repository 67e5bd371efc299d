#include "upstream/response_reader.hpp"

#include <gtest/gtest.h>

namespace fix502 {
namespace {

using namespace std::string_literals;
using Form = ResponseReader::Form;

Replay read(std::string_view bytes, ReadEnd end = ReadEnd::closed, Form form = Form::http,
            std::size_t piece = 1'000'000, bool to_head = false) {
  ResponseReader reader(form, to_head, {});
  while (!bytes.empty() && !reader.over()) {
    reader.take(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  Replay replay;
  reader.fill(replay, reader.over() ? ReadEnd::over : end);
  return replay;
}

struct Case {
  const char* situation;
  std::string bytes;
  ReadEnd end;
  Failure failure;
  Phase reached;
  int status;
  HeaderFlaw flaw;
  BodyEnd body_end;
};

const std::string kOk = "HTTP/1.1 200 OK\r\n";

const Case kCases[] = {
    {"by length", kOk + "Content-Length: 2\r\n\r\nhi", ReadEnd::timeout, Failure::none, Phase::done, 200,
     HeaderFlaw::none, BodyEnd::whole},
    {"nothing, closed", "", ReadEnd::closed, Failure::closed_early, Phase::wait, 0, HeaderFlaw::none, BodyEnd::none},
    {"nothing, reset", "", ReadEnd::reset, Failure::reset, Phase::wait, 0, HeaderFlaw::none, BodyEnd::none},
    {"nothing, silence", "", ReadEnd::timeout, Failure::response_timeout, Phase::wait, 0, HeaderFlaw::none,
     BodyEnd::none},
    {"closed in the header", kOk + "Server: x\r\n", ReadEnd::closed, Failure::closed_early, Phase::header, 200,
     HeaderFlaw::none, BodyEnd::none},
    {"reset in the header", kOk + "Ser", ReadEnd::reset, Failure::reset, Phase::header, 200, HeaderFlaw::no_colon,
     BodyEnd::none},
    {"silent in the header", kOk, ReadEnd::timeout, Failure::stalled, Phase::header, 200, HeaderFlaw::none,
     BodyEnd::none},
    {"short body", kOk + "Content-Length: 5\r\n\r\nhi", ReadEnd::closed, Failure::truncated, Phase::body, 200,
     HeaderFlaw::none, BodyEnd::short_of_length},
    {"short body, reset", kOk + "Content-Length: 5\r\n\r\nhi", ReadEnd::reset, Failure::truncated, Phase::body, 200,
     HeaderFlaw::none, BodyEnd::short_of_length},
    {"silent in the body", kOk + "Content-Length: 5\r\n\r\nhi", ReadEnd::timeout, Failure::stalled, Phase::body, 200,
     HeaderFlaw::none, BodyEnd::stalled},
    {"until close", kOk + "\r\nhi", ReadEnd::closed, Failure::none, Phase::done, 200, HeaderFlaw::none,
     BodyEnd::until_close},
    {"until close, reset", kOk + "\r\nhi", ReadEnd::reset, Failure::truncated, Phase::body, 200, HeaderFlaw::none,
     BodyEnd::until_close},
    {"chunks", kOk + "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", ReadEnd::timeout, Failure::none,
     Phase::done, 200, HeaderFlaw::none, BodyEnd::whole},
    {"chunks with extension and trailer", kOk + "Transfer-Encoding: chunked\r\n\r\n2;a=b\r\nhi\r\n0\r\nX: y\r\n\r\n",
     ReadEnd::timeout, Failure::none, Phase::done, 200, HeaderFlaw::none, BodyEnd::whole},
    {"no last chunk", kOk + "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n", ReadEnd::closed, Failure::truncated,
     Phase::body, 200, HeaderFlaw::none, BodyEnd::no_last_chunk},
    {"closed in a chunk", kOk + "Transfer-Encoding: chunked\r\n\r\n5\r\nhi", ReadEnd::closed, Failure::truncated,
     Phase::body, 200, HeaderFlaw::none, BodyEnd::no_last_chunk},
    {"bad size", kOk + "Transfer-Encoding: chunked\r\n\r\nzz\r\nhi", ReadEnd::closed, Failure::bad_framing, Phase::body,
     200, HeaderFlaw::none, BodyEnd::bad_chunk},
    {"bad second size", kOk + "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n-1\r\nhi", ReadEnd::closed,
     Failure::bad_framing, Phase::body, 200, HeaderFlaw::none, BodyEnd::bad_chunk},
    {"no line end behind a chunk", kOk + "Transfer-Encoding: chunked\r\n\r\n2\r\nhix\r\n", ReadEnd::closed,
     Failure::bad_framing, Phase::body, 200, HeaderFlaw::none, BodyEnd::bad_chunk},
    {"a size beyond 64 bits", kOk + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nhi", ReadEnd::closed,
     Failure::bad_framing, Phase::body, 200, HeaderFlaw::none, BodyEnd::bad_chunk},
    {"HTTP/0.9", "<html>hello</html>", ReadEnd::closed, Failure::not_http, Phase::header, 0, HeaderFlaw::no_status_line,
     BodyEnd::none},
    {"SSH", "SSH-2.0-OpenSSH_9.2\r\n", ReadEnd::timeout, Failure::not_http, Phase::header, 0,
     HeaderFlaw::no_status_line, BodyEnd::none},
    {"strange version, taken", "HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n", ReadEnd::closed, Failure::none,
     Phase::done, 200, HeaderFlaw::none, BodyEnd::whole},
    {"no version", "HTTP/abc 200 OK\r\n\r\n", ReadEnd::closed, Failure::not_http, Phase::header, 0,
     HeaderFlaw::no_status_line, BodyEnd::none},
    {"status of letters", "HTTP/1.1 abc OK\r\n\r\n", ReadEnd::closed, Failure::none, Phase::done, 0,
     HeaderFlaw::bad_status, BodyEnd::until_close},
    {"status of four", "HTTP/1.1 9999 OK\r\n\r\n", ReadEnd::closed, Failure::none, Phase::done, 0,
     HeaderFlaw::bad_status, BodyEnd::until_close},
    {"no reason is fine", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", ReadEnd::closed, Failure::none, Phase::done, 200,
     HeaderFlaw::none, BodyEnd::whole},
    {"bare LF is fine", "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", ReadEnd::closed, Failure::none, Phase::done, 200,
     HeaderFlaw::none, BodyEnd::whole},
    {"no colon", kOk + "Server\r\nContent-Length: 0\r\n\r\n", ReadEnd::closed, Failure::none, Phase::done, 200,
     HeaderFlaw::no_colon, BodyEnd::whole},
    {"space before the colon", kOk + "X-Foo : bar\r\nContent-Length: 0\r\n\r\n", ReadEnd::closed, Failure::none,
     Phase::done, 200, HeaderFlaw::space_before_colon, BodyEnd::whole},
    {"folded", kOk + "X: y\r\n z: w\r\nContent-Length: 0\r\n\r\n", ReadEnd::closed, Failure::none, Phase::done, 200,
     HeaderFlaw::bad_name, BodyEnd::whole},
    {"bad name", kOk + "X@Y: z\r\nContent-Length: 0\r\n\r\n", ReadEnd::closed, Failure::none, Phase::done, 200,
     HeaderFlaw::bad_name, BodyEnd::whole},
    {"NUL", kOk + "X: a\0b\r\nContent-Length: 0\r\n\r\n"s, ReadEnd::closed, Failure::none, Phase::done, 200,
     HeaderFlaw::bad_byte, BodyEnd::whole},
    {"a byte above ASCII is fine", kOk + "X: a\xe4\r\nContent-Length: 0\r\n\r\n", ReadEnd::closed, Failure::none,
     Phase::done, 200, HeaderFlaw::none, BodyEnd::whole},
    {"two lengths", kOk + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi", ReadEnd::closed, Failure::none,
     Phase::done, 200, HeaderFlaw::twice_length, BodyEnd::whole},
    {"length and chunks", kOk + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", ReadEnd::closed,
     Failure::none, Phase::done, 200, HeaderFlaw::length_and_chunked, BodyEnd::whole},
    {"length below zero", kOk + "Content-Length: -5\r\n\r\nhi", ReadEnd::closed, Failure::none, Phase::done, 200,
     HeaderFlaw::bad_length, BodyEnd::until_close},
    {"unknown coding", kOk + "Transfer-Encoding: foo\r\n\r\nhi", ReadEnd::closed, Failure::none, Phase::done, 200,
     HeaderFlaw::bad_coding, BodyEnd::until_close},
    {"chunked twice", kOk + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     ReadEnd::closed, Failure::none, Phase::done, 200, HeaderFlaw::bad_coding, BodyEnd::whole},
    {"gzip, then chunked", kOk + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", ReadEnd::closed, Failure::none,
     Phase::done, 200, HeaderFlaw::none, BodyEnd::whole},
    {"204 has no body", "HTTP/1.1 204 No Content\r\n\r\n", ReadEnd::timeout, Failure::none, Phase::done, 204,
     HeaderFlaw::none, BodyEnd::none},
    {"an unasked 101", "HTTP/1.1 101 Switching Protocols\r\n\r\n", ReadEnd::timeout, Failure::none, Phase::done, 101,
     HeaderFlaw::none, BodyEnd::none},
    {"early hints", "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + kOk + "Content-Length: 2\r\n\r\nhi",
     ReadEnd::timeout, Failure::none, Phase::done, 200, HeaderFlaw::none, BodyEnd::whole},
};

TEST(ResponseReader, ReadsEverythingAndSaysWhatIsWrong) {
  for (const auto& row : kCases)
    for (const std::size_t piece : {1'000'000UL, 1UL, 7UL}) {
      const Replay seen = read(row.bytes, row.end, Form::http, piece);
      EXPECT_EQ(to_word(seen.failure), to_word(row.failure)) << row.situation << " by " << piece;
      EXPECT_EQ(to_word(seen.reached), to_word(row.reached)) << row.situation << " by " << piece;
      EXPECT_EQ(seen.status.value_or(0), row.status) << row.situation << " by " << piece;
      EXPECT_EQ(to_word(seen.flaw), to_word(row.flaw)) << row.situation << " by " << piece;
      EXPECT_EQ(to_word(seen.body_end), to_word(row.body_end)) << row.situation << " by " << piece;
    }
}

TEST(ResponseReader, MeasuresTheHeader) {
  const std::string cookie = "Set-Cookie: session=" + std::string(5000, 'x') + "; Path=/\r\n";
  const std::string head = kOk + "Server: x\r\n" + cookie + "\r\n";
  const Replay seen = read(head);
  EXPECT_EQ(seen.header_bytes, head.size());
  EXPECT_EQ(seen.longest_field, cookie.size());
  EXPECT_EQ(seen.field_count, 2);
  ASSERT_NE(seen.header("set-cookie"), nullptr);
  EXPECT_EQ(*seen.header("set-cookie"), "session=<5000 bytes>; Path=/");
}

TEST(ResponseReader, StopsAtAHeaderWithoutEnd) {
  std::string head = kOk;
  while (head.size() < 2 * 1024 * 1024) head += "A: b\r\n";
  const Replay seen = read(head, ReadEnd::timeout, Form::http, 4096);
  EXPECT_EQ(seen.failure, Failure::header_too_large);
  EXPECT_EQ(seen.flaw, HeaderFlaw::never_ends);
  EXPECT_EQ(seen.headers.size(), 200U);
  EXPECT_GT(seen.header_bytes, 1'000'000U);
}

TEST(ResponseReader, StopsAtItsBoundOfBody) {
  ResponseReader reader(Form::http, false, {.max_body = 10});
  reader.take(kOk + "Content-Length: 1000\r\n\r\n" + std::string(20, 'x'));
  ASSERT_TRUE(reader.over());
  Replay seen;
  reader.fill(seen, ReadEnd::over);
  EXPECT_EQ(seen.failure, Failure::none);
  EXPECT_EQ(seen.body_end, BodyEnd::not_read);
  EXPECT_EQ(seen.announced, 1000U);
}

TEST(ResponseReader, NoticesMoreThanWasAnnounced) {
  const Replay seen = read(kOk + "Content-Length: 2\r\n\r\nhi and more");
  EXPECT_EQ(seen.failure, Failure::none);
  EXPECT_EQ(seen.body_bytes, 2U);
  EXPECT_TRUE(seen.detail.contains("9 bytes more")) << seen.detail;
}

TEST(ResponseReader, KnowsThatHeadHasNoBody) {
  EXPECT_EQ(read(kOk + "Content-Length: 2000\r\n\r\n", ReadEnd::timeout, Form::http, 9999, true).failure,
            Failure::none);
}

TEST(ResponseReader, TellsWhatElseSpeaks) {
  EXPECT_EQ(read("\x15\x03\x01\0\x02\x02\x46"s, ReadEnd::closed).looks_like, "TLS");
  EXPECT_EQ(read("\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x80"s).looks_like, "HTTP/2");
  EXPECT_EQ(read("SSH-2.0-x\r\n").looks_like, "SSH");
  EXPECT_EQ(read("<!DOCTYPE html><html>").looks_like, "HTML without a header");
  EXPECT_EQ(read("\x15\x03\x01\0\x02\x02\x46"s).first_bytes, "15 03 01 00 02 02 46");
  EXPECT_EQ(read("anything else").looks_like, "");
}

struct CgiCase {
  const char* situation;
  Form form;
  std::string bytes;
  Failure failure;
  int status;
  HeaderFlaw flaw;
};
const CgiCase kCgi[] = {
    {"no Status is 200", Form::cgi, "Content-type: text/html\r\n\r\nhi", Failure::none, 200, HeaderFlaw::none},
    {"Status", Form::cgi, "Status: 404 Not Found\r\n\r\nhi", Failure::none, 404, HeaderFlaw::none},
    {"Location alone", Form::cgi, "Location: /x\r\n\r\n", Failure::none, 302, HeaderFlaw::none},
    {"a status line is no field", Form::cgi, "HTTP/1.1 200 OK\r\nA: b\r\n\r\nhi", Failure::none, 200,
     HeaderFlaw::no_colon},
    {"uwsgi's status line", Form::either, "HTTP/1.0 500 No\r\nA: b\r\n\r\nhi", Failure::none, 500, HeaderFlaw::none},
    {"SCGI's Status", Form::either, "Status: 201 Made\r\n\r\nhi", Failure::none, 201, HeaderFlaw::none},
    {"a bad Status", Form::cgi, "Status: none\r\n\r\n", Failure::none, 200, HeaderFlaw::bad_status},
    {"words", Form::cgi, "Fatal error\r\n\r\nhi", Failure::none, 200, HeaderFlaw::no_colon},
    {"cut off", Form::cgi, "Status: 200", Failure::closed_early, 200, HeaderFlaw::none},
};

TEST(ResponseReader, ReadsCgi) {
  for (const auto& row : kCgi) {
    const Replay seen = read(row.bytes, ReadEnd::closed, row.form);
    EXPECT_EQ(to_word(seen.failure), to_word(row.failure)) << row.situation;
    EXPECT_EQ(seen.status.value_or(0), row.status) << row.situation;
    EXPECT_EQ(to_word(seen.flaw), to_word(row.flaw)) << row.situation;
  }
}

TEST(ResponseReader, ShowsNoSecrets) {
  ResponseReader reader(Form::http, false, {.max_body = 100, .secrets = {"topsecret1"}});
  reader.take(kOk + "X: topsecret1\r\nSet-Cookie : a=topsecret2\r\nContent-Length: 10\r\n\r\ntopsecret1");
  Replay seen;
  reader.fill(seen, ReadEnd::over);
  EXPECT_FALSE(to_json(seen).dump().contains("topsecret"));
}

}  // namespace
}  // namespace fix502
