#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace fix502 {

/// Reads numbers and texts out of bytes that may be anything. Once something does not fit, everything after it is zero
/// or empty, and ok() is false for good: a reader asks once, at the end.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes, std::endian order = std::endian::little) : bytes_(bytes), order_(order) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }
  [[nodiscard]] std::size_t at() const { return at_; }

  std::string_view take(std::size_t size) {
    if (!ok_ || size > left()) {
      ok_ = false;
      return {};
    }
    const auto taken = bytes_.substr(at_, size);
    at_ += size;
    return taken;
  }
  void skip(std::size_t size) { static_cast<void>(take(size)); }
  void go_to(std::size_t position) {
    ok_ = ok_ && position <= bytes_.size();
    if (ok_) at_ = position;
  }
  std::uint8_t u8() { return number<std::uint8_t>(); }
  std::uint16_t u16() { return number<std::uint16_t>(); }
  std::uint32_t u32() { return number<std::uint32_t>(); }
  std::int32_t i32() { return static_cast<std::int32_t>(u32()); }
  std::uint64_t u64() { return number<std::uint64_t>(); }
  std::int64_t i64() { return static_cast<std::int64_t>(u64()); }
  /// LEB128, as LevelDB and protocol buffers write lengths.
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t byte = u8();
      value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
      if ((byte & 0x80U) == 0) return value;
    }
    ok_ = false;
    return 0;
  }

 private:
  template <typename T>
  T number() {
    const auto taken = take(sizeof(T));
    T value{};
    if (taken.size() != sizeof(T)) return value;
    std::memcpy(&value, &taken.front(), sizeof(T));
    if (order_ != std::endian::native) value = std::byteswap(value);
    return value;
  }

  std::string_view bytes_;
  std::endian order_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace fix502
