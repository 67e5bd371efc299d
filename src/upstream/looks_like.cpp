#include "upstream/looks_like.hpp"

#include <algorithm>
#include <string>

#include "base/text.hpp"

namespace fix502 {
namespace {

using namespace std::string_view_literals;

struct Row {
  std::string_view begins, name;
};
constexpr Row kRows[] = {
    {"HTTP/", "HTTP"},
    {"\x15\x03"sv, "TLS"},  // RFC 8446 5.1: an alert, or a handshake
    {"\x16\x03"sv, "TLS"},
    {"\x15\x00"sv, "TLS"},
    // FastCGI 1.0, 3.3 and 8: version 1, then what an application sends.
    {"\x01\x06"sv, "FastCGI"},
    {"\x01\x07"sv, "FastCGI"},
    {"\x01\x03"sv, "FastCGI"},
    {"\x01\x0a"sv, "FastCGI"},
    {"\x01\x0b"sv, "FastCGI"},
    {"AB\0"sv, "AJP"},
    {"SSH-", "SSH"},
    {"220 ", "SMTP or FTP"},
    {"220-", "SMTP or FTP"},
    {"+OK ", "POP3"},
    {"* OK ", "IMAP"},
    {"-ERR ", "Redis"},
    {"-NOAUTH ", "Redis"},
    {"-DENIED ", "Redis"},
    {"PRI * HTTP/2", "HTTP/2"},
    {"\x1f\x8b"sv, "gzip"},
    {"Status: ", "CGI"},
    {"Content-Type: ", "CGI"},
    {"Content-type: ", "CGI"},
};

/// A SETTINGS frame on stream 0 (RFC 9113 4.1, 6.5): 24 bits of length, a multiple of 6.
bool is_http2_settings(std::string_view bytes) {
  return bytes.size() >= 9 && bytes[0] == 0 && bytes[3] == 4 && (bytes[4] == 0 || bytes[4] == 1) &&
         bytes.substr(5, 4) == "\0\0\0\0"sv && static_cast<unsigned char>(bytes[2]) % 6 == 0;
}

/// A server's greeting (MySQL's protocol 10): length in 3 bytes, sequence 0, version 10, then its name in ASCII; or its
/// error packet.
bool is_mysql(std::string_view bytes) {
  return bytes.size() >= 6 && bytes[2] == 0 && bytes[3] == 0 &&
         ((bytes[4] == 10 && bytes[5] >= '0' && bytes[5] <= '9') || bytes[4] == '\xff');
}

bool is_html(std::string_view bytes) {
  const std::string start = lower(trim(bytes.substr(0, 32)));
  return start.starts_with("<!doctype") || start.starts_with("<html") || start.starts_with("<head") ||
         start.starts_with("<body");
}

}  // namespace

std::string_view looks_like(std::string_view bytes) {
  const auto* row = std::ranges::find_if(kRows, [&](const Row& each) { return bytes.starts_with(each.begins); });
  if (row != std::end(kRows)) return row->name;
  if (is_http2_settings(bytes)) return "HTTP/2";
  if (is_mysql(bytes)) return "MySQL";
  if (is_html(bytes)) return "HTML without a header";
  return {};
}

}  // namespace fix502
