#include "browser/simple_cache.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include "browser/bytes.hpp"
#include "browser/cache_key.hpp"
#include "browser/digest.hpp"
#include "browser/response_info.hpp"

namespace fix502 {
namespace {

constexpr std::uint64_t kHeadMagic = 0xfcfb6d1ba7725c30;
constexpr std::uint64_t kEndMagic = 0xf4fa6f45970d41d8;
constexpr std::size_t kHead = 24;
constexpr std::size_t kEnd = 24;
constexpr std::size_t kKeyHash = 32;
constexpr std::uint32_t kHasCrc = 1;
constexpr std::uint32_t kHasKeyHash = 2;
// Format 5 has been written since 2014; sparse files and indexes count on by themselves.
constexpr std::uint32_t kOldest = 5;
constexpr std::uint32_t kNewest = 20;

struct EndRecord {
  std::uint32_t flags = 0, crc = 0, size = 0;
};

Result<EndRecord> read_end(std::string_view bytes) {
  Bytes reader(bytes);
  if (reader.u64() != kEndMagic) return fail("no end record where one should be");
  EndRecord end;
  end.flags = reader.u32();
  end.crc = reader.u32();
  end.size = reader.u32();
  return reader.ok() ? Result<EndRecord>(end) : fail("the end record is cut off");
}

std::uint32_t crc_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32(crc32(0, nullptr, 0), reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

}  // namespace

std::string simple_entry_name(std::string_view key) {
  const std::string digest = sha1(key);
  Bytes bytes(digest);
  return fmt::format("{:016x}", bytes.u64());
}

Result<std::string> read_simple_key(std::string_view head) {
  Bytes bytes(head);
  if (bytes.u64() != kHeadMagic) return fail("not an entry of the simple cache");
  if (const auto version = bytes.u32(); version < kOldest || version > kNewest)
    return fail("an entry of an unknown version");
  const std::uint32_t length = bytes.u32();
  bytes.skip(8);
  const auto key = bytes.take(length);
  if (!bytes.ok() || key.empty()) return fail("the entry's key is cut off");
  return std::string(key);
}

Result<CacheEntry> read_simple_entry(std::string_view head, std::string_view tail, std::uint64_t size) {
  auto key = read_simple_key(head);
  if (!key) return std::unexpected(key.error());
  if (size < kHead + key->size() + 2 * kEnd || tail.size() < kEnd || tail.size() > size || head.size() > size)
    return fail("the entry is cut off");
  const auto end = read_end(tail.substr(tail.size() - kEnd));
  if (!end) return std::unexpected(end.error());
  // From the end: record, hash of the key, stored header, record of the body; then the body, up to the key.
  const std::uint64_t after = kEnd + ((end->flags & kHasKeyHash) != 0 ? kKeyHash : 0);
  const std::uint64_t beside = kHead + key->size() + kEnd + end->size + after;
  if (beside > size) return fail("the entry's sizes do not fit the file");
  if (end->size + after > tail.size()) return fail("the stored header is larger than any");
  const auto info = tail.substr(tail.size() - static_cast<std::size_t>(end->size + after), end->size);
  if ((end->flags & kHasCrc) != 0 && crc_of(info) != end->crc) return fail("the stored header's check sum is wrong");

  CacheEntry entry;
  entry.url = address_in_chromium_key(*key);
  entry.body_bytes = size - beside;
  const std::size_t body = kHead + key->size();
  entry.body =
      head.substr(body, static_cast<std::size_t>(std::min<std::uint64_t>(entry.body_bytes, head.size() - body)));
  entry.key = *std::move(key);
  if (auto read = read_response_info(info, entry); !read) return std::unexpected(read.error());
  return entry;
}

}  // namespace fix502
