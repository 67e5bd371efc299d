#pragma once

// The bytes of a log, whether it is plain or compressed: by its first bytes, never by its name.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace fix502 {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// At most `size` bytes; 0 at the end.
  [[nodiscard]] virtual Result<std::size_t> read(char* into, std::size_t size) = 0;
  /// Bytes taken from the disk so far, for progress.
  [[nodiscard]] virtual std::uint64_t consumed() const = 0;
};

enum class Packing : std::uint8_t { plain, gzip, zstd, xz };
[[nodiscard]] Packing packing_of(std::string_view first_bytes);

/// A plain file may be read from `offset` on. "-" is standard input, of which `head` has been read already.
[[nodiscard]] Result<std::unique_ptr<ByteSource>> open_bytes(const std::string& path, std::uint64_t offset = 0,
                                                             std::string head = {});
/// What standard input gives first, at most so many bytes; what it has not written yet is not waited for.
[[nodiscard]] std::string head_of_standard_input(std::size_t size);
/// Those bytes alone, unpacked as far as they go.
[[nodiscard]] std::unique_ptr<ByteSource> bytes_of(std::string head);

/// Cuts bytes into blocks of whole lines. A line that does not fit into one is cut off, and counted.
class LineBlocks {
 public:
  explicit LineBlocks(std::unique_ptr<ByteSource> source) : source_(std::move(source)) {}
  /// The next lines, into `block` (at most `size` bytes); false at the end. The last line needs no newline.
  [[nodiscard]] Result<bool> next(std::string& block, std::size_t size);
  [[nodiscard]] std::uint64_t consumed() const { return source_->consumed(); }
  [[nodiscard]] std::uint64_t huge_lines() const { return huge_; }

 private:
  std::unique_ptr<ByteSource> source_;
  std::string carry_;
  bool skipping_ = false;  // the rest of a line that was cut off
  bool ended_ = false;
  std::uint64_t huge_ = 0;
};

}  // namespace fix502
