#include "history/times.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <optional>
#include <vector>

#include "base/text.hpp"

namespace fix502 {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::days kLongestAgo{3'650};

std::string local(WallTime when, const char* format) {
  const std::time_t seconds = when.time_since_epoch().count();
  std::tm parts{};
  char text[64] = {};
  if (localtime_r(&seconds, &parts) == nullptr) return {};
  return {text, std::strftime(text, sizeof text, format, &parts)};
}

/// Digits exactly as wide as the pattern's zeros; every other character as it stands.
std::optional<std::vector<int>> numbers_in(std::string_view text, std::string_view pattern) {
  if (text.size() != pattern.size()) return std::nullopt;
  std::vector<int> numbers;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (pattern[i] != '0') {
      if (text[i] != pattern[i]) return std::nullopt;
      continue;
    }
    if (!digit) return std::nullopt;
    if (i == 0 || pattern[i - 1] != '0') numbers.push_back(0);
    numbers.back() = numbers.back() * 10 + (text[i] - '0');
  }
  return numbers;
}

std::optional<WallTime> moment(std::string_view text) {
  const bool utc = text.ends_with('Z');
  if (utc) text.remove_suffix(1);
  std::string spaced(text);
  if (spaced.size() > 10 && spaced[10] == 'T') spaced[10] = ' ';
  std::optional<std::vector<int>> found;
  for (const char* pattern : {"0000-00-00", "0000-00-00 00:00", "0000-00-00 00:00:00"})
    if (!found) found = numbers_in(spaced, pattern);
  if (!found) return std::nullopt;
  found->resize(6);
  const auto& n = *found;
  const std::chrono::year_month_day day{std::chrono::year(n[0]), std::chrono::month(static_cast<unsigned>(n[1])),
                                        std::chrono::day(static_cast<unsigned>(n[2]))};
  if (!day.ok() || n[0] < 1970 || n[3] > 23 || n[4] > 59 || n[5] > 59) return std::nullopt;
  if (utc)
    return std::chrono::sys_days(day) + std::chrono::hours(n[3]) + std::chrono::minutes(n[4]) +
           std::chrono::seconds(n[5]);
  std::tm parts{};
  parts.tm_year = n[0] - 1900;
  parts.tm_mon = n[1] - 1;
  parts.tm_mday = n[2];
  parts.tm_hour = n[3];
  parts.tm_min = n[4];
  parts.tm_sec = n[5];
  parts.tm_isdst = -1;
  return WallTime(std::chrono::seconds(std::mktime(&parts)));
}

std::optional<std::chrono::seconds> ago(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  std::int64_t count = 0;
  const std::string digits(text.substr(0, text.size() - 1));
  const char* end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, count);
  if (error != std::errc{} || stopped != end || count < 0 || count > 100'000'000) return std::nullopt;
  switch (text.back()) {
    case 's':
      return count * 1s;
    case 'm':
      return count * 60s;
    case 'h':
      return count * 3'600s;
    case 'd':
      return count * 86'400s;
    case 'w':
      return count * 604'800s;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::string length_text(std::chrono::seconds length) {
  const auto seconds = std::max<std::int64_t>(length.count(), 0);
  if (seconds < 100) return fmt::format("{} s", seconds);
  const auto minutes = (seconds + 30) / 60;
  if (minutes < 100) return fmt::format("{} min", minutes);
  if (minutes < 48 * 60) return fmt::format("{} h {} min", minutes / 60, minutes % 60);
  return fmt::format("{} days", (minutes + 720) / 1'440);
}

std::string local_time(WallTime when) {
  return local(when, "%Y-%m-%d %H:%M");
}

std::string local_clock(WallTime when) {
  return local(when, "%H:%M:%S");
}

std::string utc_time(WallTime when) {
  const auto day = std::chrono::floor<std::chrono::days>(when);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(when - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

Result<WallTime> parse_since(std::string_view text, WallTime now) {
  if (const auto past = ago(text)) return now - std::min<std::chrono::seconds>(*past, kLongestAgo);
  if (const auto when = moment(text)) return *when;
  return fail("--since takes 90m, 6h, 7d, 2w, 2026-11-01 or 2026-11-01T10:00Z, not", printable(text, 40));
}

}  // namespace fix502
