#include "upstream/wire_request.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace fix502 {
namespace {

using namespace std::string_literals;

std::string all_hex(const std::string& bytes) {
  return hex(bytes, bytes.size());
}

TEST(WireRequest, WritesHttpByteForByte) {
  // As nginx 1.22.1 sends it.
  UpstreamRequest request;
  request.headers = {{"Host", "127.0.0.1:23100"}, {"Connection", "close"}, {"User-Agent", "ua"}, {"X-Empty", ""}};
  EXPECT_EQ(http1_request(request),
            "GET / HTTP/1.0\r\nHost: 127.0.0.1:23100\r\nConnection: close\r\nUser-Agent: ua\r\nX-Empty: \r\n\r\n");
  request.protocol = Protocol::http1_1;
  request.method = "POST";
  request.target = "/x%20y?a=1";
  request.headers = {{"host", "h"}};
  request.body = "hello";
  EXPECT_EQ(http1_request(request), "POST /x%20y?a=1 HTTP/1.1\r\nhost: h\r\n\r\nhello");
}

TEST(WireRequest, WritesFastcgi) {
  UpstreamRequest request;
  request.protocol = Protocol::fastcgi;
  request.params = {{"A", "b"}};
  request.body = "hello";
  EXPECT_EQ(all_hex(fastcgi_request(request)),
            "01 01 00 01 00 08 00 00 00 01 00 00 00 00 00 00 "  // BEGIN_REQUEST, not kept
            "01 04 00 01 00 04 04 00 01 01 41 62 00 00 00 00 "  // PARAMS, padded to 8
            "01 04 00 01 00 00 00 00 "                          // their end
            "01 05 00 01 00 05 03 00 68 65 6c 6c 6f 00 00 00 "  // STDIN
            "01 05 00 01 00 00 00 00");
  request.keeps_connection = true;
  request.params = {{"A", std::string(200, 'x')}};
  const std::string bytes = fastcgi_request(request);
  EXPECT_EQ(bytes[10], 1);
  EXPECT_EQ(all_hex(bytes.substr(24, 5)), "01 80 00 00 c8");  // a length of four bytes
  request.params = {{"A", std::string(200'000, 'x')}};
  EXPECT_GT(fastcgi_request(request).size(), 200'000U);  // over several records
}

TEST(WireRequest, WritesUwsgi) {
  UpstreamRequest request;
  request.params = {{"REQUEST_METHOD", "GET"}};
  EXPECT_EQ(uwsgi_request(request), "\0\x15\0\0\x0e\0REQUEST_METHOD\x03\0GET"s);
  request.params = {{"A", std::string(70'000, 'x')}, {"B", "c"}};
  EXPECT_EQ(uwsgi_request(request), "\0\x06\0\0\x01\0B\x01\0c"s);
}

TEST(WireRequest, WritesScgi) {
  UpstreamRequest request;
  request.params = {{"CONTENT_LENGTH", "0"}, {"SCGI", "1"}};
  EXPECT_EQ(scgi_request(request), "24:CONTENT_LENGTH\0000\0SCGI\0001\0,"s);
}

TEST(WireRequest, WritesAjp) {
  EXPECT_EQ(all_hex(ajp_ping()), "12 34 00 01 0a");
  UpstreamRequest request;
  request.target = "/a?b=c";
  request.headers = {{"Host", "h:8080"}, {"X-A", "1"}};
  request.params = {{"secret", "s"}};
  EXPECT_EQ(ajp_request(request),
            "\x12\x34\0\x4b\x02\x02\0\x08HTTP/1.1\0\0\x02/a\0\0\x09"s
            "127.0.0.1\0\xff\xff\0\x01h\0\0\x50\0\0\x02"s
            "\xa0\x0b\0\x06h:8080\0\0\x03X-A\0\0\x01\x31\0\x05\0\x03"s
            "b=c\0\x0c\0\x01s\0\xff"s);
}

TEST(WireRequest, WritesTheProxyHeader) {
  const ProxyEnd here{"127.0.0.1", 4000}, there{"127.0.0.2", 80}, v6{"::1", 1}, unix_end{};
  EXPECT_EQ(proxy_header(1, here, there), "PROXY TCP4 127.0.0.1 127.0.0.2 4000 80\r\n");
  EXPECT_EQ(proxy_header(1, v6, v6), "PROXY TCP6 ::1 ::1 1 1\r\n");
  EXPECT_EQ(proxy_header(1, unix_end, unix_end), "PROXY UNKNOWN\r\n");
  EXPECT_EQ(all_hex(proxy_header(2, here, there)),
            "0d 0a 0d 0a 00 0d 0a 51 55 49 54 0a 21 11 00 0c 7f 00 00 01 7f 00 00 02 0f a0 00 50");
  EXPECT_EQ(all_hex(proxy_header(2, unix_end, unix_end)), "0d 0a 0d 0a 00 0d 0a 51 55 49 54 0a 21 00 00 00");
  EXPECT_EQ(proxy_header(2, v6, v6).size(), 16U + 36U);
}

}  // namespace
}  // namespace fix502
