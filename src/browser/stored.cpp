#include "browser/stored.hpp"

#include <zlib.h>

#include <charconv>
#include <span>

#include "base/text.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kMaxFields = 200;
constexpr std::size_t kMaxName = 128;
constexpr std::size_t kMaxValue = 4096;
constexpr std::size_t kSample = 2048;
constexpr std::size_t kDecoded = 16UL * 1024;

/// "HTTP/1.1 502 Bad Gateway"
int status_of(std::string_view line) {
  const auto parts = words(line);
  int status = 0;
  if (parts.size() < 2 || !parts[0].starts_with("HTTP/")) return 0;
  std::from_chars(parts[1].data(), parts[1].data() + parts[1].size(), status);
  return status >= 100 && status <= 999 ? status : 0;
}

/// The beginning of what was packed by gzip or zlib; bounded, whatever the input swells to.
std::string inflated(std::string_view packed) {
  z_stream stream{};
  // 15 bits of window, +32: zlib or gzip, whichever its header says.
  if (inflateInit2(&stream, 15 + 32) != Z_OK) return {};
  std::string plain(kDecoded, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(plain.data());
  stream.avail_out = static_cast<uInt>(plain.size());
  static_cast<void>(inflate(&stream, Z_SYNC_FLUSH));
  plain.resize(plain.size() - stream.avail_out);
  inflateEnd(&stream);
  return plain;
}

}  // namespace

void read_header_lines(const std::vector<std::string_view>& lines, CacheEntry& entry) {
  if (lines.empty()) return;
  entry.status = status_of(lines.front());
  for (const auto line : std::span(lines).subspan(1)) {
    const auto colon = line.find(':');
    if (colon == line.npos || colon == 0 || entry.headers.size() >= kMaxFields) continue;
    // Cookies are not for us to keep, whichever way they got there.
    std::string name = lower(printable(trim(line.substr(0, colon)), kMaxName));
    if (name == "set-cookie" || name == "set-cookie2") continue;
    entry.headers.push_back({std::move(name), printable(trim(line.substr(colon + 1)), kMaxValue)});
  }
}

std::string body_sample(const CacheEntry& entry) {
  std::string encoding;
  for (const auto& field : entry.headers)
    if (field.name == "content-encoding") encoding = lower(trim(field.value));
  if (encoding == "gzip" || encoding == "x-gzip" || encoding == "deflate")
    return printable(inflated(entry.body), kSample, true);
  return encoding.empty() || encoding == "identity" ? printable(entry.body, kSample, true) : std::string{};
}

}  // namespace fix502
