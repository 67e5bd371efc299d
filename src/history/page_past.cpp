#include "history/page_past.hpp"

#include <algorithm>
#include <cmath>

#include "history/times.hpp"

namespace fix502 {
namespace {

constexpr int kMostRuns = 1'000;

void add_cause(Json& json, const Cause& cause) {
  json["fault"] = text_or_null(cause.fault);
  json["hop"] = text_or_null(cause.hop);
  json["side"] = text_or_null(cause.side);
  json["summary"] = text_or_null(cause.summary);
}

Json outage_json(const Outage& outage, WallTime now) {
  Json json = {{"began", utc_time(outage.began)},
               {"last_failed", utc_time(outage.last_failed)},
               {"ended", outage.ended ? Json(utc_time(*outage.ended)) : Json(nullptr)},
               {"end_seen", outage.end_seen},
               {"length_s", outage.length(now).count()},
               {"tries", outage.tries}};
  add_cause(json, outage.cause);
  json["provisional"] = is_provisional(outage.cause);
  return json;
}

Json run_json(const PastRun& run) {
  Json json = {{"started_at", utc_time(run.started)},
               {"duration_ms", run.duration.count()},
               {"outcome", run.outcome},
               {"confidence", std::round(run.confidence * 1000) / 1000}};
  add_cause(json, run.cause);
  return json;
}

Json past_json(const PagePast& past, WallTime now) {
  const PastTries tries = tries_of(past);
  Json json = {{"url", past.url}, {"tries", tries.all}, {"worked", tries.worked}};
  json["availability"] =
      tries.all == 0 ? Json(nullptr)
                     : Json(std::round(1e4 * static_cast<double>(tries.worked) / static_cast<double>(tries.all)) / 1e4);
  for (const char* name : {"outages", "diagnoses", "slots"}) json[name] = Json::array();
  for (const Outage& outage : past.outages) json["outages"].push_back(outage_json(outage, now));
  for (const PastRun& run : past.runs) json["diagnoses"].push_back(run_json(run));
  for (const Slot& slot : past.slots)
    json["slots"].push_back(
        {{"began", utc_time(slot.began)}, {"seconds", kSlot.count()}, {"tries", slot.tries}, {"worked", slot.worked}});
  return json;
}

}  // namespace

Result<std::vector<PagePast>> read_past(History& history, const std::string& url, WallTime since) {
  std::vector<std::string> urls = {url};
  if (url.empty()) {
    auto found = history.urls(since);
    if (!found) return std::unexpected(found.error());
    urls = std::move(*found);
  }
  std::vector<PagePast> all;
  for (const std::string& one : urls) {
    auto runs = history.runs(one, since, kMostRuns);
    auto outages = history.outages(one, since);
    auto slots = history.slots(one, since);
    if (!runs) return std::unexpected(runs.error());
    if (!outages) return std::unexpected(outages.error());
    if (!slots) return std::unexpected(slots.error());
    if (runs->empty() && outages->empty() && slots->empty()) continue;
    all.push_back({one, std::move(*runs), std::move(*outages), std::move(*slots)});
  }
  return all;
}

PastTries tries_of(const PagePast& past) {
  PastTries tries;
  for (const Slot& slot : past.slots) {
    tries.all += slot.tries;
    tries.worked += slot.worked;
  }
  return tries;
}

std::optional<std::chrono::seconds> median_length(const std::vector<Outage>& outages, WallTime now) {
  if (outages.empty()) return std::nullopt;
  std::vector<std::chrono::seconds> lengths;
  for (const Outage& outage : outages) lengths.push_back(outage.length(now));
  std::ranges::sort(lengths);
  return lengths[lengths.size() / 2];
}

bool is_provisional(const Cause& cause) {
  return !cause.fault.empty() && cause.side.empty();
}

Json history_json(const std::vector<PagePast>& pages, WallTime since, WallTime now) {
  Json json = {{"schema", "fix502.history/1"},
               {"version", FIX502_VERSION},
               {"since", utc_time(since)},
               {"until", utc_time(now)},
               {"pages", Json::array()}};
  for (const PagePast& page : pages) json["pages"].push_back(past_json(page, now));
  return json;
}

}  // namespace fix502
