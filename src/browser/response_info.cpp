#include "browser/response_info.hpp"

#include "base/text.hpp"
#include "browser/bytes.hpp"

namespace fix502 {
namespace {

// Flags of the first word (http_response_info.cc, "RESPONSE_INFO_*").
constexpr std::uint32_t kVersionMask = 0xFF;
constexpr std::uint32_t kHasCertificate = 1U << 8;
constexpr std::uint32_t kHasSecurityBits = 1U << 9;
constexpr std::uint32_t kHasCertStatus = 1U << 10;
constexpr std::uint32_t kHasVaryData = 1U << 11;
constexpr std::uint32_t kTruncated = 1U << 12;
constexpr std::uint32_t kHasTlsStatus = 1U << 16;
constexpr std::uint32_t kHasTimestamps = 1U << 20;
constexpr std::uint32_t kHasExtraFlags = 1U << 31;
constexpr std::uint32_t kExtraOriginalTime = 1U << 2;

/// A pickle's text: its length, the bytes, and what fills up to a multiple of four.
std::string_view take_text(Bytes& bytes) {
  const std::uint32_t size = bytes.u32();
  const auto text = bytes.take(size);
  bytes.skip((4 - size % 4) % 4);
  return text;
}

std::vector<std::string_view> header_lines(std::string_view raw) {
  std::vector<std::string_view> lines;
  while (!raw.empty()) {
    const auto end = raw.find('\0');
    if (end == 0) break;
    lines.push_back(raw.substr(0, end));
    raw = end == raw.npos ? std::string_view{} : raw.substr(end + 1);
  }
  return lines;
}

/// What stands between the headers and the address differs by version; where it cannot be followed, no address is
/// known.
std::string read_address(Bytes& bytes, std::uint32_t flags) {
  if ((flags & kHasCertificate) != 0) {
    const std::uint32_t certificates = bytes.u32();
    if (certificates > 100) return {};
    for (std::uint32_t i = 0; i < certificates; ++i) static_cast<void>(take_text(bytes));
  }
  if ((flags & kHasCertStatus) != 0) bytes.skip(4);
  if ((flags & kHasSecurityBits) != 0) bytes.skip(4);
  if ((flags & kHasTlsStatus) != 0) bytes.skip(4);
  if ((flags & kHasTimestamps) != 0) return {};  // of old versions only
  if ((flags & kHasVaryData) != 0) {
    // SHA-256 with a word before it; older versions have MD5 alone.
    Bytes ahead = bytes;
    bytes.skip(ahead.u32() == 1 ? 36 : 16);
  }
  const auto address = take_text(bytes);
  return bytes.ok() && address.size() <= kMaxAddress ? printable(address, kMaxAddress) : std::string{};
}

}  // namespace

std::optional<WallTime> chromium_time(std::int64_t microseconds) {
  constexpr std::int64_t kFrom1601To1970 = 11'644'473'600;  // seconds
  constexpr std::int64_t kYear9999 = 253'402'300'799;
  if (microseconds <= 0) return std::nullopt;
  const std::int64_t seconds = microseconds / 1'000'000 - kFrom1601To1970;
  if (seconds < 0 || seconds > kYear9999) return std::nullopt;
  return WallTime(std::chrono::seconds(seconds));
}

Result<void> read_response_info(std::string_view pickle, CacheEntry& entry) {
  Bytes bytes(pickle);
  const std::uint32_t payload = bytes.u32();
  if (payload > bytes.left()) return fail("the stored header is cut off");
  const std::uint32_t flags = bytes.u32();
  const std::uint32_t version = flags & kVersionMask;
  if (version < 1 || version > 3) return fail("the stored header is of an unknown version");
  const std::uint32_t extra = (flags & kHasExtraFlags) != 0 ? bytes.u32() : 0;
  entry.requested = chromium_time(bytes.i64());
  entry.responded = chromium_time(bytes.i64());
  if ((extra & kExtraOriginalTime) != 0) bytes.skip(8);
  const auto lines = header_lines(take_text(bytes));
  if (!bytes.ok() || lines.empty()) return fail("the stored header is cut off");
  read_header_lines(lines, entry);
  if (entry.status == 0) return fail("the stored header has no status");
  entry.incomplete = entry.incomplete || (flags & kTruncated) != 0;
  entry.address = read_address(bytes, flags);
  return {};
}

}  // namespace fix502
