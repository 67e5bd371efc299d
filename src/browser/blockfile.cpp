#include "browser/blockfile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "browser/bytes.hpp"
#include "browser/cache_key.hpp"
#include "browser/response_info.hpp"

namespace fix502 {
namespace {

constexpr std::uint32_t kIndexMagic = 0xC103CAC3;
constexpr std::uint64_t kTable = 368;
constexpr std::uint64_t kBlocks = 8192;  // behind a data file's header
constexpr std::uint32_t kMaxBuckets = 1U << 22U;
constexpr int kLongestChain = 1'000;
constexpr std::size_t kEntrySize = 256;
constexpr std::size_t kKeyInside = kEntrySize - 96;
constexpr std::size_t kMaxKey = 64UL * 1024;
constexpr std::size_t kMaxInfo = 128UL * 1024;
constexpr std::size_t kBlockSample = 32UL * 1024;

/// Where something stands: a block of a data file, or a file of its own.
struct Address {
  std::uint32_t word = 0;

  [[nodiscard]] bool valid() const { return (word >> 31U) != 0; }
  [[nodiscard]] std::uint32_t kind() const { return (word >> 28U) & 7U; }
  [[nodiscard]] bool apart() const { return kind() == 0; }
  [[nodiscard]] std::uint64_t block_size() const {
    constexpr std::array<std::uint64_t, 5> kSizes = {0, 36, 256, 1024, 4096};
    return kind() < kSizes.size() ? kSizes[kind()] : 0;
  }
  [[nodiscard]] std::string file() const {
    return apart() ? fmt::format("f_{:06x}", word & 0x0FFFFFFFU) : fmt::format("data_{}", (word >> 16U) & 0xFFU);
  }
  [[nodiscard]] std::uint64_t offset() const { return apart() ? 0 : kBlocks + (word & 0xFFFFU) * block_size(); }
};

std::string read_at(const BlockReader& read, Address address, std::size_t size) {
  if (!address.valid() || (!address.apart() && address.block_size() == 0)) return {};
  return read(address.file(), address.offset(), size);
}

struct BlockEntry {
  std::uint32_t hash = 0, next = 0, state = 0;
  std::uint32_t key_length = 0, long_key = 0;
  std::array<std::uint32_t, 4> sizes{}, addresses{};
  std::string key;
};

std::optional<BlockEntry> read_entry(const BlockReader& read, Address address) {
  const std::string bytes = read_at(read, address, kEntrySize * 4);
  Bytes from(bytes);
  BlockEntry entry;
  entry.hash = from.u32();
  entry.next = from.u32();
  from.skip(12);
  entry.state = from.u32();
  from.skip(8);
  entry.key_length = from.u32();
  entry.long_key = from.u32();
  for (auto& size : entry.sizes) size = from.u32();
  for (auto& word : entry.addresses) word = from.u32();
  from.skip(24);
  if (!from.ok() || entry.key_length > kMaxKey) return std::nullopt;
  // A key that does not fit into the entry's own four blocks stands elsewhere.
  const bool inside = entry.long_key == 0 && entry.key_length < kKeyInside + 3 * kEntrySize;
  entry.key = inside ? std::string(from.take(std::min<std::size_t>(entry.key_length, from.left())))
                     : read_at(read, Address{entry.long_key}, entry.key_length);
  return entry;
}

Result<std::optional<CacheEntry>> read_answer(const BlockReader& read, const BlockEntry& found) {
  CacheEntry entry;
  entry.key = found.key;
  entry.url = address_in_chromium_key(found.key);
  if (found.sizes[0] == 0) return entry;
  if (found.sizes[0] > kMaxInfo) return fail("the stored header is larger than any");
  const std::string info = read_at(read, Address{found.addresses[0]}, found.sizes[0]);
  if (auto good = read_response_info(info, entry); !good) return std::unexpected(good.error());
  entry.body_bytes = found.sizes[1];
  entry.body = read_at(read, Address{found.addresses[1]}, std::min<std::size_t>(found.sizes[1], kBlockSample));
  return entry;
}

std::uint32_t half(std::string_view bytes) {
  return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[0])) |
         static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[1])) << 8U;
}

/// A byte as C's signed char takes part in arithmetic.
std::uint32_t signed_byte(char byte) {
  return static_cast<std::uint32_t>(static_cast<std::int32_t>(static_cast<signed char>(byte)));
}

}  // namespace

std::uint32_t block_hash(std::string_view key) {
  auto hash = static_cast<std::uint32_t>(key.size());
  if (key.empty()) return 0;
  for (; key.size() >= 4; key.remove_prefix(4)) {
    hash += half(key);
    hash = (hash << 16U) ^ ((half(key.substr(2)) << 11U) ^ hash);
    hash += hash >> 11U;
  }
  if (key.size() == 3) {
    hash += half(key);
    hash ^= hash << 16U;
    hash ^= signed_byte(key[2]) << 18U;
    hash += hash >> 11U;
  } else if (key.size() == 2) {
    hash += half(key);
    hash ^= hash << 11U;
    hash += hash >> 17U;
  } else if (key.size() == 1) {
    hash += signed_byte(key[0]);
    hash ^= hash << 10U;
    hash += hash >> 1U;
  }
  hash ^= hash << 3U;
  hash += hash >> 5U;
  hash ^= hash << 4U;
  hash += hash >> 17U;
  hash ^= hash << 25U;
  return hash + (hash >> 6U);
}

Result<std::optional<CacheEntry>> find_block_entry(const BlockReader& read, std::string_view key) {
  const std::string head = read("index", 0, 32);
  Bytes index(head);
  if (index.u32() != kIndexMagic) return fail("not a blockfile cache");
  index.go_to(28);
  const std::uint32_t buckets = index.u32();
  if (!index.ok() || !std::has_single_bit(buckets) || buckets > kMaxBuckets)
    return fail("the cache's index has a senseless length");
  const std::uint32_t hash = block_hash(key);
  const std::string slot = read("index", kTable + 4UL * (hash & (buckets - 1)), 4);
  Address at{Bytes(slot).u32()};
  for (int step = 0; step < kLongestChain && at.valid() && !at.apart(); ++step) {
    const auto entry = read_entry(read, at);
    if (!entry) return fail("an entry of the cache is cut off", at.file());
    constexpr std::uint32_t kNormal = 0;
    if (entry->hash == hash && entry->key == key && entry->state == kNormal) return read_answer(read, *entry);
    at.word = entry->next;
  }
  return std::nullopt;
}

}  // namespace fix502
