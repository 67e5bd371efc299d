#include "logs/quick_scan.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

namespace fix502 {
namespace {

constexpr std::size_t kBytes = 3;  // of an anchor

using Vector = unsigned char __attribute__((vector_size(32)));
using Mask = signed char __attribute__((vector_size(32)));
constexpr std::size_t kParts = 4;  // vectors in a stride
constexpr std::size_t kStride = kParts * sizeof(Vector);

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

[[gnu::always_inline]] inline bool is_empty(const Mask& mask) {
  std::array<std::uint64_t, sizeof(Mask) / sizeof(std::uint64_t)> words{};
  std::memcpy(words.data(), &mask, sizeof mask);
  return (words[0] | words[1] | words[2] | words[3]) == 0;
}

/// The first place from `from` on where `test` holds of a byte and the two behind it; where it does nowhere, the
/// beginning of a rest that is shorter than a stride. The vectors are the compiler's, so that one text serves every
/// kind of processor. Whether a mask is empty takes as long as making it: four are asked at a time.
template <typename Test>
[[gnu::always_inline]] inline std::size_t first_place(std::string_view block, std::size_t from, const Test& test) {
  const auto mask_at = [&](std::size_t at, Mask& found) __attribute__((always_inline)) {
    const char* data = block.data() + at;
    Vector first;
    Vector second;
    Vector third;
    std::memcpy(&first, data, sizeof first);
    std::memcpy(&second, data + 1, sizeof second);
    std::memcpy(&third, data + 2, sizeof third);
    test(first, second, third, found);
  };
  std::size_t at = from;
  for (; at + kStride + kBytes <= block.size(); at += kStride) {
    Mask any{};
    Mask found{};
    for (std::size_t part = 0; part < kParts; ++part) {
      mask_at(at + part * sizeof(Vector), found);
      any += found;  // each byte is 0 or -1, and a few of them do not come round to 0
    }
    if (is_empty(any)) continue;
    for (std::size_t part = 0; part < kParts; ++part) {
      mask_at(at + part * sizeof(Vector), found);
      const std::size_t place = first_set(found);
      if (place < sizeof(Mask)) return at + part * sizeof(Vector) + place;
    }
  }
  return at;
}

[[gnu::always_inline]] inline void spread(Vector& all, char c) {
  all = Vector{} + static_cast<unsigned char>(c);
}

/// What is looked for, by all that there is to look for: few enough bytes to stay in registers.
struct Wanted {
  bool access = false;
  std::array<char, 2> before_status{};
};

[[gnu::always_inline]] inline std::size_t first_wanted(std::string_view block, std::size_t from, const Wanted& wanted) {
  Vector blank, bracket, quote, colon, five, zero, r, t, e;
  spread(blank, ' ');
  spread(bracket, ']');
  spread(quote, '"');
  spread(colon, ':');
  spread(five, '5');
  spread(zero, '0');
  spread(r, 'r');
  spread(t, 't');
  spread(e, 'e');
  if (wanted.access) {
    Vector before, right_before;
    spread(before, wanted.before_status[0]);
    spread(right_before, wanted.before_status[1]);
    // A status, the ends of "[error" and "[crit", the beginning of "error" in JSON: two bytes do where they are rare.
    return first_place(
        block, from,
        [&](const Vector& first, const Vector& second, const Vector& third, Mask& found)
            __attribute__((always_inline)) {
              found = ((first == before) & (second == right_before) & ((third == five) | (third == zero))) |
                      (((first == r) | (first == t)) & (second == bracket)) | ((second == quote) & (third == e));
            });
  }
  Vector g, n, o;
  spread(g, 'g');
  spread(n, 'n');
  spread(o, 'o');
  // The end of each level from notice on, "too" of a client's too long line, an access log's status, a level in JSON.
  return first_place(block, from,
                     [&](const Vector& first, const Vector& second, const Vector& third, Mask& found)
                         __attribute__((always_inline)) {
                           found = (((first == r) | (first == t) | (first == g) | (first == n) | (first == e)) &
                                    (second == bracket) & (third == blank)) |
                                   ((first == t) & (second == o) & (third == o)) |
                                   ((first == quote) & (second == blank) & (third == five)) |
                                   ((first == colon) & (second == quote) & (third == e));
                         });
}

std::size_t first_anywhere(std::string_view block, std::size_t from, const Wanted& wanted) {
  return first_wanted(block, from, wanted);
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] std::size_t first_avx2(std::string_view block, std::size_t from, const Wanted& wanted) {
  return first_wanted(block, from, wanted);
}
#endif

using First = std::size_t (*)(std::string_view, std::size_t, const Wanted&);

First best_for_this_processor() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return first_avx2;
#endif
  return first_anywhere;
}

bool stands(std::string_view pattern, std::string_view text) {
  return text.size() >= pattern.size() &&
         std::equal(pattern.begin(), pattern.end(), text.begin(),
                    [](char wanted, char c) { return wanted == '#' ? c >= '0' && c <= '9' : wanted == c; });
}

}  // namespace

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
  scan.access_ = true;
  scan.before_status_ = {last[0], last[1]};
  // Behind the status: lines of an error log in the same file. Their anchors are what access logs hardly ever have.
  scan.patterns_ = {{last + "5##" + after, 0}, {last + "009" + after, 0}, {" [error] ", 6},
                    {":error] [pid", 5},       {" [crit] ", 5},           {"\"level\":\"error\"", 7}};
  return scan;
}

QuickScan QuickScan::of_nginx_errors() {
  QuickScan scan;
  scan.patterns_ = {{" [error] ", 6},
                    {" [crit] ", 5},
                    {" [alert] ", 6},
                    {" [emerg] ", 6},
                    {" [warn] ", 5},
                    {" [notice] ", 7},
                    {"sent too long ", 5},  // [info]: a client's header or line that is over a limit
                    // Lines of other logs in the same file.
                    {"\" 5## ", 0},
                    {":error] [pid", 5},
                    {"\"level\":\"error\"", 7}};
  return scan;
}

bool QuickScan::stands_at(std::string_view block, std::size_t anchor) const {
  return std::ranges::any_of(patterns_, [&](const Pattern& pattern) {
    return block[anchor] == pattern.text[pattern.anchor] && anchor >= pattern.anchor &&
           stands(pattern.text, block.substr(anchor - pattern.anchor));
  });
}

void QuickScan::scan(std::string_view block, const std::function<void(std::string_view line)>& found) const {
  static const First kFirst = best_for_this_processor();
  const Wanted wanted{access_, before_status_};
  std::size_t at = 0;
  while (at + kBytes <= block.size()) {
    at = kFirst(block, at, wanted);
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
