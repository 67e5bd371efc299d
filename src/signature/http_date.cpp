#include "signature/http_date.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"

namespace fix502 {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || text.size() > 4 || error != std::errc{} || end != text.data() + text.size() || value < 0)
    return {};
  return value;
}

std::optional<unsigned> month(std::string_view text) {
  const auto found = std::ranges::find(kMonths, text);
  if (found == kMonths.end()) return {};
  return static_cast<unsigned>(found - kMonths.begin()) + 1;
}

std::optional<std::chrono::seconds> time_of_day(std::string_view text) {
  const auto parts = split(text, ':');
  if (text.size() != 8 || parts.size() != 3) return {};
  const auto hour = number(parts[0]);
  const auto minute = number(parts[1]);
  const auto second = number(parts[2]);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return {};
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
}

std::optional<WallTime> moment(std::string_view day, std::string_view month_name, std::string_view year,
                               std::string_view time) {
  const auto day_number = number(day);
  const auto month_number = month(month_name);
  auto year_number = number(year);
  const auto seconds = time_of_day(time);
  if (!day_number || !month_number || !year_number || !seconds) return {};
  // RFC 9110 5.6.7 has two digits read as the nearest past or future; the form is older than 1995.
  if (year.size() == 2) *year_number += *year_number < 70 ? 2000 : 1900;
  const std::chrono::year_month_day date{std::chrono::year(*year_number), std::chrono::month(*month_number),
                                         std::chrono::day(static_cast<unsigned>(*day_number))};
  if (!date.ok()) return {};
  return std::chrono::sys_days(date) + *seconds;
}

}  // namespace

std::optional<WallTime> parse_http_date(std::string_view text) {
  if (text.size() > 64) return {};
  const auto parts = words(text);
  if (parts.size() == 6 && parts[5] == "GMT") return moment(parts[1], parts[2], parts[3], parts[4]);
  if (parts.size() == 5) return moment(parts[2], parts[1], parts[4], parts[3]);  // asctime
  if (parts.size() == 4 && parts[3] == "GMT") {                                  // RFC 850
    const auto date = split(parts[1], '-');
    return date.size() == 3 ? moment(date[0], date[1], date[2], parts[2]) : std::nullopt;
  }
  return {};
}

}  // namespace fix502
