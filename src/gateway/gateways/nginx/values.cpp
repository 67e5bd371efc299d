#include "gateway/gateways/nginx/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <span>

#include "gateway/version.hpp"

namespace fix502::nginx {
namespace {

constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

struct Unit {
  std::string_view word;
  std::int64_t scale;
};
constexpr auto kTimes = std::to_array<Unit>({{"y", 31'536'000'000},
                                             {"M", 2'592'000'000},
                                             {"w", 604'800'000},
                                             {"d", 86'400'000},
                                             {"h", 3'600'000},
                                             {"m", 60'000},
                                             {"s", 1000},
                                             {"ms", 1}});
constexpr auto kSizes = std::to_array<Unit>({{"g", 1 << 30}, {"m", 1 << 20}, {"k", 1 << 10}});

std::string in_units(std::int64_t amount, std::span<const Unit> units, std::string_view like, bool keep_case) {
  const auto letters = like.find_first_not_of("0123456789");
  const auto unit = letters == std::string_view::npos ? std::string_view() : like.substr(letters);
  for (const auto& row : units) {
    const bool same = row.word == unit || (keep_case && unit.size() == 1 && (unit[0] | 0x20) == row.word[0]);
    if (same && amount % row.scale == 0) return fmt::format("{}{}", amount / row.scale, unit);
  }
  return {};
}

constexpr std::array<std::uint32_t, 8> kEscapedUri = {0xffffffff, 0xd000002d, 0x50000000, 0xb8000001,
                                                      0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff};
constexpr std::array<std::uint32_t, 8> kEscapedArgs = {0xffffffff, 0xd800086d, 0x50000000, 0xb8000001,
                                                       0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff};

std::string escape(std::string_view text, const std::array<std::uint32_t, 8>& table) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((table[byte >> 5] >> (byte & 31) & 1U) != 0)
      out += fmt::format("%{:02X}", byte);
    else
      out += c;
  }
  return out;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char low = static_cast<char>(c | 0x20);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/// Ends a segment of a path: "." goes, ".." takes the one before with it. False: above the root.
bool end_segment(std::string& path) {
  const auto slash = path.rfind('/');
  const auto segment = std::string_view(path).substr(slash + 1);
  if (segment == ".") {
    path.resize(slash + 1);
  } else if (segment == "..") {
    if (slash == 0) return false;
    path.resize(path.rfind('/', slash - 1) + 1);
  } else {
    return true;
  }
  return true;
}

}  // namespace

std::optional<std::int64_t> parse_count(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_size(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const char unit = static_cast<char>(text.back() | 0x20);
  std::int64_t scale = 1;
  if (unit == 'k' || unit == 'm' || unit == 'g') {
    scale = std::ranges::find(kSizes, std::string_view(&unit, 1), &Unit::word)->scale;
    text.remove_suffix(1);
  }
  const auto count = parse_count(text);
  if (!count || *count > kLargest / scale) return std::nullopt;
  return *count * scale;
}

std::optional<std::int64_t> parse_time(std::string_view text) {
  std::int64_t total = 0;
  std::size_t step = 0;  // units must come in falling order, each once
  bool any = false;
  while (!text.empty()) {
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto count = parse_count(text.substr(0, digits));
    if (!count) return std::nullopt;
    any = true;
    text.remove_prefix(digits);
    std::size_t unit = 6;  // a bare number is of seconds
    if (!text.empty() && text.front() != ' ') {
      unit = text.starts_with("ms") ? 7 : kTimes.size();
      for (std::size_t i = 0; i < 7 && unit == kTimes.size(); ++i)
        if (text.front() == kTimes[i].word[0]) unit = i;
      // No setting of milliseconds takes years or months.
      if (unit == kTimes.size() || unit < step || unit < 2) return std::nullopt;
      text.remove_prefix(kTimes[unit].word.size());
    } else if (unit < step) {
      return std::nullopt;
    }
    if (*count > (kLargest - total) / kTimes[unit].scale) return std::nullopt;
    total += *count * kTimes[unit].scale;
    step = unit + 1;
    while (text.starts_with(' ')) text.remove_prefix(1);
  }
  return any ? std::optional(total) : std::nullopt;
}

std::string size_text(std::int64_t bytes, std::string_view like) {
  // Rounded up: a size that is a little larger does no harm, one in bytes is hard to read.
  if (const bool mega = like.ends_with('m') || like.ends_with('M'); mega && bytes > 1 << 20)
    bytes = (bytes + (1 << 20) - 1) / (1 << 20) * (1 << 20);
  if (auto same = in_units(bytes, kSizes, like, true); !same.empty()) return same;
  if (bytes < 1024) return fmt::format("{}", bytes);
  if (bytes >= 1 << 20 && bytes % (1 << 20) == 0) return fmt::format("{}m", bytes >> 20);
  return fmt::format("{}k", (bytes + 1023) / 1024);
}

std::string time_text(std::int64_t ms, std::string_view like) {
  if (auto same = in_units(ms, kTimes, like, false); !same.empty()) return same;
  if (ms % 1000 != 0) return fmt::format("{}ms", ms);
  const bool bare = !like.empty() && like.find_first_not_of("0123456789") == std::string_view::npos;
  return fmt::format("{}{}", ms / 1000, bare ? "" : "s");
}

bool at_least(std::string_view version, std::string_view wanted) {
  return fix502::at_least(version.empty() ? "1.22.0" : version, wanted);
}

std::string escape_uri(std::string_view text) {
  return escape(text, kEscapedUri);
}
std::string escape_args(std::string_view text) {
  return escape(text, kEscapedArgs);
}

std::optional<Uri> parse_uri(std::string_view target, bool merge_slashes) {
  Uri uri;
  if (!target.starts_with('/')) return std::nullopt;
  uri.path = "/";
  std::size_t i = 1;
  for (; i < target.size(); ++i) {
    char byte = target[i];
    if (byte == '?' || byte == '#') break;
    bool literal = false;
    if (byte == '%') {
      const int high = i + 2 < target.size() ? hex_digit(target[i + 1]) : -1;
      const int low = i + 2 < target.size() ? hex_digit(target[i + 2]) : -1;
      if (high < 0 || low < 0) return std::nullopt;
      byte = static_cast<char>(high * 16 + low);
      if (byte == '\0') return std::nullopt;
      literal = byte == '%' || byte == '#' || byte == '?';
      uri.quoted = true;
      i += 2;
    }
    uri.plus = uri.plus || byte == '+';
    if (byte != '/' || literal) {
      uri.path += byte;
      continue;
    }
    const auto before = uri.path.size();
    if (!end_segment(uri.path)) return std::nullopt;
    if (uri.path.size() < before) continue;  // what was taken away left its slash
    if (!uri.path.ends_with('/') || !merge_slashes) uri.path += '/';
  }
  if (!end_segment(uri.path)) return std::nullopt;
  if (i < target.size() && target[i] == '?') {
    const auto args = target.substr(i + 1);
    uri.args = args.substr(0, args.find('#'));
  }
  return uri;
}

}  // namespace fix502::nginx
