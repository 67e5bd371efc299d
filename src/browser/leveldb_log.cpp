#include "browser/bytes.hpp"
#include "browser/workers.hpp"

namespace fix502 {
namespace {

constexpr std::size_t kBlock = 32768;
constexpr std::size_t kRecordHeader = 7;
constexpr std::size_t kMaxBatch = 8UL * 1024 * 1024;
constexpr std::size_t kMaxPairs = 100'000;

enum Kind : std::uint8_t { full = 1, first = 2, middle = 3, last = 4 };

void apply_batch(std::string_view batch, std::map<std::string, std::string>& pairs) {
  Bytes bytes(batch);
  bytes.skip(8);  // sequence number
  const std::uint32_t count = bytes.u32();
  for (std::uint32_t i = 0; i < count && bytes.ok() && pairs.size() < kMaxPairs; ++i) {
    const bool put = bytes.u8() == 1;
    std::string key(bytes.take(static_cast<std::size_t>(bytes.varint())));
    std::string value(put ? bytes.take(static_cast<std::size_t>(bytes.varint())) : std::string_view{});
    if (!bytes.ok()) return;
    if (put)
      pairs[std::move(key)] = std::move(value);
    else
      pairs.erase(key);
  }
}

}  // namespace

std::map<std::string, std::string> read_leveldb_log(std::string_view log) {
  std::map<std::string, std::string> pairs;
  std::string batch;
  for (std::size_t begin = 0; begin < log.size(); begin += kBlock) {
    Bytes block(log.substr(begin, kBlock));
    while (block.left() >= kRecordHeader) {
      block.skip(4);  // check sum
      const std::uint16_t length = block.u16();
      const std::uint8_t kind = block.u8();
      const auto piece = block.take(length);
      if (!block.ok() || kind < full || kind > last) break;
      if (kind == full || kind == first) batch.clear();
      if (batch.size() + piece.size() > kMaxBatch) break;
      batch += piece;
      if (kind == full || kind == last) apply_batch(batch, pairs);
    }
  }
  return pairs;
}

}  // namespace fix502
