#include <zlib.h>

#include <algorithm>

#include "faulty/http_answers.hpp"

namespace fix502::faulty {
namespace {

using namespace std::string_literals;

const std::pair<std::string_view, std::string> kPresets[] = {
    {"ssh_banner", "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"},
    {"smtp_banner", "220 mail.example ESMTP Postfix\r\n"},
    {"tls_alert", "\x15\x03\x01\x00\x02\x02\x46"s},  // RFC 8446 6: fatal, protocol_version
    {"http09", "<html><body><h1>It works!</h1></body></html>\n"},
    // RFC 9113 4.1: length 18, type 4, no flags, stream 0, three settings.
    {"http2_settings", "\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x80\0\x04\0\x01\0\0\0\x05\0\xff\xff\xff"s},
    {"garbage", "\x8f\x02\xfe\xa7\x00\x11\xc3\x28\xee\x90 \x1f\x8b\x08\x00\xde\xad\xbe\xef\x0d\x7f\x80\x81\x82\n"s},
    {"bad_status_line", "HTTP/1.1 abc Confused\r\nContent-Length: 3\r\n\r\nno\n"},
    {"status_only", "HTTP/1.1 200 OK\r\n"},
    {"space_in_header_name", "HTTP/1.1 200 OK\r\nX Powered By: x\r\nContent-Length: 3\r\n\r\nok\n"},
    {"no_colon", "HTTP/1.1 200 OK\r\nPHP Warning something\r\nContent-Length: 3\r\n\r\nok\n"},
    {"two_lengths", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nok\n"},
    {"length_and_chunked",
     "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nok\n\r\n0\r\n\r\n"},
    {"negative_length", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nok\n"},
    {"nul_in_header", "HTTP/1.1 200 OK\r\nX-Odd: a\0b\r\nContent-Length: 3\r\n\r\nok\n"s},
    {"bare_lf", "HTTP/1.1 200 OK\nContent-Length: 3\n\nok\n"},
    {"folded_header", "HTTP/1.1 200 OK\r\nX-Folded: a\r\n b\r\nContent-Length: 3\r\n\r\nok\n"},
};

constexpr std::size_t kMegabyte = std::size_t{1} << 20;

/// Raw deflate of `bytes`; `flush` says whether the stream ends there.
std::string deflated(std::string_view bytes, int flush, int window_bits) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, window_bits, 9, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, bytes.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, flush);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

void append_little_endian(std::string& bytes, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) bytes += static_cast<char>((value >> (8 * i)) & 0xff);
}

}  // namespace

std::optional<std::string> preset_bytes(std::string_view name) {
  for (const auto& [known, bytes] : kPresets)
    if (known == name) return bytes;
  return std::nullopt;
}

std::string gzip(std::string_view bytes) {
  return deflated(bytes, Z_FINISH, 15 + 16);
}

// After a full flush nothing refers back, so the compressed form of one MiB of zeros can be repeated as it is, and a
// bomb of any size is made at once.
std::string gzip_zeros(std::size_t megabytes) {
  const std::string zeros(kMegabyte, '\0');
  const std::string piece = deflated(zeros, Z_FULL_FLUSH, -15);
  const auto one = crc32(0, reinterpret_cast<const Bytef*>(zeros.data()), static_cast<uInt>(zeros.size()));
  auto sum = crc32(0, nullptr, 0);
  std::string bomb("\x1f\x8b\x08\0\0\0\0\0\x02\xff", 10);  // RFC 1952 2.3
  for (std::size_t i = 0; i < megabytes; ++i) {
    bomb += piece;
    sum = crc32_combine(sum, one, static_cast<z_off_t>(kMegabyte));
  }
  bomb += std::string("\x03\0", 2);  // an empty last block
  append_little_endian(bomb, static_cast<std::uint32_t>(sum));
  append_little_endian(bomb, static_cast<std::uint32_t>(megabytes * kMegabyte));
  return bomb;
}

}  // namespace fix502::faulty
