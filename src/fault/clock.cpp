#include "fault/clock.hpp"

#include <algorithm>

#include "signature/signature.hpp"

namespace fix502 {
namespace {

struct Reading {
  long ahead = 0;
  std::string id;
};

/// Stored answers carry the date at which they were made; their age is added back.
std::optional<long> ahead_of(const HttpExchange& http) {
  if (!http.date || !http.local) return std::nullopt;
  const long age = read_cache(http).age_seconds.value_or(0);
  return static_cast<long>((*http.local - *http.date).count()) - age;
}

std::optional<ClockReading> median(std::vector<Reading> readings, bool independent) {
  if (readings.empty()) return std::nullopt;
  std::ranges::sort(readings, {}, &Reading::ahead);
  ClockReading reading;
  reading.ahead_seconds = readings[readings.size() / 2].ahead;
  reading.independent = independent;
  for (const auto& one : readings)
    if (reading.cites.size() < 3) reading.cites.push_back(one.id);
  return reading;
}

}  // namespace

bool good_at_right_time(const Evidence& evidence, const HttpExchange& error, const ClockReading& clock) {
  std::optional<WallTime> local = error.local;
  for (const auto& seen : evidence.observations)
    if (const auto* http = seen.as<HttpExchange>(); !local && http != nullptr) local = http->local;
  if (!local || error.chain.empty()) return false;
  const WallTime right = *local - std::chrono::seconds(clock.ahead_seconds);
  return std::ranges::all_of(error.chain, [&](const Certificate& one) {
    return (!one.not_before || *one.not_before <= right) && (!one.not_after || right <= *one.not_after);
  });
}

std::optional<ClockReading> read_clock(const Evidence& evidence) {
  std::vector<Reading> others;
  std::vector<Reading> site;
  for (const auto& seen : evidence.observations) {
    const auto* http = seen.as<HttpExchange>();
    if (http == nullptr) continue;
    if (const auto ahead = ahead_of(*http))
      (seen.experiment == "connectivity" ? others : site).push_back({*ahead, seen.id});
  }
  if (auto reading = median(std::move(others), true)) return reading;
  return median(std::move(site), false);
}

}  // namespace fix502
