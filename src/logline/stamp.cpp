#include "logline/stamp.hpp"

#include <algorithm>
#include <array>

namespace fix502 {
namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Reads a text from its head; once something did not fit, nothing does.
class Head {
 public:
  explicit Head(std::string_view text) : text_(text) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t length() const { return at_; }
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }

  int digits(std::size_t least, std::size_t most) {
    int value = 0;
    std::size_t count = 0;
    while (count < most && is_digit(peek())) {
      value = value * 10 + (text_[at_++] - '0');
      ++count;
    }
    ok_ = ok_ && count >= least;
    return value;
  }

  void literal(char c) {
    ok_ = ok_ && peek() == c;
    if (ok_) ++at_;
  }

  bool take(char c) {
    if (!ok_ || peek() != c) return false;
    ++at_;
    return true;
  }

  template <std::size_t N>
  unsigned word(const std::array<std::string_view, N>& words) {
    const auto found = std::ranges::find(words, text_.substr(at_, 3));
    ok_ = ok_ && found != words.end();
    if (ok_) at_ += 3;
    return static_cast<unsigned>(found - words.begin()) + 1;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

struct Parts {
  int year = 1972;  // a leap year, for stamps that have none
  unsigned month = 0;
  int day = 0, hour = 0, minute = 0, second = 0;
};

std::optional<sys_seconds> clock_of(const Parts& p) {
  const year_month_day date{year(p.year), month(p.month), day(static_cast<unsigned>(p.day))};
  // 60 is a leap second.
  if (!date.ok() || p.hour > 23 || p.minute > 59 || p.second > 60) return std::nullopt;
  return sys_days(date) + hours(p.hour) + minutes(p.minute) + seconds(p.second);
}

void read_time(Head& head, Parts& parts) {
  parts.hour = head.digits(2, 2);
  head.literal(':');
  parts.minute = head.digits(2, 2);
  head.literal(':');
  parts.second = head.digits(2, 2);
}

std::int32_t fraction(Head& head) {
  if (head.peek() != '.' && head.peek() != ',') return 0;
  if (head.rest().size() < 2 || !is_digit(head.rest()[1])) return 0;
  Head digits(head.rest().substr(1));
  std::int32_t micros = 0;
  std::size_t count = 0;
  while (is_digit(digits.peek())) {
    const int digit = digits.digits(1, 1);
    if (count++ < 6) micros = micros * 10 + digit;
  }
  for (std::size_t i = count; i < 6; ++i) micros *= 10;
  head.take(head.peek());
  for (std::size_t i = 0; i < count; ++i) head.digits(1, 1);
  return micros;
}

/// "Z", "+0000", "+00:00", each perhaps behind a blank; nothing is taken where there is none.
std::optional<seconds> offset(Head& head) {
  std::string_view rest = head.rest();
  const std::size_t blank = rest.starts_with(' ') ? 1 : 0;
  rest.remove_prefix(blank);
  if (blank == 0 && rest.starts_with('Z')) {
    head.take('Z');
    return seconds(0);
  }
  if (!rest.starts_with('+') && !rest.starts_with('-')) return std::nullopt;
  Head probe(rest.substr(1));
  const int h = probe.digits(2, 2);
  probe.take(':');
  const int m = probe.digits(2, 2);
  if (!probe.ok() || h > 14 || m > 59) return std::nullopt;
  const seconds value = hours(h) + minutes(m);
  for (std::size_t i = 0; i < blank + 1 + probe.length(); ++i) head.take(head.peek());
  return rest.starts_with('-') ? -value : value;
}

std::optional<Stamp> finish(Head& head, const Parts& parts, std::int32_t micros, std::optional<seconds> zone) {
  const auto clock = head.ok() ? clock_of(parts) : std::nullopt;
  if (!clock) return std::nullopt;
  return Stamp{.clock = *clock - zone.value_or(seconds(0)),
               .micros = micros,
               .zoned = zone.has_value(),
               .length = head.length()};
}

/// 2026/11/22 04:54:03, 2026-11-22T04:54:03.123+00:00, 2026-11-22 04:54:03,123
std::optional<Stamp> year_first(std::string_view text) {
  Head head(text);
  Parts parts;
  parts.year = head.digits(4, 4);
  const char separator = head.peek();
  if (separator != '/' && separator != '-') return std::nullopt;
  head.literal(separator);
  parts.month = static_cast<unsigned>(head.digits(2, 2));
  head.literal(separator);
  parts.day = head.digits(2, 2);
  if (!head.take('T') && !head.take('\t')) head.literal(' ');
  read_time(head, parts);
  const std::int32_t micros = fraction(head);
  const auto zone = head.ok() ? offset(head) : std::nullopt;
  return finish(head, parts, micros, zone);
}

/// 22/Nov/2026:04:54:03 +0000, 22-Nov-2026 04:54:03
std::optional<Stamp> day_first(std::string_view text) {
  Head head(text);
  Parts parts;
  parts.day = head.digits(1, 2);
  const char separator = head.peek();
  if (separator != '/' && separator != '-') return std::nullopt;
  head.literal(separator);
  parts.month = head.word(kMonths);
  head.literal(separator);
  parts.year = head.digits(4, 4);
  head.literal(separator == '/' ? ':' : ' ');
  read_time(head, parts);
  const std::int32_t micros = fraction(head);
  const auto zone = head.ok() ? offset(head) : std::nullopt;
  return finish(head, parts, micros, zone);
}

/// Sun Nov 22 04:54:03.123456 2026, Nov 22 04:54:03
std::optional<Stamp> month_first(std::string_view text, bool weekday) {
  Head head(text);
  Parts parts;
  if (weekday) {
    head.word(kDays);
    head.literal(' ');
  }
  parts.month = head.word(kMonths);
  head.literal(' ');
  head.take(' ');
  parts.day = head.digits(1, 2);
  head.literal(' ');
  read_time(head, parts);
  const std::int32_t micros = fraction(head);
  if (weekday) {
    head.literal(' ');
    parts.year = head.digits(4, 4);
  }
  auto stamp = finish(head, parts, micros, std::nullopt);
  if (stamp) stamp->has_year = weekday;
  return stamp;
}

/// 1795323663.41; without a point in seconds, milli-, micro- or nanoseconds by its length.
std::optional<Stamp> epoch(std::string_view text) {
  std::size_t length = 0;
  std::uint64_t value = 0;  // 19 digits may be more than an int64 holds
  while (length < text.size() && length < 19 && is_digit(text[length]))
    value = value * 10 + static_cast<unsigned>(text[length++] - '0');
  std::uint64_t per_second = 1;
  for (std::size_t i = 10; i < length; ++i) per_second *= 10;
  if (length != 10 && length != 13 && length != 16 && length != 19) return std::nullopt;
  if (length < text.size() && is_digit(text[length])) return std::nullopt;
  Stamp stamp{
      .clock = sys_seconds(seconds(static_cast<std::int64_t>(value / per_second))), .zoned = true, .length = length};
  stamp.micros = static_cast<std::int32_t>(value % per_second * 1'000'000 / per_second);
  if (length == 10) {
    Head rest(text.substr(length));
    stamp.micros = fraction(rest);
    stamp.length += rest.length();
  }
  return stamp;
}

/// 20261122.04h54m03s
std::optional<Stamp> traffic_server(std::string_view text) {
  Head head(text);
  Parts parts;
  parts.year = head.digits(4, 4);
  parts.month = static_cast<unsigned>(head.digits(2, 2));
  parts.day = head.digits(2, 2);
  head.literal('.');
  parts.hour = head.digits(2, 2);
  head.literal('h');
  parts.minute = head.digits(2, 2);
  head.literal('m');
  parts.second = head.digits(2, 2);
  head.literal('s');
  return finish(head, parts, 0, std::nullopt);
}

}  // namespace

std::optional<Stamp> parse_stamp(std::string_view text) {
  if (text.size() < 10) return std::nullopt;
  if (!is_digit(text[0]))
    return month_first(text, text[3] == ' ' && std::ranges::find(kDays, text.substr(0, 3)) != kDays.end());
  if (text[4] == '/' || text[4] == '-') return year_first(text);
  if (!is_digit(text[1]) || !is_digit(text[2])) return day_first(text);
  if (text[8] == '.' && text.size() > 17) return traffic_server(text);
  return epoch(text);
}

WallTime moment_of(const Stamp& stamp, const Zone& zone, WallTime near) {
  if (stamp.has_year) return stamp.zoned ? stamp.clock : zone.to_utc(stamp.clock);
  const year_month_day date(floor<days>(stamp.clock));
  const auto time = stamp.clock - floor<days>(stamp.clock);
  const int around = static_cast<int>(year_month_day(floor<days>(near)).year());
  WallTime best{};
  for (int y = around - 1; y <= around + 1; ++y) {
    const year_month_day candidate{year(y), date.month(), date.day()};
    if (!candidate.ok()) continue;
    const WallTime moment = zone.to_utc(sys_days(candidate) + time);
    if (best == WallTime{} || abs(moment - near) < abs(best - near)) best = moment;
  }
  return best;
}

const LogMoment* StampMemo::find(std::string_view text) const {
  if (length_ == 0 || !text.starts_with(std::string_view(text_.data(), length_))) return nullptr;
  // What follows must not belong to the stamp: a fraction, a zone.
  text.remove_prefix(length_);
  const bool ends =
      text.empty() || text[0] == ']' || (text.size() > 1 && text[0] == ' ' && text[1] != '+' && text[1] != '-');
  return ends ? &moment_ : nullptr;
}

void StampMemo::keep(std::string_view stamp, const LogMoment& moment) {
  length_ = stamp.size() <= text_.size() ? stamp.size() : 0;
  std::copy_n(stamp.begin(), length_, text_.begin());
  moment_ = moment;
}

std::optional<LogMoment> read_moment(std::string_view text, const Clock& clock) {
  if (clock.memo != nullptr)
    if (const LogMoment* same = clock.memo->find(text)) return *same;
  const auto stamp = parse_stamp(text);
  if (!stamp) return std::nullopt;
  const LogMoment moment{moment_of(*stamp, clock.zone, clock.near), stamp->micros, stamp->length};
  if (clock.memo != nullptr) clock.memo->keep(text.substr(0, stamp->length), moment);
  return moment;
}

}  // namespace fix502
