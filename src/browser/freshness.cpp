#include "browser/freshness.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "signature/http_date.hpp"

namespace fix502 {
namespace {

constexpr int kFreshForEver[] = {300, 301, 308, 410};
constexpr int kGuessed[] = {200, 203, 206};
constexpr int kFirefoxNeedNotAsk[] = {200, 203, 204, 206, 300, 301, 302, 304, 307, 308, 410};
constexpr std::int64_t kFirefoxNever = 0xFFFFFFFF;
constexpr long kLongest = 2'147'483'648L;

template <std::size_t N>
bool is_one_of(int status, const int (&statuses)[N]) {
  return std::ranges::find(statuses, status) != std::end(statuses);
}

const std::string* field(const CacheEntry& entry, std::string_view name) {
  const auto found = std::ranges::find(entry.headers, name, &HeaderField::name);
  return found == entry.headers.end() ? nullptr : &found->value;
}

/// A member of a list-valued field, with what follows its "="; nothing where it is not there.
std::optional<std::string_view> member(const CacheEntry& entry, std::string_view name, std::string_view wanted) {
  for (const auto& line : entry.headers) {
    if (line.name != name) continue;
    for (const auto part : split(line.value, ',')) {
      const auto equals = std::min(part.find('='), part.size());
      if (equals_ignoring_case(trim(part.substr(0, equals)), wanted))
        return trim(part.substr(std::min(equals + 1, part.size())));
    }
  }
  return std::nullopt;
}

/// RFC 9111 1.2.2: digits only, and too large is as large as it gets.
std::optional<long> seconds_in(std::string_view text) {
  if (text.size() > 1 && text.starts_with('"') && text.ends_with('"')) text = text.substr(1, text.size() - 2);
  if (text.empty() || text.find_first_not_of("0123456789") != text.npos) return std::nullopt;
  long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc::result_out_of_range ? kLongest : std::min(value, kLongest);
}

std::optional<long> directive_seconds(const CacheEntry& entry, std::string_view name) {
  const auto text = member(entry, "cache-control", name);
  return text ? seconds_in(*text) : std::nullopt;
}

std::optional<WallTime> date(const CacheEntry& entry, std::string_view name) {
  const std::string* text = field(entry, name);
  return text == nullptr ? std::nullopt : parse_http_date(*text);
}

struct Lifetime {
  std::optional<long> seconds;  ///< nothing: for ever
  std::string why;
};

Lifetime chromium_lifetime(const CacheEntry& entry) {
  if (member(entry, "cache-control", "no-cache")) return {0, "Cache-Control: no-cache"};
  if (member(entry, "cache-control", "no-store")) return {0, "Cache-Control: no-store"};
  if (member(entry, "pragma", "no-cache")) return {0, "Pragma: no-cache"};
  if (const auto seconds = directive_seconds(entry, "max-age")) return {seconds, "Cache-Control: max-age"};
  const auto dated = date(entry, "date").or_else([&] { return entry.responded; });
  if (field(entry, "expires") != nullptr) {
    const auto expires = date(entry, "expires");
    return {expires && dated ? std::max<long>(0, (*expires - *dated).count()) : 0, "Expires"};
  }
  const bool must_ask = member(entry, "cache-control", "must-revalidate").has_value();
  const auto modified = date(entry, "last-modified");
  if (is_one_of(entry.status, kGuessed) && !must_ask && modified && dated && *modified <= *dated)
    return {(*dated - *modified).count() / 10, "a tenth of the time since Last-Modified"};
  if (is_one_of(entry.status, kFreshForEver)) return {std::nullopt, "the status alone"};
  return {0, "nothing says how long it is fresh"};
}

/// RFC 9111 4.2.3, as Chromium has it (GetCurrentAge).
long current_age(const CacheEntry& entry, WallTime now) {
  const WallTime responded = entry.responded.value_or(now);
  const WallTime requested = entry.requested.value_or(responded);
  const WallTime dated = date(entry, "date").value_or(responded);
  const std::string* age = field(entry, "age");
  const long apparent = std::max<long>(0, (responded - dated).count());
  const long told = (age == nullptr ? 0L : seconds_in(trim(*age)).value_or(0)) + (responded - requested).count();
  return std::max(apparent, told) + (now - responded).count();
}

/// What no browser shows by itself, whatever its freshness.
std::optional<Serving> never_served(const CacheEntry& entry) {
  if (entry.status == 0) return Serving{false, 0, "no answer is stored"};
  if (entry.incomplete) return Serving{false, 0, "only a part of it is stored"};
  if (member(entry, "vary", "*")) return Serving{false, 0, "Vary: *"};
  return std::nullopt;
}

}  // namespace

Serving chromium_serves(const CacheEntry& entry, WallTime now) {
  if (auto never = never_served(entry)) return *std::move(never);
  Lifetime life = chromium_lifetime(entry);
  if (!life.seconds) return {true, std::nullopt, std::move(life.why)};
  const long age = current_age(entry, now);
  const long left = *life.seconds - age;
  if (*life.seconds > 0 && left > 0) return {true, left, std::move(life.why)};
  // RFC 5861 3: shown once more, while a new one is fetched behind it.
  const auto more = directive_seconds(entry, "stale-while-revalidate");
  if (more && *life.seconds > 0 && left + *more > 0 && !member(entry, "cache-control", "must-revalidate"))
    return {true, left + *more, "Cache-Control: stale-while-revalidate"};
  return {false, 0, *life.seconds == 0 ? std::move(life.why) : "it is no longer fresh"};
}

Serving firefox_serves(const CacheEntry& entry, WallTime now) {
  if (auto never = never_served(entry)) return *std::move(never);
  if (!is_one_of(entry.status, kFirefoxNeedNotAsk)) return {false, 0, "Firefox asks again for a stored error"};
  if (member(entry, "cache-control", "no-cache")) return {false, 0, "Cache-Control: no-cache"};
  const std::int64_t until = entry.expires.value_or(0);
  if (until == kFirefoxNever) return {true, std::nullopt, "it never runs out"};
  const std::int64_t left = until - now.time_since_epoch().count();
  if (until == 0) return {false, 0, "nothing says how long it is fresh"};
  if (left <= 0) return {false, 0, "it is no longer fresh"};
  const bool told = member(entry, "cache-control", "max-age") || field(entry, "expires") != nullptr;
  return {true, static_cast<long>(left),
          member(entry, "cache-control", "max-age") ? "Cache-Control: max-age"
          : told                                    ? "Expires"
                                                    : "a tenth of the time since Last-Modified"};
}

}  // namespace fix502
