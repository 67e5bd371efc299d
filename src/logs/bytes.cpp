#include "logs/bytes.hpp"

#include <fcntl.h>
#include <lzma.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <vector>

namespace fix502 {
namespace {

constexpr std::size_t kPacked = 256UL * 1024;    // compressed bytes at a time
constexpr int kWindowLog = 25;                   // 32 MiB: zstd's own levels need 8, a hostile frame may ask for 2 GiB
constexpr std::uint64_t kXzMemory = 80UL << 20;  // what xz -9 needs

class File final : public ByteSource {
 public:
  /// `consumed`: so many bytes have been read by others.
  File(int descriptor, bool own, std::size_t consumed = 0) : descriptor_(descriptor), own_(own), consumed_(consumed) {}
  ~File() override {
    if (own_) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  Result<std::size_t> read(char* into, std::size_t size) override {
    while (true) {
      const ssize_t got = ::read(descriptor_, into, size);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return fail(std::strerror(errno));
      consumed_ += static_cast<std::uint64_t>(got);
      return static_cast<std::size_t>(got);
    }
  }
  std::uint64_t consumed() const override { return consumed_; }

 private:
  int descriptor_;
  bool own_;
  std::uint64_t consumed_;
};

/// Bytes that were read already to tell what they are, then the rest, if there is any.
class Pushed final : public ByteSource {
 public:
  Pushed(std::string first, std::unique_ptr<ByteSource> rest) : first_(std::move(first)), rest_(std::move(rest)) {}
  Result<std::size_t> read(char* into, std::size_t size) override {
    if (at_ == first_.size()) return rest_ ? rest_->read(into, size) : 0;
    const std::size_t count = std::min(size, first_.size() - at_);
    std::memcpy(into, first_.data() + at_, count);
    at_ += count;
    return count;
  }
  std::uint64_t consumed() const override { return rest_ ? rest_->consumed() : at_; }

 private:
  std::string first_;
  std::size_t at_ = 0;
  std::unique_ptr<ByteSource> rest_;
};

/// What the three formats share: packed bytes come in, and a step unpacks some.
class Unpacked : public ByteSource {
 public:
  explicit Unpacked(std::unique_ptr<ByteSource> packed) : packed_(std::move(packed)), in_(kPacked) {}
  std::uint64_t consumed() const override { return packed_->consumed(); }

  Result<std::size_t> read(char* into, std::size_t size) override {
    while (true) {
      if (at_ == end_ && !ended_) {
        const auto got = packed_->read(in_.data(), in_.size());
        if (!got) return got;
        at_ = 0;
        end_ = *got;
        ended_ = *got == 0;
      }
      const auto made = step(into, size);
      if (!made || *made > 0 || (ended_ && at_ == end_)) return made;
    }
  }

 protected:
  /// Unpacks from `next()` on; bytes that were used are reported by `use`.
  virtual Result<std::size_t> step(char* into, std::size_t size) = 0;
  [[nodiscard]] const char* next() const { return in_.data() + at_; }
  [[nodiscard]] std::size_t left() const { return end_ - at_; }
  [[nodiscard]] bool ended() const { return ended_; }
  void use(std::size_t count) { at_ += count; }

 private:
  std::unique_ptr<ByteSource> packed_;
  std::vector<char> in_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
  bool ended_ = false;
};

class Gzip final : public Unpacked {
 public:
  explicit Gzip(std::unique_ptr<ByteSource> packed) : Unpacked(std::move(packed)) {
    inflateInit2(&stream_, 15 + 16);  // gzip's wrapping
  }
  ~Gzip() override { inflateEnd(&stream_); }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;

 protected:
  Result<std::size_t> step(char* into, std::size_t size) override {
    if (left() == 0) return done_ ? Result<std::size_t>(0) : fail("the gzip file is cut off");
    if (done_) {  // another member follows (logs that were appended to)
      if (inflateReset(&stream_) != Z_OK) return fail("the gzip file is damaged");
      done_ = false;
    }
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(next()));
    stream_.avail_in = static_cast<uInt>(left());
    stream_.next_out = reinterpret_cast<Bytef*>(into);
    stream_.avail_out = static_cast<uInt>(size);
    const int status = inflate(&stream_, Z_NO_FLUSH);
    use(left() - stream_.avail_in);
    done_ = status == Z_STREAM_END;
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) return fail("the gzip file is damaged");
    return size - stream_.avail_out;
  }

 private:
  z_stream stream_{};
  bool done_ = false;
};

class Zstd final : public Unpacked {
 public:
  explicit Zstd(std::unique_ptr<ByteSource> packed) : Unpacked(std::move(packed)), stream_(ZSTD_createDStream()) {
    ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, kWindowLog);
  }
  ~Zstd() override { ZSTD_freeDStream(stream_); }
  Zstd(const Zstd&) = delete;
  Zstd& operator=(const Zstd&) = delete;

 protected:
  Result<std::size_t> step(char* into, std::size_t size) override {
    ZSTD_inBuffer in{next(), left(), 0};
    ZSTD_outBuffer out{into, size, 0};
    if (left() == 0 && wants_ == 0) return 0;
    wants_ = ZSTD_decompressStream(stream_, &out, &in);
    if (ZSTD_isError(wants_) != 0) return fail(std::string("the zstd file: ") + ZSTD_getErrorName(wants_));
    use(in.pos);
    if (ended() && out.pos == 0 && wants_ != 0) return fail("the zstd file is cut off");
    return out.pos;
  }

 private:
  ZSTD_DStream* stream_;
  std::size_t wants_ = 1;
};

class Xz final : public Unpacked {
 public:
  explicit Xz(std::unique_ptr<ByteSource> packed) : Unpacked(std::move(packed)) {
    status_ = lzma_stream_decoder(&stream_, kXzMemory, LZMA_CONCATENATED);
  }
  ~Xz() override { lzma_end(&stream_); }
  Xz(const Xz&) = delete;
  Xz& operator=(const Xz&) = delete;

 protected:
  Result<std::size_t> step(char* into, std::size_t size) override {
    if (status_ == LZMA_STREAM_END) return 0;
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(next());
    stream_.avail_in = left();
    stream_.next_out = reinterpret_cast<std::uint8_t*>(into);
    stream_.avail_out = size;
    status_ = lzma_code(&stream_, ended() ? LZMA_FINISH : LZMA_RUN);
    use(left() - stream_.avail_in);
    if (status_ == LZMA_MEMLIMIT_ERROR) return fail("the xz file needs more than 80 MiB to unpack");
    if (status_ == LZMA_BUF_ERROR) return fail("the xz file is cut off");
    if (status_ != LZMA_OK && status_ != LZMA_STREAM_END) return fail("the xz file is damaged");
    return size - stream_.avail_out;
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
  lzma_ret status_ = LZMA_OK;
};

}  // namespace

Packing packing_of(std::string_view first) {
  if (first.starts_with("\x1F\x8B")) return Packing::gzip;
  if (first.starts_with("\x28\xB5\x2F\xFD")) return Packing::zstd;
  if (first.starts_with(std::string_view("\xFD\x37zXZ\0", 6))) return Packing::xz;
  return Packing::plain;
}

namespace {

std::unique_ptr<ByteSource> unpacked(std::string first, std::unique_ptr<ByteSource> rest) {
  const Packing packing = packing_of(first);
  auto all = std::make_unique<Pushed>(std::move(first), std::move(rest));
  switch (packing) {
    case Packing::gzip:
      return std::make_unique<Gzip>(std::move(all));
    case Packing::zstd:
      return std::make_unique<Zstd>(std::move(all));
    case Packing::xz:
      return std::make_unique<Xz>(std::move(all));
    case Packing::plain:
      break;
  }
  return all;
}

}  // namespace

Result<std::unique_ptr<ByteSource>> open_bytes(const std::string& path, std::uint64_t offset, std::string head) {
  const bool standard = path == "-";
  const int descriptor = standard ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return fail(std::strerror(errno), path);
  auto file = std::make_unique<File>(descriptor, !standard, head.size());
  struct stat status{};
  if (!standard && (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)))
    return fail("not a regular file", path);
  if (offset > 0) {
    if (lseek(descriptor, static_cast<off_t>(offset), SEEK_SET) < 0) return fail(std::strerror(errno), path);
    return file;
  }
  constexpr std::size_t kMagic = 6;
  while (head.size() < kMagic) {
    std::array<char, kMagic> more{};
    const auto got = file->read(more.data(), kMagic - head.size());
    if (!got) return fail(got.error().what, path);
    if (*got == 0) break;
    head.append(more.data(), *got);
  }
  return unpacked(std::move(head), std::move(file));
}

std::string head_of_standard_input(std::size_t size) {
  std::string head(size, '\0');
  File input(STDIN_FILENO, false);
  const auto got = input.read(head.data(), size);
  head.resize(got.value_or(0));
  return head;
}

std::unique_ptr<ByteSource> bytes_of(std::string head) {
  return unpacked(std::move(head), nullptr);
}

Result<bool> LineBlocks::next(std::string& block, std::size_t size) {
  while (true) {
    std::optional<Error> problem;
    // Without filling it with zeros first.
    block.resize_and_overwrite(std::max(size, carry_.size()), [&](char* data, std::size_t most) {
      std::memcpy(data, carry_.data(), carry_.size());
      std::size_t filled = carry_.size();
      while (filled < most && !ended_) {
        const auto got = source_->read(data + filled, most - filled);
        if (!got) {
          problem = got.error();
          break;
        }
        ended_ = *got == 0;
        filled += *got;
      }
      return filled;
    });
    carry_.clear();
    if (problem) return std::unexpected(*problem);
    if (block.empty()) return false;
    if (skipping_) {
      const auto newline = block.find('\n');
      if (newline == block.npos) {
        if (ended_) return false;
        continue;
      }
      carry_ = block.substr(newline + 1);
      skipping_ = false;
      if (carry_.empty() && ended_) return false;
      continue;
    }
    if (ended_) return true;
    const auto last = block.rfind('\n');
    if (last == block.npos) {  // no line is that long: its head is kept
      ++huge_;
      skipping_ = true;
      return true;
    }
    carry_.assign(block, last + 1);
    block.resize(last + 1);
    return true;
  }
}

}  // namespace fix502
