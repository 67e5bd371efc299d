// What is read back. The file may have been written by anybody, so every time and number is bounded.

#include <fmt/format.h>

#include <algorithm>

#include "history/history.hpp"

namespace fix502 {
namespace {

constexpr std::int64_t kLastSecond = 253'402'300'799;  // the end of the year 9999
constexpr int kMostUrls = 1'000;
constexpr int kMostOutages = 10'000;
constexpr int kMostCompared = 200;  // outages that say what is typical

WallTime time_of(const Row& row, int column) {
  return WallTime(std::chrono::seconds(std::clamp<std::int64_t>(row.number(column), 0, kLastSecond)));
}

std::int64_t count_of(const Row& row, int column) {
  return std::clamp<std::int64_t>(row.number(column), 0, 1'000'000'000);
}

constexpr const char* kOutage =
    "SELECT id, url, began, last_failed, ended, end_seen, tries, fault, hop, side, summary FROM outage ";

Outage outage_of(const Row& row) {
  Outage outage;
  outage.id = row.number(0);
  outage.url = row.text(1);
  outage.began = time_of(row, 2);
  outage.last_failed = std::max(time_of(row, 3), outage.began);
  if (!row.is_null(4)) outage.ended = std::max(time_of(row, 4), outage.began);
  outage.end_seen = outage.ended && row.number(5) != 0;
  outage.tries = count_of(row, 6);
  outage.cause = {row.text(7), row.text(8), row.text(9), row.text(10)};
  return outage;
}

constexpr const char* kRun =
    "SELECT url, started, duration_ms, outcome, fault, hop, side, summary, confidence FROM run ";

PastRun run_of(const Row& row) {
  PastRun run;
  run.url = row.text(0);
  run.started = time_of(row, 1);
  run.duration = std::chrono::milliseconds(count_of(row, 2));
  run.outcome = row.text(3);
  run.cause = {row.text(4), row.text(5), row.text(6), row.text(7)};
  const double confidence = row.real(8);
  run.confidence = confidence >= 0 && confidence <= 1 ? confidence : 0;
  return run;
}

}  // namespace

template <typename T>
Result<std::vector<T>> History::list(const std::string& statement, const std::vector<Value>& values,
                                     T (*one)(const Row& row)) {
  std::vector<T> found;
  auto read = attempt([&] {
    found.clear();
    return database_->run(statement.c_str(), values, [&](const Row& row) { found.push_back(one(row)); });
  });
  if (!read) return fail(read.error().what, path_);
  return found;
}

Result<std::optional<Outage>> History::open_outage(const std::string& url, WallTime now) {
  auto found =
      list(std::string(kOutage) + "WHERE url = ? AND ended IS NULL AND last_failed >= ? ORDER BY id DESC LIMIT 1",
           {url, unix_seconds(now - kOneOutage)}, outage_of);
  if (!found) return std::unexpected(found.error());
  return found->empty() ? std::nullopt : std::optional(std::move(found->front()));
}

Result<std::optional<PastRun>> History::last_run(const std::string& url) {
  auto found = runs(url, WallTime{}, 1);
  if (!found) return std::unexpected(found.error());
  return found->empty() ? std::nullopt : std::optional(std::move(found->front()));
}

Result<Typical> History::typical(const std::string& fault) {
  auto found = list(fmt::format("{}WHERE fault = ? AND ended IS NOT NULL AND end_seen <> 0 AND ended - last_failed <= "
                                "max({}, (ended - began) / 4) ORDER BY id DESC LIMIT {}",
                                kOutage, kEndKnown.count(), kMostCompared),
                    {fault}, outage_of);
  if (!found) return std::unexpected(found.error());
  std::vector<std::chrono::seconds> lengths;
  for (const Outage& outage : *found) lengths.push_back(*outage.ended - outage.began);
  if (lengths.empty()) return Typical{};
  const auto middle = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2);
  std::ranges::nth_element(lengths, middle);
  return Typical{static_cast<std::int64_t>(lengths.size()), *middle};
}

Result<std::vector<std::string>> History::urls(WallTime since) {
  return list<std::string>(
      fmt::format("SELECT url FROM (SELECT url, started AS seen FROM run UNION ALL SELECT url, last_failed FROM outage"
                  " UNION ALL SELECT url, slot * {} FROM slot) GROUP BY url HAVING max(seen) >= ?"
                  " ORDER BY max(seen) DESC LIMIT {}",
                  kSlot.count(), kMostUrls),
      {unix_seconds(since)}, [](const Row& row) { return row.text(0); });
}

Result<std::vector<PastRun>> History::runs(const std::string& url, WallTime since, int most) {
  return list(fmt::format("{}WHERE url = ? AND started >= ? ORDER BY started DESC, id DESC LIMIT {}", kRun, most),
              {url, unix_seconds(since)}, run_of);
}

Result<std::vector<Outage>> History::outages(const std::string& url, WallTime since) {
  return list(fmt::format("{}WHERE url = ? AND (ended IS NULL OR ended >= ?) ORDER BY began DESC, id DESC LIMIT {}",
                          kOutage, kMostOutages),
              {url, unix_seconds(since)}, outage_of);
}

Result<std::vector<Slot>> History::slots(const std::string& url, WallTime since) {
  return list<Slot>("SELECT slot, tries, worked FROM slot WHERE url = ? AND slot >= ? ORDER BY slot",
                    {url, unix_seconds(since) / kSlot.count()}, [](const Row& row) {
                      Slot slot;
                      const auto number = std::clamp<std::int64_t>(row.number(0), 0, kLastSecond / kSlot.count());
                      slot.began = WallTime(number * kSlot);
                      slot.tries = count_of(row, 1);
                      slot.worked = std::min(count_of(row, 2), slot.tries);
                      return slot;
                    });
}

}  // namespace fix502
