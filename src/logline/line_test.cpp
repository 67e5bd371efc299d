#include "logline/line.hpp"

#include <gtest/gtest.h>

namespace fix502 {
namespace {

const FixedZone kUtc;
const Clock kClock{kUtc, WallTime(std::chrono::seconds(1795323243))};

Reading read(std::string_view line, Record& record, Arena& arena, LineContext context = {kClock, {}}) {
  return read_line(line, context, arena, record);
}

TEST(Formats, EachReadsItsOwnSample) {
  for (const Format& format : formats()) {
    const auto layout = Layout::compile(format.layout);
    ASSERT_TRUE(layout) << format.name << ": " << layout.error().message();
    Record record;
    EXPECT_TRUE(layout->parse(format.sample, kClock, record)) << format.name;
    EXPECT_EQ(record.at.time_since_epoch().count() / 1000, 1795323) << format.name;
  }
}

TEST(Formats, NoEarlierOneTakesALaterOnesSample) {
  for (const Format& format : formats()) {
    Arena arena;
    Record record;
    ASSERT_EQ(read(format.sample, record, arena), Reading::known) << format.name;
    EXPECT_EQ(record.gateway, format.gateway) << format.name;
    EXPECT_TRUE(record.role == Role::access) << format.name;
  }
}

TEST(Formats, ATornLineIsOfNone) {
  for (const Format& format : formats()) {
    const auto layout = Layout::compile(format.layout);
    Record record;
    EXPECT_FALSE(layout->parse(format.sample.substr(0, format.sample.size() / 3), kClock, record)) << format.name;
  }
}

struct Access {
  std::string_view line;
  std::string_view gateway, client, url, host, upstream;
  int status;
};

TEST(Line, AccessLines) {
  constexpr Access kLines[] = {
      {R"(192.0.2.7 - - [22/Nov/2026:04:54:03 +0000] "GET /x?a=\"b HTTP/1.1" 502 157 "-" "a \" 503 b")", "",
       "192.0.2.7", R"(/x?a=\"b)", "", "", 502},
      {R"(Nov 22 04:54:03 gw haproxy[12]: 192.0.2.7:5000 [22/Nov/2026:04:54:03.123] web~ app/s1 0/0/0/-1/5 502 217 - - SH-- 1/1/0/0/0 0/0 {a.test|curl} {} "GET /x HTTP/1.1")",
       "haproxy", "192.0.2.7", "/x", "", "app/s1", 502},
      {R"({"level":"error","ts":1795323243.4,"logger":"http.log.access.log0","msg":"handled request","request":{"remote_ip":"192.0.2.7","remote_port":"5000","method":"GET","host":"a.test","uri":"/x"},"duration":0.01,"size":0,"status":502})",
       "caddy", "192.0.2.7", "/x", "a.test", "", 502},
      {R"({"ClientHost":"192.0.2.7","DownstreamStatus":502,"OriginStatus":502,"OriginContentSize":11,"RequestMethod":"GET","RequestPath":"/x","RequestHost":"a.test","ServiceAddr":"127.0.0.1:81","StartUTC":"2026-11-22T04:54:03.1Z"})",
       "traefik", "192.0.2.7", "/x", "a.test", "127.0.0.1:81", 502},
      {R"({"EdgeResponseStatus":522,"OriginResponseStatus":0,"OriginIP":"198.51.100.1","ClientIP":"192.0.2.7","ClientRequestURI":"/x","ClientRequestHost":"a.test","EdgeStartTimestamp":"2026-11-22T04:54:03Z"})",
       "cloudflare", "192.0.2.7", "/x", "a.test", "198.51.100.1", 522},
      {R"({"start_time":"2026-11-22T04:54:03.1Z","method":"GET","path":"/x","response_code":503,"response_flags":"UF","upstream_host":"127.0.0.1:81","authority":"a.test"})",
       "envoy", "", "/x", "a.test", "127.0.0.1:81", 503},
      {R"({"log":"192.0.2.7 - - [22/Nov/2026:04:54:03 +0000] \"GET /x HTTP/1.1\" 502 157 \"-\" \"curl\"\n","stream":"stdout","time":"2026-11-22T04:54:03.2Z"})",
       "", "192.0.2.7", "/x", "", "", 502},
      {R"(2026-11-22T04:54:03.1Z stdout F 192.0.2.7 - - [22/Nov/2026:04:54:03 +0000] "GET /x HTTP/1.1" 504 157 "-" "curl")",
       "", "192.0.2.7", "/x", "", "", 504},
  };
  for (const Access& c : kLines) {
    Arena arena;
    Record record;
    ASSERT_EQ(read(c.line, record, arena), Reading::known) << c.line;
    EXPECT_TRUE(record.role == Role::access) << c.line;
    EXPECT_EQ(record.gateway, c.gateway) << c.line;
    EXPECT_EQ(record.client, c.client) << c.line;
    EXPECT_EQ(record.url, c.url) << c.line;
    EXPECT_EQ(record.host, c.host) << c.line;
    EXPECT_EQ(record.upstream, c.upstream) << c.line;
    EXPECT_EQ(record.status, c.status) << c.line;
    EXPECT_EQ(record.at.time_since_epoch().count(), 1795323243) << c.line;
  }
}

TEST(Line, EveryMessagesSampleIsReadAsItsProgramsLine) {
  for (const Message& message : messages()) {
    if (message.program == "envoy" || message.program == "h2o" || message.program == "varnish")
      continue;  // no lines of their own
    Arena arena;
    Record record;
    ASSERT_EQ(read(message.sample, record, arena), Reading::known) << message.sample;
    ASSERT_NE(record.message, nullptr) << message.sample;
    EXPECT_EQ(record.message->pattern, message.pattern) << message.sample;
    EXPECT_TRUE(message.upstream_after.empty() || !record.upstream.empty()) << message.sample;
  }
}

TEST(Line, AnNginxErrorIsTakenApart) {
  Arena arena;
  Record record;
  ASSERT_EQ(
      read(
          R"(2026/11/22 04:54:03 [error] 12#12: *7 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.7, server: a.test, request: "GET /x?u=, upstream: "http://evil/" HTTP/1.1", upstream: "http://127.0.0.1:81/x", host: "a.test:8080")",
          record, arena),
      Reading::known);
  EXPECT_EQ(record.client, "192.0.2.7");
  EXPECT_EQ(record.host, "a.test");
  EXPECT_EQ(record.upstream, "127.0.0.1:81");
  EXPECT_EQ(record.connection, "7");
}

TEST(Line, UnknownAndInnocent) {
  Arena arena;
  Record record;
  EXPECT_EQ(read("hello", record, arena), Reading::unknown);
  EXPECT_EQ(read("", record, arena), Reading::innocent);
  EXPECT_EQ(read(R"(2026/11/22 04:54:03 [info] 12#12: *7 client closed keepalive connection)", record, arena),
            Reading::innocent);
  EXPECT_EQ(read("{\"a\":", record, arena), Reading::unknown);
  EXPECT_EQ(read(std::string(1'000'000, '['), record, arena), Reading::unknown);
  EXPECT_EQ(read(std::string(300'000, '{'), record, arena), Reading::unknown);
}

TEST(CustomLayout, OfNginxConfiguration) {
  const auto layout = layout_of_nginx(
      "log_format up '$remote_addr [$time_local] \"$request\" $status '\n  'ua=$upstream_addr us=$upstream_status "
      "uct=$upstream_connect_time uht=$upstream_header_time ubr=$upstream_bytes_received';");
  ASSERT_TRUE(layout) << layout.error().message();
  Record record;
  ASSERT_TRUE(layout->parse(
      R"(192.0.2.7 [22/Nov/2026:04:54:03 +0000] "GET /x HTTP/1.1" 502 ua=127.0.0.1:98, 127.0.0.1:97 us=502, 502 uct=-, 0.001 uht=-, - ubr=0, 17)",
      kClock, record));
  EXPECT_EQ(record.upstream, "127.0.0.1:98, 127.0.0.1:97");
  EXPECT_EQ(record.upstream_status, "502, 502");
  EXPECT_EQ(record.connect_time, 0.001);
  EXPECT_TRUE(record.has_header_time);
  EXPECT_EQ(record.header_time, std::nullopt);
  EXPECT_EQ(record.received, 17);
  EXPECT_EQ(layout->before_status(), "\" ");
}

TEST(CustomLayout, OfNginxJson) {
  const auto layout =
      layout_of_nginx(R"(escape=json '{"t":"$time_iso8601","s":$status,"r":"$request","u":"$upstream_addr"}')");
  ASSERT_TRUE(layout) << layout.error().message();
  Record record;
  ASSERT_TRUE(layout->parse(R"({"t":"2026-11-22T04:54:03+00:00","s":502,"r":"GET /x HTTP/1.1","u":"127.0.0.1:81"})",
                            kClock, record));
  EXPECT_EQ(record.status, 502);
  EXPECT_EQ(record.upstream, "127.0.0.1:81");
}

TEST(CustomLayout, OfApacheConfiguration) {
  const auto layout =
      layout_of_apache(R"("%v:%p %h %l %u %t \"%r\" %>s %O \"%{Referer}i\" %D %{BALANCER_WORKER_NAME}e")");
  ASSERT_TRUE(layout) << layout.error().message();
  Record record;
  ASSERT_TRUE(layout->parse(
      R"(a.test:80 192.0.2.7 - - [22/Nov/2026:04:54:03 +0000] "GET /x HTTP/1.1" 503 400 "-" 1234 http://127.0.0.1:81)",
      kClock, record));
  EXPECT_EQ(record.host, "a.test");
  EXPECT_EQ(record.status, 503);
  EXPECT_EQ(record.upstream, "http://127.0.0.1:81");
}

TEST(CustomLayout, OutOfLinesAlone) {
  const std::vector<std::string_view> lines = {
      R"(192.0.2.7 - - [22/Nov/2026:04:54:03 +0000] "GET /a HTTP/1.1" 200 15 "-" "curl" "-" 127.0.0.1:81 200 0.003)",
      R"(192.0.2.8 - - [22/Nov/2026:04:54:04 +0000] "GET /b HTTP/1.1" 502 157 "-" "curl" "-" 127.0.0.1:81, 127.0.0.1:82 502, 502 0.001)",
      R"(192.0.2.9 - - [22/Nov/2026:04:54:05 +0000] "GET /c HTTP/1.1" 301 15 "-" "a b" "-" - - 0.000)",
  };
  const auto layout = infer_layout(lines, kClock);
  ASSERT_TRUE(layout) << layout.error().message();
  Record record;
  ASSERT_TRUE(layout->parse(lines[1], kClock, record)) << layout->text();
  EXPECT_EQ(record.status, 502);
  EXPECT_EQ(record.upstream, "127.0.0.1:81, 127.0.0.1:82") << layout->text();
  EXPECT_EQ(record.upstream_status, "502, 502") << layout->text();
}

TEST(CustomLayout, OutOfLinesWithOtherSeparators) {
  for (const std::string separator : {"|", "\t", ";", " | "}) {
    std::string line;
    for (const char* field : {"2026-11-22T04:54:03+00:00", "a.test", "192.0.2.7", "GET", "/p/1", "502", "0.131",
                              "10.0.0.1:8080", "502", "0.012"})
      line += (line.empty() ? "" : separator) + field;
    const auto layout = infer_layout({line, line}, kClock);
    ASSERT_TRUE(layout) << separator << layout.error().message();
    Record record;
    ASSERT_TRUE(layout->parse(line, kClock, record)) << layout->text();
    EXPECT_EQ(record.status, 502) << layout->text();
    EXPECT_EQ(record.client, "192.0.2.7") << layout->text();
    EXPECT_EQ(record.url, "/p/1") << layout->text();
    EXPECT_EQ(record.upstream, "10.0.0.1:8080") << layout->text();
    EXPECT_EQ(record.upstream_status, "502") << layout->text();
  }
}

TEST(CustomLayout, NamedFieldsOutOfLinesAlone) {
  const std::vector<std::string_view> lines = {
      R"(ts=2026-11-22T04:54:03Z ip=192.0.2.7 req="GET /a HTTP/1.1" st=502 ua=127.0.0.1:81, 127.0.0.1:82 us=502, 502 uht=-, -)"};
  const auto layout = infer_layout(lines, kClock);
  ASSERT_TRUE(layout) << layout.error().message();
  Record record;
  ASSERT_TRUE(layout->parse(lines[0], kClock, record)) << layout->text();
  EXPECT_EQ(record.status, 502);
  EXPECT_EQ(record.upstream_status, "502, 502") << layout->text();
}

TEST(CustomLayout, NotOne) {
  EXPECT_FALSE(Layout::compile(""));
  EXPECT_FALSE(Layout::compile("{client}{status}"));
  EXPECT_FALSE(Layout::compile("{status} {status}"));
  EXPECT_FALSE(infer_layout({"no log at all", "nor this"}, kClock));
  EXPECT_FALSE(infer_layout({}, kClock));
}

TEST(Shape, NumbersAndQuotesAreTakenOut) {
  EXPECT_EQ(shape_of("a 12 b 345 \"x y\" c"), "a 0 b 0 \"..\" c");
  EXPECT_EQ(shape_of("\x01\xff"), "??");
  EXPECT_LE(shape_of(std::string(5000, 'a')).size(), 104U);
}

}  // namespace
}  // namespace fix502
