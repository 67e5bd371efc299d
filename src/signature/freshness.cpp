// What a browser would do with an answer later: keep it and serve it again without asking, or ask again after a while.
// Chromium decides the first (net/http/http_response_headers.cc, GetFreshnessLifetimes); Firefox always asks again for
// a stored 5xx.

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "signature/http_date.hpp"
#include "signature/signature.hpp"

namespace fix502 {
namespace {

constexpr long kDay = 24L * 60 * 60;
constexpr int kFreshForEver[] = {300, 301, 308, 410};
constexpr int kGuessed[] = {200, 203, 206};

/// The argument of a Cache-Control directive (RFC 9111 5.2); empty where it has none, nothing where it is not there.
std::optional<std::string_view> directive(const HttpExchange& exchange, std::string_view name) {
  for (const auto& field : exchange.headers) {
    if (field.name != "cache-control") continue;
    for (const auto part : split(field.value, ',')) {
      const auto equals = std::min(part.find('='), part.size());
      if (!equals_ignoring_case(trim(part.substr(0, equals)), name)) continue;
      auto argument = trim(part.substr(std::min(equals + 1, part.size())));
      if (argument.starts_with('"') && argument.ends_with('"') && argument.size() > 1)
        argument = argument.substr(1, argument.size() - 2);
      return argument;
    }
  }
  return {};
}

/// RFC 9111 1.2.2: digits only; too large is as large as it gets.
std::optional<long> delta_seconds(std::string_view text) {
  long value = 0;
  if (text.empty() || text.find_first_not_of("0123456789") != text.npos) return {};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc::result_out_of_range ? 2'147'483'648L : std::min(value, 2'147'483'648L);
}

std::optional<WallTime> date_field(const HttpExchange& exchange, std::string_view name) {
  const std::string* value = exchange.header(name);
  return value == nullptr ? std::nullopt : parse_http_date(*value);
}

std::optional<WallTime> date_of(const HttpExchange& exchange) {
  if (exchange.date) return exchange.date;
  const auto written = date_field(exchange, "date");
  return written ? written : exchange.local;
}

struct Lifetime {
  std::optional<long> seconds;  ///< nothing: for ever
  std::string why;
};

Lifetime lifetime(const HttpExchange& exchange) {
  if (const auto value = directive(exchange, "max-age"))
    if (const auto seconds = delta_seconds(*value)) return {seconds, "Cache-Control: max-age"};
  const auto date = date_of(exchange);
  if (exchange.header("expires") != nullptr) {
    const auto expires = date_field(exchange, "expires");
    // RFC 9111 5.3: an invalid date is one in the past.
    const long seconds = expires && date ? std::max<long>(0, (*expires - *date).count()) : 0;
    return {seconds, "Expires"};
  }
  const int status = exchange.status.value_or(0);
  const auto modified = date_field(exchange, "last-modified");
  if (std::ranges::find(kGuessed, status) != std::end(kGuessed) && modified && date && *modified <= *date &&
      !directive(exchange, "must-revalidate"))
    return {(*date - *modified).count() / 10, "a tenth of the time since Last-Modified"};
  if (std::ranges::find(kFreshForEver, status) != std::end(kFreshForEver)) return {std::nullopt, "the status alone"};
  return {0, "nothing says how long it is fresh"};
}

/// RFC 9111 4.2.3 at the moment of arrival.
long age_on_arrival(const HttpExchange& exchange) {
  const auto date = date_of(exchange);
  const long apparent = date && exchange.local ? std::max<long>(0, (*exchange.local - *date).count()) : 0;
  return std::max(apparent, read_cache(exchange).age_seconds.value_or(0));
}

}  // namespace

Storable browser_would_store(const HttpExchange& exchange) {
  if (!exchange.status || exchange.failure != Failure::none) return {false, {}, "there is no whole answer"};
  if (exchange.method != "GET") return {false, {}, "only answers to GET are kept"};
  if (directive(exchange, "no-store")) return {false, {}, "Cache-Control: no-store"};
  if (directive(exchange, "no-cache")) return {false, {}, "Cache-Control: no-cache"};
  if (exchange.has_header("pragma", "no-cache")) return {false, {}, "Pragma: no-cache"};
  if (exchange.has_header("vary", "*")) return {false, {}, "Vary: *"};
  const Lifetime fresh = lifetime(exchange);
  if (!fresh.seconds) return {true, {}, fresh.why};
  const long left = *fresh.seconds - age_on_arrival(exchange);
  if (left <= 0) return {false, 0, fresh.why};
  return {true, left, fresh.why};
}

std::optional<long> retry_after(const HttpExchange& exchange) {
  const std::string* value = exchange.header("retry-after");
  if (value == nullptr) return {};
  if (const auto seconds = delta_seconds(trim(*value))) return std::min(*seconds, kDay);
  const auto then = parse_http_date(*value);
  const auto now = date_of(exchange);
  if (!then || !now) return {};
  return std::clamp<long>((*then - *now).count(), 0, kDay);
}

}  // namespace fix502
