#include "logs/quick_scan.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstdint>
#include <cstring>

namespace fix502 {
namespace {

constexpr std::size_t kBytes = 3;  // of an anchor
using Anchors = QuickScan::Anchors;

using Vector = unsigned char __attribute__((vector_size(32)));
using Mask = signed char __attribute__((vector_size(32)));
constexpr std::size_t kStride = 2 * sizeof(Vector);

/// The first byte of a mask that is set, or its size.
[[gnu::always_inline]] inline std::size_t first_set(const Mask& mask) {
  std::array<std::uint64_t, sizeof(Mask) / sizeof(std::uint64_t)> words{};
  std::memcpy(words.data(), &mask, sizeof mask);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == 0) continue;
    const int bits =
        std::endian::native == std::endian::little ? std::countr_zero(words[i]) : std::countl_zero(words[i]);
    return i * sizeof(std::uint64_t) + static_cast<std::size_t>(bits) / 8;
  }
  return sizeof(Mask);
}

/// Where the first of `Count` anchors begins from `from` on; where none does, the beginning of a rest that is shorter
/// than a stride. The vectors are the compiler's, so that one text serves every kind of processor.
template <std::size_t Count>
[[gnu::always_inline]] inline std::size_t first_anchor(std::string_view block, std::size_t from,
                                                       const Anchors& anchors) {
  Vector wanted[Count][kBytes];
  for (std::size_t a = 0; a < Count; ++a)
    for (std::size_t b = 0; b < kBytes; ++b) wanted[a][b] = Vector{} + static_cast<unsigned char>(anchors[a][b]);
  std::size_t at = from;
  for (; at + kStride + kBytes <= block.size(); at += kStride) {
    Mask found[2] = {};
    for (std::size_t half = 0; half < 2; ++half) {
      const char* data = block.data() + at + half * sizeof(Vector);
      Vector first;
      Vector second;
      Vector third;
      std::memcpy(&first, data, sizeof first);
      std::memcpy(&second, data + 1, sizeof second);
      std::memcpy(&third, data + 2, sizeof third);
      for (const auto& anchor : wanted)
        found[half] |= (first == anchor[0]) & (second == anchor[1]) & (third == anchor[2]);
    }
    const Mask any = found[0] | found[1];
    std::array<std::uint64_t, sizeof(Mask) / sizeof(std::uint64_t)> words{};
    std::memcpy(words.data(), &any, sizeof any);
    if ((words[0] | words[1] | words[2] | words[3]) == 0) continue;
    const std::size_t place = first_set(found[0]);
    return at + (place < sizeof(Mask) ? place : sizeof(Mask) + first_set(found[1]));
  }
  return at;
}

// Access logs have five anchors, error logs eight.
std::size_t first_of(std::string_view block, std::size_t from, const Anchors& anchors, bool few) {
  return few ? first_anchor<5>(block, from, anchors) : first_anchor<QuickScan::kMost>(block, from, anchors);
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] std::size_t first_of_avx2(std::string_view block, std::size_t from, const Anchors& anchors,
                                                  bool few) {
  return few ? first_anchor<5>(block, from, anchors) : first_anchor<QuickScan::kMost>(block, from, anchors);
}
#endif

using FirstOf = std::size_t (*)(std::string_view, std::size_t, const Anchors&, bool);

FirstOf best_for_this_processor() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return first_of_avx2;
#endif
  return first_of;
}

bool stands(std::string_view pattern, std::string_view text) {
  return text.size() >= pattern.size() &&
         std::equal(pattern.begin(), pattern.end(), text.begin(),
                    [](char wanted, char c) { return wanted == '#' ? c >= '0' && c <= '9' : wanted == c; });
}

}  // namespace

void QuickScan::add(std::string text, std::size_t anchor) {
  Anchor bytes{};
  std::copy_n(text.begin() + static_cast<std::ptrdiff_t>(anchor), bytes.size(), bytes.begin());
  if (std::find(anchors_.begin(), anchors_.begin() + used_, bytes) == anchors_.begin() + used_) {
    assert(used_ < kMost && "the patterns below have no more anchors");
    anchors_.at(used_++) = bytes;
    std::fill(anchors_.begin() + used_, anchors_.end(), anchors_[0]);
  }
  patterns_.push_back({std::move(text), anchor});
}

std::optional<QuickScan> QuickScan::of(const Layout& layout) {
  if (!layout.has(Field::status) || layout.has(Field::upstream_status)) return std::nullopt;
  if (layout.has(Field::state) && layout.has(Field::timers))
    return std::nullopt;  // HAProxy: cut answers keep their 200
  const std::string before = layout.before_status();
  if (before.size() < 2 || before.find('#') != before.npos || layout.after_status().starts_with('#'))
    return std::nullopt;
  const std::string last = before.substr(before.size() - 2);
  const std::string after = layout.after_status().substr(0, 1);
  QuickScan scan;
  scan.add(last + "5##" + after, 0);
  scan.add(last + "009" + after, 0);
  // Lines of an error log in the same file; their anchors are what access logs hardly ever have.
  scan.add(" [error] ", 6);
  scan.add(":error] [pid", 5);
  scan.add(" [crit] ", 5);
  scan.add("\"level\":\"error\"", 7);
  return scan;
}

QuickScan QuickScan::of_nginx_errors() {
  QuickScan scan;
  for (const char* level : {"error", "crit", "alert", "emerg", "warn", "notice"}) {
    const std::string text = " [" + std::string(level) + "] ";
    scan.add(text, text.size() - 3);
  }
  scan.add("sent too long ", 5);  // [info]: a client's header or line that is over a limit
  // Lines of other logs in the same file.
  scan.add("\" 5## ", 0);
  scan.add(":error] [pid", 5);
  scan.add("\"level\":\"error\"", 7);
  return scan;
}

bool QuickScan::stands_at(std::string_view block, std::size_t anchor) const {
  return std::ranges::any_of(patterns_, [&](const Pattern& pattern) {
    return block[anchor] == pattern.text[pattern.anchor] && anchor >= pattern.anchor &&
           stands(pattern.text, block.substr(anchor - pattern.anchor));
  });
}

void QuickScan::scan(std::string_view block, const std::function<void(std::string_view line)>& found) const {
  static const FirstOf kFirst = best_for_this_processor();
  std::size_t at = 0;
  while (at + kBytes <= block.size()) {
    at = kFirst(block, at, anchors_, used_ <= 5);
    if (at + kBytes > block.size()) return;
    if (!stands_at(block, at)) {  // another text with such an anchor, or a place in the last stretch
      ++at;
      continue;
    }
    const char* data = block.data();
    const void* before = memrchr(data, '\n', at);
    const void* behind = std::memchr(data + at, '\n', block.size() - at);
    const char* begin = before == nullptr ? data : static_cast<const char*>(before) + 1;
    const char* end = behind == nullptr ? data + block.size() : static_cast<const char*>(behind);
    found({begin, static_cast<std::size_t>(end - begin)});
    at = static_cast<std::size_t>(end - data) + 1;
  }
}

}  // namespace fix502
